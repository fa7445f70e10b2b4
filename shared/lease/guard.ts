/**
 * What a guard and the gate decide, as pure functions of the deadline file and the boot-time clock.
 *
 * On a server these decisions are made by `resources/agent/guard.sh` and `resources/agent/gate.sh`: the scripts
 * are their shell writing, since neither may depend on Node. A change here is a change there. The model of the
 * lease drives these functions, and a test compares the gate's with the script on a table of cases.
 */

/** The deadline file as it was found: `null` is a missing file. Times are milliseconds of the boot-time clock. */
export type DeadlineReading = { readonly epoch: number; readonly deadlineMs: number } | 'unreadable' | null;

/** Why an engine must not run, or must not be started; `null` where it may. */
export type DeadlineReason =
  'missing' | 'unreadable' | 'passed' | 'too-close-to-kill-in-time' | 'further-than-any-lease';

/** No lease lasts an hour. A deadline further away than that is damage, not a promise. */
const furthestMs = 3_600_000;
/** Longer files are never exactly two numbers: the scripts do not read further. */
const readCharacters = 40;

/** Reads the text of a deadline file, `EPOCH DEADLINE_MS` and a line end, digits only. `null`: no such file. */
export function readDeadline(text: string | null): DeadlineReading {
  if (text === null) return null;
  const match = /^([0-9]{1,15}) ([0-9]{1,15})\n$/.exec(text.slice(0, readCharacters));
  return match ? { epoch: Number(match[1]), deadlineMs: Number(match[2]) } : 'unreadable';
}

/** One turn of a guard: any reason kills the engine, again in every turn in which it is found running. */
export function judgeGuardTurn(deadline: DeadlineReading, nowMs: number): DeadlineReason | null {
  if (deadline === null) return 'missing';
  if (deadline === 'unreadable') return 'unreadable';
  const aheadMs = deadline.deadlineMs - nowMs;
  if (aheadMs <= 0) return 'passed';
  return aheadMs > furthestMs ? 'further-than-any-lease' : null;
}

/**
 * The gate's answer to one request to start the engine, whoever asks.
 *
 * @param killTimeMs D: a start is only safe where the guards can still kill what it has started
 */
export function judgeStart(
  deadline: DeadlineReading,
  nowMs: number,
  killTimeMs: number,
): DeadlineReason | null {
  const reason = judgeGuardTurn(deadline, nowMs);
  if (reason !== null || deadline === null || deadline === 'unreadable') return reason;
  return deadline.deadlineMs - nowMs > killTimeMs ? null : 'too-close-to-kill-in-time';
}
