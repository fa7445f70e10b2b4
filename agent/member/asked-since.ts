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

/** A machine that was not started anew, and did not stand still, keeps both clocks apart by no more than this. */
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
 * How long ago it was asked for, in milliseconds on the boot-time clock; null: the machine was started anew since, or may
 * have stood still as a paused virtual machine does, which only a wall clock that is ahead can tell. Where its boots have
 * no names a clock that is behind tells of a start too. Then nothing rests on it any more.
 */
export function askedSinceMs(clock: Clock, asked: AskedAt): number | null {
  const byMs = clockSetByMs(clock, asked);
  if (byMs === null) return null;
  const isUncertain = byMs > setByMs || (!isNamed(askedNow(clock), asked) && byMs < -setByMs);
  return isUncertain ? null : clock.bootMs() - asked.bootMs;
}

function isNamed(one: AskedAt, other: AskedAt): boolean {
  return one.bootId !== undefined && other.bootId !== undefined;
}
