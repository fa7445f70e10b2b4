import type { JournalRecord } from '../agent-api/journal-record.ts';
import type { Move } from './moves.ts';

/** The time of a move by the clock of one server, in wall milliseconds. */
export interface MoveWindow {
  readonly fromMs: number;
  readonly toMs: number;
  /** False: it is the time by the clock of the other server, and by how much the two differ is not known. */
  readonly sure: boolean;
}

/** By so much clocks are taken to differ at most where they cannot be compared; readiness asks for far less. */
const clocksApartMs = 60_000;

/**
 * When a move was, by the clock of each server. Clocks are not compared with each other: in a planned move what the
 * giver did last and what the taker did first are the same instant, but for the moment in which nobody held the lease.
 *
 * @param records of the cluster that was moved
 */
export function windowsOf(records: readonly JournalRecord[], move: Move): (server: string) => MoveWindow {
  const own = records.filter(({ operation }) => operation === move.operation);
  const raw = { fromMs: Date.parse(move.beganAt), toMs: Date.parse(move.endedAt ?? move.beganAt) };
  const released = own.findLast(({ server, step }) => server === move.from && step === 'release');
  const acquired = own.find(({ server, step }) => server === move.active && step === 'acquire');
  const alone = new Set(own.map(({ server }) => server)).size === 1 ? own[0]!.server : null;
  if (released === undefined || acquired === undefined || move.from === move.active) {
    return (server) => ({ ...raw, sure: server === alone });
  }
  const givenMs = endOf(released);
  const takenMs = beginOf(acquired);
  const beforeMs = givenMs - Math.min(...own.filter((one) => one.server === move.from).map(beginOf));
  const afterMs = Math.max(...own.filter((one) => one.server === move.active).map(endOf)) - takenMs;
  return (server) => {
    const turnMs = server === move.active ? takenMs : givenMs;
    return {
      fromMs: turnMs - beforeMs,
      toMs: turnMs + afterMs,
      sure: server === move.active || server === move.from,
    };
  };
}

/** The same, and where it is not sure as far around it as clocks may be apart. */
export function widened({ fromMs, toMs, sure }: MoveWindow): { readonly from: string; readonly to: string } {
  const byMs = sure ? 0 : clocksApartMs;
  return { from: new Date(fromMs - byMs).toISOString(), to: new Date(toMs + byMs).toISOString() };
}

/** Whether a record was written within a window. */
export function isWithin({ fromMs, toMs }: MoveWindow, record: JournalRecord): boolean {
  return fromMs <= endOf(record) && endOf(record) <= toMs;
}

function endOf({ wallTime }: JournalRecord): number {
  return Date.parse(wallTime);
}

function beginOf(record: JournalRecord): number {
  return endOf(record) - (record.tookMs ?? 0);
}
