import type { TimingPolicy } from '../../shared/lease/timing.ts';

/**
 * How often the engine's process is looked at and a decision is made at the latest, in milliseconds: what happens
 * wakes the loop at once, so this bounds only how late something is noticed that nobody tells. A site that allows its
 * lease a second between two renewals gets five looks a second, a faster one ten.
 */
export function lookEveryMs({ H }: TimingPolicy): number {
  return Math.min(200, Math.max(100, H * 200));
}

/** How often the engine's process is looked at while its end is told at once: the looks only make sure of that. */
export function toldLookEveryMs(timing: TimingPolicy): number {
  return 5 * lookEveryMs(timing);
}
