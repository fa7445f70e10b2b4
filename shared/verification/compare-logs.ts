/** The end of the old Active's log against the beginning of the new one's, by the numbers of messages alone. */
import type { LoggedComponent, LoggedMessage, LoggedRun } from '../agent-api/engine-log.ts';
import { fromOf, activeOf, otherOf, type MoveEvidence } from './move-evidence.ts';

/** Where the two logs of a move come from; null: there is none that can be used, and why. */
export interface LogsOfMove {
  readonly before: LoggedRun | null;
  readonly beforeWhy: string;
  readonly after: LoggedRun | null;
  readonly afterWhy: string;
}

/** A message with the component that it belongs to, and the one that it should have come before. */
export interface OddMessage {
  readonly component: string;
  readonly message: LoggedMessage;
}

export interface ComparedLogs {
  /** Components that have sent something since. */
  readonly moved: number;
  readonly total: number;
  /** Acknowledged before the move or since, and sent once more. */
  readonly again: readonly OddMessage[];
  /** Sent before, its acknowledgement not written, and sent once more: allowed. */
  readonly resent: readonly OddMessage[];
  readonly late: readonly OddMessage[];
  readonly passed: readonly OddMessage[];
  /** The first one after the move came although these before it were waiting. */
  readonly skipped: readonly OddMessage[];
  /** Sent before without an acknowledgement, not sent again although a later one was. */
  readonly dropped: readonly OddMessage[];
  /** Sent late under a number that may have been acknowledged before. */
  readonly doubtful: readonly OddMessage[];
  /** Components that have sent a message while an earlier one had no acknowledgement. */
  readonly overtook: readonly string[];
  /** Components of whose numbers between the last message before and the highest since the logs do not tell all. */
  readonly untold: readonly string[];
  /** Components that have sent something since, and of which the log of before tells no acknowledged message. */
  readonly unseen: readonly string[];
}

/** The logs that belong to this move: its own directory tells most, that of the other member the same or less. */
export function logsOfMove(e: MoveEvidence): LogsOfMove {
  const { move } = e;
  const asked = [fromOf(e), activeOf(e), otherOf(e)].flatMap(
    ({ server }) => e.logs.find((one) => one.server === server) ?? [],
  );
  const read = asked.flatMap(({ answer }) => (answer?.epoch === move.epoch ? [answer] : []));
  const before = read.find(({ before: { run } }) => run?.server === move.from && run.generation < move.epoch);
  const ofActive = [...read].reverse();
  const after = ofActive.find(
    ({ after: { run } }) => run?.server === move.active && run.generation === move.epoch,
  );
  const silent = asked.find(({ answer }) => answer === null)?.why ?? 'no member was asked for it';
  return {
    before: before?.before.run ?? null,
    beforeWhy:
      read.find(({ before: { why } }) => why !== null)?.before.why ?? foreignWhy(read[0]?.before.run, silent),
    after: after?.after.run ?? null,
    afterWhy:
      read.find(({ after: { why } }) => why !== null)?.after.why ?? foreignWhy(read[0]?.after.run, silent),
  };
}

function foreignWhy(run: LoggedRun | null | undefined, silent: string): string {
  if (run == null) return silent;
  return `the log that lies there is of ${run.server} under generation ${run.generation}, not of this move`;
}

export function compareLogs(before: LoggedRun, after: LoggedRun): ComparedLogs {
  const pairs = after.components.map((now) => ({
    now,
    was: before.components.find(({ name }) => name === now.name) ?? null,
  }));
  const each = (pick: (now: LoggedComponent, was: LoggedComponent | null) => readonly LoggedMessage[]) =>
    pairs.flatMap(({ now, was }) => pick(now, was).map((message) => ({ component: now.name, message })));
  return {
    moved: pairs.filter(({ now }) => now.firstSent !== null).length,
    total: Math.max(before.total, after.total),
    again: each((now, was) => [...sentBefore(now, was), ...now.again]),
    resent: each((now, was) => (was?.open ?? []).filter(({ number }) => number === now.firstSent?.number)),
    late: each(({ late }) => late),
    passed: each(({ passed }) => passed),
    skipped: each((now, was) => between(now, was, now.passed)),
    dropped: each(dropped),
    doubtful: each(({ late }, was) =>
      late.filter(({ number }) => number <= (was?.lastAcknowledged?.number ?? -1)),
    ),
    overtook: pairs.filter(({ now }) => now.overtook > 0).map(({ now }) => now.name),
    untold: pairs
      .filter(({ now, was }) => untoldBetween(now, was) > 0 || now.gaps > 0)
      .map(({ now }) => now.name),
    unseen: pairs
      .filter(({ now, was }) => (now.firstSent?.number ?? 0) > 1 && (was?.lastAcknowledged ?? null) === null)
      .map(({ now }) => now.name),
  };
}

/** The first message after the move, where it was acknowledged before it. */
function sentBefore({ firstSent }: LoggedComponent, was: LoggedComponent | null): LoggedMessage[] {
  const last = was?.lastAcknowledged ?? null;
  return firstSent !== null && last !== null && firstSent.number <= last.number ? [firstSent] : [];
}

/** Those with numbers above the last one before the move and below the first one after it. */
function between(
  { firstSent }: LoggedComponent,
  was: LoggedComponent | null,
  messages: readonly LoggedMessage[],
): LoggedMessage[] {
  const last = was?.lastAcknowledged ?? null;
  if (firstSent === null || last === null) return [];
  return messages.filter(({ number }) => number > last.number && number < firstSent.number);
}

/** Whoever has no acknowledgement is sent again by the next engine, before anything that came later. */
function dropped({ firstSent, late }: LoggedComponent, was: LoggedComponent | null): LoggedMessage[] {
  if (firstSent === null || was === null) return [];
  const sentSince = new Set(late.map(({ number }) => number));
  return was.open.filter(({ number }) => number < firstSent.number && !sentSince.has(number));
}

/** How many numbers lie between that are told as nothing: the log may have lost them, or the engine the messages. */
function untoldBetween(now: LoggedComponent, was: LoggedComponent | null): number {
  const last = was?.lastAcknowledged ?? null;
  if (now.firstSent === null || last === null) return 0;
  const refused = [...(was?.refused ?? []), ...now.refused].map((number) => ({ number, id: null, at: null }));
  const told = [...now.passed, ...(was?.open ?? []), ...refused];
  const numbers = new Set(between(now, was, told).map(({ number }) => number));
  return now.firstSent.number - last.number - 1 - numbers.size;
}
