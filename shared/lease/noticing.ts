import type { TimingPolicy } from './timing.ts';

/**
 * How often the engine's process is looked at and a decision is made at the latest, in milliseconds: what happens
 * wakes the loop at once, so this bounds only how late something is noticed that nobody tells. A site that allows its
 * lease a second between two renewals gets five looks a second, a faster one ten.
 */
export function lookEveryMs({ H }: Pick<TimingPolicy, 'H'>): number {
  return Math.min(200, Math.max(100, H * 200));
}

/**
 * How often a decision is made at the latest while nothing is under way and store and peer are heard: all that could
 * become true by itself then is that one of them falls silent, which is told after seconds.
 */
export function calmLookEveryMs(timing: Pick<TimingPolicy, 'H'>): number {
  return timing.H >= 1 ? 1_000 : lookEveryMs(timing);
}

/** How often the engine's process is looked at while its end is told at once: the looks only make sure of that. */
export function toldLookEveryMs(timing: TimingPolicy): number {
  return 5 * lookEveryMs(timing);
}

/**
 * How often a running engine's API is asked, in milliseconds. A silent API is told of and moves nothing; an engine that
 * dies is seen by its process. So a site that allows its lease a second is asked every two.
 */
export function apiLookEveryMs({ H }: Pick<TimingPolicy, 'H'>): number {
  return H >= 1 ? Math.max(2, H) * 1000 : Math.max(500, H * 1000);
}

/** How often a storage that was proven is looked at again, in milliseconds. */
export const storageLookEveryMs = 5_000;

/** How often a member gives its peer a sign of life, in milliseconds. */
export function beatEveryMs({ H }: Pick<TimingPolicy, 'H'>): number {
  return Math.min(H, 1) * 1000;
}

/** A peer that was not heard for longer counts as silent, in milliseconds. */
export function peerSilentMs(timing: Pick<TimingPolicy, 'H' | 'O'>): number {
  return Math.max(3 * beatEveryMs(timing), 2 * timing.O * 1000);
}

/** A lease store that has answered nothing for longer counts as silent, in milliseconds. */
export function storeSilentMs({ H, O }: Pick<TimingPolicy, 'H' | 'O'>): number {
  return (H + 2 * O) * 1000;
}

/** A guard turns every 0.1 s; five turns without a beat call it silent, in milliseconds. */
export const guardSilentMs = 500;

/** Both guards count as silent, and the engine is stopped for it, after so many milliseconds without a beat of either. */
export function guardsSilentMs({ K, D }: Pick<TimingPolicy, 'K' | 'D'>): number {
  return Math.max(guardSilentMs, Math.min(K - 2 * D, 2) * 1000);
}

/** How often somebody beside the engine's service is looked for, in milliseconds: it must be seen by two looks. */
export const outsiderLookEveryMs = 10_000;
