import { isValid, parse, parseISO } from 'date-fns';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { readSince } from '../../../shared/support/server-logs.ts';

const notYet = 'has not come yet';

/** How an instant is written, for fields and for what is said of one that cannot be read. */
export const instantExample = '2026-03-14 04:31:20';

/**
 * An instant as a person writes it, as wall milliseconds: `2026-03-14 04:31:20`, `2026-03-14`, `04:31` of today, `2h`
 * for so long ago, or with a zone of its own (`2026-03-14T04:31Z`). Without one it is of this workstation's zone. The
 * error is a sentence.
 * @param late why an instant behind `nowMs` cannot be shown, as the end of a sentence
 */
export function readInstantText(text: string, nowMs: number, late = notYet): Result<number, string> {
  const said = text.trim();
  const atMs = instantOf(said, nowMs);
  if (atMs === null) {
    return fail(
      `“${said}” is no time that can be read. Write ${instantExample}, 04:31 for today, or 2h for two hours ago.`,
    );
  }
  if (atMs > nowMs) return fail(`“${said}” ${late}. Write an earlier time.`);
  return succeed(atMs);
}

function instantOf(said: string, nowMs: number): number | null {
  for (const pattern of ['HH:mm:ss', 'HH:mm']) {
    const today = parse(said, pattern, nowMs);
    if (/^\d/.test(said) && isValid(today)) return today.getTime();
  }
  const since = readSince(said);
  if (since === null) return null;
  if (since.kind === 'ago') return nowMs - since.seconds * 1_000;
  // A day alone begins here, not in Greenwich.
  const date = parseISO(said.replace(' ', 'T'));
  return isValid(date) ? date.getTime() : null;
}

/** The stretch between two instants. The error is a sentence. */
export function readSpanText(
  from: string,
  to: string,
  nowMs: number,
  late = notYet,
): Result<{ readonly fromMs: number; readonly toMs: number }, string> {
  const begin = readInstantText(from, nowMs, late);
  if (!begin.ok) return begin;
  const end = to.trim() === '' ? succeed(nowMs) : readInstantText(to, nowMs, late);
  if (!end.ok) return end;
  if (end.value <= begin.value) {
    return fail('The end is not after the beginning. Write the earlier time first.');
  }
  return succeed({ fromMs: begin.value, toMs: end.value });
}
