import type { Clock } from '../../shared/clock.ts';

/** When something was asked for: the boot-time clock, and the wall clock minus it. */
export interface AskedAt {
  readonly bootMs: number;
  readonly offsetMs: number;
}

/** The same machine without a restart keeps both clocks apart by the same, except where its clock was set. */
const setByMs = 30_000;

export function askedNow(clock: Clock): AskedAt {
  const bootMs = clock.bootMs();
  return { bootMs, offsetMs: Date.parse(clock.wallTime()) - bootMs };
}

/**
 * How long ago it was asked for, in milliseconds; null: the machine was started anew since, or its clock was set so far
 * that this cannot be told. Then nothing rests on it any more.
 */
export function askedSinceMs(clock: Clock, { bootMs, offsetMs }: AskedAt): number | null {
  const now = askedNow(clock);
  const isSameBoot = now.bootMs >= bootMs && !(Math.abs(now.offsetMs - offsetMs) > setByMs);
  return isSameBoot ? now.bootMs - bootMs : null;
}
