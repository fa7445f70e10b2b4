import * as z from 'zod/mini';
import type { Clock } from '../../shared/clock.ts';

/** When something was asked for, as it is kept: on the boot-time clock of which boot, and the wall clock minus it. */
export const AskedAt = z.object({
  bootMs: z.number(),
  offsetMs: z.number(),
  /** Absent where the machine does not name its boots. */
  bootId: z.optional(z.string()),
});
export type AskedAt = z.infer<typeof AskedAt>;

/** Without a name of the boot: a machine that was not started anew keeps both clocks apart by the same. */
const setByMs = 30_000;

export function askedNow(clock: Clock): AskedAt {
  const bootMs = clock.bootMs();
  const bootId = clock.bootId?.() ?? null;
  const offsetMs = Date.parse(clock.wallTime()) - bootMs;
  return bootId === null ? { bootMs, offsetMs } : { bootMs, offsetMs, bootId };
}

/** By how much the wall clock was set since, in milliseconds; null: the machine was started anew. */
export function clockSetByMs(clock: Clock, asked: AskedAt): number | null {
  const now = askedNow(clock);
  const isSameBoot = !isNamed(now, asked) || now.bootId === asked.bootId;
  return !isSameBoot || now.bootMs < asked.bootMs ? null : now.offsetMs - asked.offsetMs;
}

/**
 * How long ago it was asked for, in milliseconds on the boot-time clock, whatever the wall clock was set to; null: the
 * machine was started anew since, or does not name its boots and its clock was set so far that this cannot be told.
 * Then nothing rests on it any more.
 */
export function askedSinceMs(clock: Clock, asked: AskedAt): number | null {
  const byMs = clockSetByMs(clock, asked);
  if (byMs === null) return null;
  const isUncertain = !isNamed(askedNow(clock), asked) && Math.abs(byMs) > setByMs;
  return isUncertain ? null : clock.bootMs() - asked.bootMs;
}

function isNamed(one: AskedAt, other: AskedAt): boolean {
  return one.bootId !== undefined && other.bootId !== undefined;
}
