import type { JournalRecord } from '../agent-api/journal-record.ts';
import { byRule } from '../fleet/last-change.ts';

/** Marks in `verdict` of the records by which a member tells that its peer fell silent, and that it answers again. */
export const peerSilentMark = 'peer-silent';
export const peerHeardMark = 'peer-heard';
/** The mark of the record by which a member tells that its engine ended, though nobody had asked it to. */
export const engineDiedMark = 'engine-died';
/** The same of the record by which a member tells that what a drill had cut is whole again. */
export const cutHealedMark = 'cut-healed';
/** And of the one by which it tells that it stopped its engine at once; `tookMs`: since when it did. */
export const emergencyStopMark = 'emergency-stop';

/** The records of one change, with what they say of its course. Instants are wall milliseconds. */
export interface ChangeRecords {
  readonly cluster: string;
  /** Who gave the cluster up in order; null: nobody did, it was taken over. */
  readonly giver: string | null;
  /** Null: nobody has got the lease. */
  readonly taker: string | null;
  readonly askedBy: string | null;
  /** No Active from here on: its engine is stopped or has died, or it gave its last sign of life. */
  readonly beganMs: number;
  /** When the balancer was sent to a member again; null: not told. */
  readonly activeAgainMs: number | null;
  /** The member that it was sent to; null: not told. */
  readonly activeAgain: string | null;
  /** The last sign of life of the one before, as the taker saw it; null: not told. */
  readonly lastSign: JournalRecord | null;
  readonly end: JournalRecord | null;
  /**
   * Steps of the cluster that ended meanwhile, in order, also those that came to nothing and those of no operation: an
   * agent that was restarted goes on by rule, and a restart in place comes before a handover. A stop at once is one.
   */
  readonly steps: readonly JournalRecord[];
  /** Everything that both members wrote meanwhile, in order. */
  readonly around: readonly JournalRecord[];
  readonly atMs: (record: JournalRecord) => number;
  /** One server tells when no member was Active any more, and another one when one was again. */
  readonly isBetweenClocks: boolean;
}

/** How far before its beginning a story looks for what led to it. */
const leadMs = 1_000;

export function changeRecords(records: readonly JournalRecord[], operation: string): ChangeRecords | null {
  const own = records.filter((record) => record.operation === operation);
  const [first] = own;
  if (first === undefined || !own.some(({ kind }) => kind === 'step')) return null;
  const ofCluster = records.filter(({ cluster }) => cluster === first.cluster);
  const atMs = clockOf(own);
  const inOrder = (one: JournalRecord, other: JournalRecord) =>
    atMs(one) - atMs(other) || one.seq - other.seq;
  const ordered = [...ofCluster].sort(inOrder);
  const { acquire, given, begin, opened } = courseOf(ordered, operation, atMs);
  const beganMs = beginOf(begin ?? first, atMs);
  const commands = own.filter(({ kind }) => kind === 'command').sort(inOrder);
  const openedMs = opened ? atMs(opened) : null;
  const lastMs = Math.max(...own.map(atMs), openedMs ?? 0);
  const from = Math.min(beganMs, ...own.map(atMs)) - leadMs;
  return {
    cluster: first.cluster,
    giver: given?.server ?? null,
    taker: acquire?.server ?? null,
    askedBy: personOf(commands),
    beganMs,
    activeAgainMs: openedMs,
    activeAgain: opened?.server ?? null,
    lastSign: begin?.verdict === peerSilentMark ? begin : null,
    end: commands.findLast(({ sentence }) => !isRequest(sentence)) ?? null,
    steps: ordered.filter(
      (record) => isEndedStep(record) && atMs(record) >= beganMs && atMs(record) <= (openedMs ?? lastMs),
    ),
    around: ordered.filter((record) => atMs(record) >= from && atMs(record) <= lastMs),
    atMs,
    isBetweenClocks: opened !== undefined && opened.server !== (begin ?? first).server,
  };
}

/** The records at which a change turns. */
interface Course {
  readonly acquire: JournalRecord | undefined;
  /** The giver's engine was stopped. */
  readonly given: JournalRecord | undefined;
  /** No Active from the beginning of this on. */
  readonly begin: JournalRecord | undefined;
  readonly opened: JournalRecord | undefined;
}

function courseOf(
  ordered: readonly JournalRecord[],
  operation: string,
  atMs: (record: JournalRecord) => number,
): Course {
  const done = ordered.filter(({ kind, result }) => kind === 'step' && result === 'ok');
  const own = done.filter((record) => record.operation === operation);
  const stepOf = (kind: string) => own.find(({ step }) => step === kind);
  const acquire = stepOf('acquire');
  const given = stepOf('stop-engine') ?? stepOf('kill-engine');
  const turn = given ?? acquire ?? own[0];
  const lastSign = given || !acquire ? null : silenceBefore(ordered, acquire, atMs);
  // What the one before tells of its own end is more exact than when it was heard last.
  const begin =
    earliest([given, endedBefore(ordered, turn, atMs)], atMs) ??
    lastSign ??
    decisionBefore(ordered, acquire, atMs) ??
    own[0];
  return { acquire, given, begin, opened: openedBy(done, own, acquire ?? turn, atMs) };
}

function isEndedStep({ kind, result, verdict }: JournalRecord): boolean {
  if (verdict === emergencyStopMark) return true;
  return kind === 'step' && (result === 'ok' || result === 'failed');
}

/** A silence or a step began before it was told. */
function beginOf(record: JournalRecord, atMs: (record: JournalRecord) => number): number {
  return atMs(record) - (record.tookMs ?? 0);
}

function earliest(
  records: readonly (JournalRecord | null | undefined)[],
  atMs: (record: JournalRecord) => number,
): JournalRecord | undefined {
  const told = records.filter((record) => record != null);
  return told.sort((one, other) => beginOf(one, atMs) - beginOf(other, atMs))[0];
}

/** The first end of an engine since a member served last, before this step: it died, or was stopped at once. */
function endedBefore(
  ordered: readonly JournalRecord[],
  step: JournalRecord | undefined,
  atMs: (record: JournalRecord) => number,
): JournalRecord | null {
  if (step === undefined) return null;
  const before = ordered.filter((record) => atMs(record) <= atMs(step));
  const served = before.findLastIndex(({ step: kind, result }) => kind === 'open-active' && result === 'ok');
  return before.slice(served + 1).find(({ verdict }) => isEngineEnd(verdict)) ?? null;
}

/** The step that ends the time without an Active: the change's own last one, or whatever came first after its grant. */
function openedBy(
  done: readonly JournalRecord[],
  ownDone: readonly JournalRecord[],
  after: JournalRecord | undefined,
  atMs: (record: JournalRecord) => number,
): JournalRecord | undefined {
  const own = ownDone.findLast(({ step }) => step === 'open-active');
  if (own !== undefined || after === undefined) return own;
  return done.find((record) => record.step === 'open-active' && atMs(record) >= atMs(after));
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

function isEngineEnd(verdict: string | null): boolean {
  return verdict === engineDiedMark || verdict === emergencyStopMark;
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
