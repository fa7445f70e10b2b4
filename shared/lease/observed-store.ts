/**
 * A lease store that keeps records and has no clock of its own: each member judges time by what it has seen change
 * (docs/adr/0010-lease-time-with-etcd.md). The rules are those of store.ts; this gives them their state.
 *
 * Why two members never hold at once: a grant or renewal writes a beat, and a grant is written only if record and beat
 * are still what the taker has seen, the beat unchanged for T + δ on its own clock. The last renewal was sent before it was written,
 * written before it was seen, and the holder counts from its sending. So no clock but those two is in the proof, and
 * a restart, an election or a late read of the store can only lengthen the wait.
 */
import { freshPolicy, restorePolicy } from './store-policy.ts';
import type { StoreRecord, StoreState } from './store.ts';
import { clockDriftBound } from './timing.ts';

/** What one answer of the store shows. Revisions grow with every change, as the store counts them. */
export interface FoundRecord {
  readonly record: StoreRecord;
  /** Names this writing of the record. */
  readonly writeId: string;
  readonly recordRevision: number;
  /** 0: there is no beat. */
  readonly beatRevision: number;
  /** How old the record was, by the holder's clock, when it wrote the beat; 0: not known. */
  readonly recordAgeMs: number;
}

export interface Observation extends FoundRecord {
  /** When this beat was seen first. Every grant and renewal writes one, so the last of them was sent before. */
  readonly seenMs: number;
  /** When this record was seen first. */
  readonly recordSeenMs: number;
  /** The latest instant at which this record may have been written. */
  readonly writtenMs: number;
  /** When the beat was seen to change; null: not since the first look. */
  readonly beatMs: number | null;
}

/** Takes in what an answer that arrived at `nowMs` shows. An answer that is older than the last one changes nothing. */
export function observe(before: Observation | null, found: FoundRecord, nowMs: number): Observation {
  if (before === null || before.record.storeId !== found.record.storeId) return firstSight(found, nowMs);
  if (found.recordRevision < before.recordRevision) return before;
  const sameRecord = found.recordRevision === before.recordRevision;
  const sameBeat = found.beatRevision === before.beatRevision;
  const older = found.beatRevision !== 0 && found.beatRevision < before.beatRevision;
  if (sameRecord && (sameBeat || older)) return before;
  return {
    ...found,
    seenMs: sameBeat ? before.seenMs : nowMs,
    recordSeenMs: sameRecord ? before.recordSeenMs : nowMs,
    writtenMs: sameRecord ? before.writtenMs : nowMs - found.recordAgeMs,
    beatMs: sameBeat ? before.beatMs : nowMs,
  };
}

function firstSight(found: FoundRecord, nowMs: number): Observation {
  const writtenMs = nowMs - found.recordAgeMs;
  return { ...found, seenMs: nowMs, recordSeenMs: nowMs, writtenMs, beatMs: null };
}

/**
 * The state that the store's rules work on, as this member may assume it: every lease is live until T + δ after the
 * last beat that it has seen.
 *
 * @param T this member's own lease length; a longer one on record still counts
 */
export function observedState(seen: Observation, T: number, failoversPerHour?: number): StoreState {
  const { record, seenMs, writtenMs, recordSeenMs } = seen;
  const longest = Math.max(record.T, T);
  const nobody = record.holder === null && !record.untouched;
  return {
    record: { ...record, T: longest },
    liveUntilMs: nobody ? writtenMs : seenMs + termMs(longest),
    reservedUntilMs: record.reservedFor === null ? writtenMs : writtenMs + termMs(longest),
    renewedAtMs: record.holder === null ? null : seen.beatMs,
    configuredT: T,
    longerUntilMs: recordSeenMs + termMs(longest),
    policy: restorePolicy(record.policy ?? freshPolicy, writtenMs, failoversPerHour),
  };
}

function termMs(T: number): number {
  return Math.round((T + clockDriftBound(T)) * 1000);
}
