import type { LoggedRun } from '../../agent-api/engine-log.ts';
import { nameList } from '../../engine/component-state.ts';
import {
  compareLogs,
  logsOfMove,
  type ComparedLogs,
  type LogsOfMove,
  type OddMessage,
} from '../compare-logs.ts';
import { activeOf, fromOf, type MoveEvidence } from '../move-evidence.ts';
import { against, fits, missing, shown, type Sign, type SignSide } from '../signs.ts';

/** What the engine's own logs say for the lines about messages: V06 to V09. */
export interface LogEvidence {
  /** Both ends were read and belong to this move: they tell of order and duplicates by themselves. */
  readonly isTold: boolean;
  readonly passed: readonly Sign[];
  readonly next: readonly Sign[];
  readonly order: readonly Sign[];
  readonly duplicates: readonly Sign[];
  /** Why they do not tell; for the lines that have nothing else from outside of the members' own words. */
  readonly untold: readonly Sign[];
}

const lookThere =
  'Look at these messages in the engine’s logs and at the receiving systems, then judge here.';

export function logEvidence(e: MoveEvidence): LogEvidence {
  const logs = logsOfMove(e);
  const { before, after } = logs;
  if (before === null || after === null)
    return { isTold: false, passed: [], next: [], order: [], duplicates: [], untold: whyUntold(e, logs) };
  const compared = compareLogs(before, after);
  const told = { side: 'after', from: logOf(activeOf(e).name) } as const;
  const odd = (messages: readonly OddMessage[], says: string): Sign[] =>
    messages.length === 0
      ? []
      : [against({ ...told, next: lookThere, lasts: true }, `${says}: ${messageNames(messages)}`)];
  // Whether they were sent before the move is in lines that a power cut takes away.
  const unless = (messages: readonly OddMessage[], says: string): Sign[] =>
    endsWhole(before) || messages.length === 0
      ? odd(messages, says)
      : [fits(told, `${says}, unless that was in the lines that are missing: ${messageNames(messages)}`)];
  const passed = [
    ...unless(compared.passed, 'taken in and passed over, later ones were sent'),
    ...unless(compared.dropped, 'without an acknowledgement before, and passed over'),
  ];
  const again = odd(compared.again, 'sent again although it was acknowledged');
  const ground = [beforeSign(e, before), ...readSigns(told, before, after, compared)];
  const moved = `${compared.moved} of ${compared.total} components`;
  return {
    isTold: true,
    // Out of order it is for good; missing only as long as it has not been sent.
    passed: passed.map(({ lasts: _lasts, ...sign }) => sign),
    next: unless(
      [...compared.skipped, ...compared.dropped],
      'the first message after the move was not the next, before it waited',
    ),
    order: [
      ...passed,
      ...odd(compared.late, 'sent after a later one'),
      ...ground,
      ...overtookSigns(told, compared),
      ...(passed.length + compared.late.length === 0
        ? [shown(told, `in order in ${moved} that have sent since`)]
        : []),
    ],
    duplicates: [
      ...again,
      ...ground,
      ...resentSigns(told, compared),
      ...doubtfulSigns(told, compared),
      ...(again.length === 0
        ? [shown(told, `nothing that was acknowledged was sent again in ${moved}`)]
        : []),
    ],
    untold: [],
  };
}

const logOf = (name: string) => `engine log of ${name}`;

function whyUntold(e: MoveEvidence, { before, beforeWhy, after, afterWhy }: LogsOfMove): Sign[] {
  const sign = (side: SignSide, name: string, why: string) => missing({ side, from: logOf(name) }, why);
  return [
    ...(before === null ? [sign('before', fromOf(e).name, beforeWhy)] : []),
    ...(after === null ? [sign('after', activeOf(e).name, afterWhy)] : []),
  ];
}

/** Only an end in order proves that nothing is missing behind it: a power cut takes away what was written last. */
function beforeSign(e: MoveEvidence, before: LoggedRun): Sign {
  const about = { side: 'before', from: logOf(fromOf(e).name) } as const;
  const holes = holesIn(before);
  if (holes > 0) return fits(about, `${holes} of its last lines are damaged or were not written`);
  if (before.end !== 'closed')
    return fits(about, 'it does not end in order, so its last lines may be missing');
  const count = before.components.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  return shown(about, `it ends in order, after ${count} acknowledged messages that were read`);
}

const holesIn = ({ damaged, missed }: LoggedRun) => damaged + missed;

const endsWhole = (run: LoggedRun) => run.end === 'closed' && holesIn(run) === 0;

/** What takes away from what the beginning of the new log proves. */
function readSigns(
  about: Pick<Sign, 'side' | 'from'>,
  before: LoggedRun,
  after: LoggedRun,
  { moved, untold, unseen }: ComparedLogs,
): Sign[] {
  const holes = holesIn(after);
  const more = [before, after].some(({ total, components }) => total > components.length);
  return [
    ...(after.fromBegin
      ? []
      : [missing(about, 'its beginning is gone: which message was the first is not known')]),
    ...(holes === 0 ? [] : [fits(about, `${holes} of its lines are damaged or were not written`)]),
    ...(after.end === 'beyond' ? [fits(about, 'more was sent since than was read')] : []),
    ...(moved === 0 ? [fits(about, 'nothing was sent since')] : []),
    ...(untold.length === 0
      ? []
      : [fits(about, `numbers that lie between are not told: ${nameList(untold)}`)]),
    ...(unseen.length === 0
      ? []
      : [fits(about, `the log of before was not read back to their last message: ${nameList(unseen)}`)]),
    ...(more ? [fits(about, 'not every component is told one by one')] : []),
  ];
}

function resentSigns(about: Pick<Sign, 'side' | 'from'>, { resent }: ComparedLogs): Sign[] {
  if (resent.length === 0) return [];
  const names = messageNames(resent);
  return [
    shown(about, `sent again, since no acknowledgement was written before, which is allowed: ${names}`),
  ];
}

/** One after the other is how a queue is sent: where an acknowledgement did not come, that is not certain any more. */
function overtookSigns(about: Pick<Sign, 'side' | 'from'>, { overtook }: ComparedLogs): Sign[] {
  if (overtook.length === 0) return [];
  return [
    fits(about, `sent while an earlier one had no acknowledgement, so it may be late: ${nameList(overtook)}`),
  ];
}

function doubtfulSigns(about: Pick<Sign, 'side' | 'from'>, { doubtful }: ComparedLogs): Sign[] {
  if (doubtful.length === 0) return [];
  return [fits(about, `may have been acknowledged before and sent again: ${messageNames(doubtful)}`)];
}

/** `ADT in 884202 (M4711)`. */
function messageNames(messages: readonly OddMessage[]): string {
  return nameList(
    messages.map(
      ({ component, message: { number, id } }) => `${component} ${number}${id === null ? '' : ` (${id})`}`,
    ),
  );
}
