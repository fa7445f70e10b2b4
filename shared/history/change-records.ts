import type { JournalRecord } from '../agent-api/journal-record.ts';
import { byRule } from '../fleet/last-change.ts';

/** Marks in `verdict` of the records by which a member tells that its peer fell silent, and that it answers again. */
export const peerSilentMark = 'peer-silent';
export const peerHeardMark = 'peer-heard';

/** The records of one change, with what they say of its course. Instants are wall milliseconds. */
export interface ChangeRecords {
  readonly cluster: string;
  /** Who gave the cluster up in order; null: nobody did, it was taken over. */
  readonly giver: string | null;
  /** Null: nobody has got the lease. */
  readonly taker: string | null;
  readonly askedBy: string | null;
  /** No Active from here on: its engine is stopped, or it gave its last sign of life. */
  readonly beganMs: number;
  /** When the balancer was sent to the taker; null: not told. */
  readonly activeAgainMs: number | null;
  /** The last sign of life of the one before, as the taker saw it; null: not told. */
  readonly lastSign: JournalRecord | null;
  readonly end: JournalRecord | null;
  /** Steps that were done, in order. */
  readonly steps: readonly JournalRecord[];
  /** Everything that both members wrote meanwhile, in order. */
  readonly around: readonly JournalRecord[];
  readonly atMs: (record: JournalRecord) => number;
}

/** How far before its beginning a story looks for what led to it. */
const leadMs = 1_000;

export function changeRecords(records: readonly JournalRecord[], operation: string): ChangeRecords | null {
  const own = records.filter((record) => record.operation === operation);
  const [first] = own;
  if (first === undefined || !own.some(({ kind }) => kind === 'step')) return null;
  const ofCluster = records.filter(({ cluster }) => cluster === first.cluster);
  const atMs = clockOf(own);
  const steps = own
    .filter(({ kind, result }) => kind === 'step' && result === 'ok')
    .sort((one, other) => atMs(one) - atMs(other));
  const stepOf = (kind: string) => steps.find(({ step }) => step === kind);
  const acquire = stepOf('acquire');
  const given = stepOf('stop-engine') ?? stepOf('kill-engine');
  const opened = steps.findLast(({ step }) => step === 'open-active');
  const commands = own.filter(({ kind }) => kind === 'command').sort((one, other) => atMs(one) - atMs(other));
  const lastSign = given || !acquire ? null : silenceBefore(ofCluster, acquire, atMs);
  const begin = given ?? lastSign ?? decisionBefore(ofCluster, acquire, atMs) ?? steps[0] ?? first;
  const beganMs = atMs(begin) - (begin.tookMs ?? 0);
  const end = commands.findLast(({ sentence }) => !isRequest(sentence)) ?? null;
  const lastMs = Math.max(...own.map(atMs));
  const from = Math.min(beganMs, ...own.map(atMs)) - leadMs;
  return {
    cluster: first.cluster,
    giver: given?.server ?? null,
    taker: acquire?.server ?? null,
    askedBy: personOf(commands),
    beganMs,
    activeAgainMs: opened ? atMs(opened) : null,
    lastSign,
    end,
    steps,
    around: ofCluster
      .filter((record) => atMs(record) >= from && atMs(record) <= lastMs)
      .sort((one, other) => atMs(one) - atMs(other) || one.seq - other.seq),
    atMs,
  };
}

/** A command as it was asked for, not as it ended. */
export function isRequest(sentence: string): boolean {
  return /\basked for a\b/.test(sentence);
}

/**
 * Each server's boot-time clock, set to its wall clock once: durations then do not follow a wall clock that jumps.
 * Records of another boot have their wall time only.
 */
function clockOf(own: readonly JournalRecord[]): (record: JournalRecord) => number {
  const offsets = new Map<string, number>();
  for (const { server, wallTime, bootMs } of own) {
    if (!offsets.has(server)) offsets.set(server, Date.parse(wallTime) - bootMs);
  }
  return ({ server, wallTime, bootMs }) => {
    const wall = Date.parse(wallTime);
    const offset = offsets.get(server);
    // More than any clock is corrected by at once: the server was booted in between.
    return offset === undefined || Math.abs(wall - bootMs - offset) > 10_000 ? wall : bootMs + offset;
  };
}

/** The last time that the taker missed its peer, unless it heard it again before. */
function silenceBefore(
  records: readonly JournalRecord[],
  acquire: JournalRecord,
  atMs: (record: JournalRecord) => number,
): JournalRecord | null {
  const told = records
    .filter(({ server, verdict }) => server === acquire.server && isPeerMark(verdict))
    .filter((record) => atMs(record) <= atMs(acquire))
    .sort((one, other) => atMs(one) - atMs(other));
  const last = told.at(-1);
  return last?.verdict === peerSilentMark ? last : null;
}

function isPeerMark(verdict: string | null): boolean {
  return verdict === peerSilentMark || verdict === peerHeardMark;
}

function decisionBefore(
  records: readonly JournalRecord[],
  acquire: JournalRecord | undefined,
  atMs: (record: JournalRecord) => number,
): JournalRecord | undefined {
  if (acquire === undefined) return undefined;
  return records
    .filter(
      ({ kind, server, ruleId }) =>
        kind === 'decision' && server === acquire.server && ruleId === acquire.ruleId,
    )
    .filter((record) => atMs(record) <= atMs(acquire))
    .sort((one, other) => atMs(one) - atMs(other))
    .at(-1);
}

function personOf(commands: readonly JournalRecord[]): string | null {
  const asker = commands.find(({ requestedBy }) => requestedBy !== null)?.requestedBy ?? null;
  return asker === null || byRule(asker) ? null : asker;
}
