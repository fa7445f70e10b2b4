import * as z from 'zod/mini';
import type { Clock } from '../../shared/clock.ts';

/** When something was asked for, as it is kept: the boot-time clock, and the wall clock minus it. */
export const AskedAt = z.object({ bootMs: z.number(), offsetMs: z.number() });
export type AskedAt = z.infer<typeof AskedAt>;

/** The same machine without a restart keeps both clocks apart by the same, except where its clock was set. */
const setByMs = 30_000;

export function askedNow(clock: Clock): AskedAt {
  const bootMs = clock.bootMs();
  return { bootMs, offsetMs: Date.parse(clock.wallTime()) - bootMs };
}

/** By how much the wall clock was set since, in milliseconds; null: the machine was started anew. */
export function clockSetByMs(clock: Clock, { bootMs, offsetMs }: AskedAt): number | null {
  const now = askedNow(clock);
  return now.bootMs < bootMs ? null : now.offsetMs - offsetMs;
}

/**
 * How long ago it was asked for, in milliseconds; null: the machine was started anew since, or its clock was set so far
 * that this cannot be told. Then nothing rests on it any more.
 */
export function askedSinceMs(clock: Clock, asked: AskedAt): number | null {
  const byMs = clockSetByMs(clock, asked);
  return byMs === null || Math.abs(byMs) > setByMs ? null : clock.bootMs() - asked.bootMs;
}
