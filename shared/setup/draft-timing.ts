import * as z from 'zod/mini';
import { TimingPresetName, timingPresets, type TimingPolicy } from '../lease/timing.ts';

/** Seconds as far as they were typed; null: nothing or nonsense. */
const Seconds = z.nullable(z.number().check(z.positive(), z.maximum(3_600)));

/** Times of one's own, as far as they were typed. */
export const OwnTiming = z.strictObject({
  T: Seconds,
  H: Seconds,
  O: Seconds,
  K: Seconds,
  D: Seconds,
  emergencyStop: z.enum(['kill', 'graceful']),
});
export type OwnTiming = z.infer<typeof OwnTiming>;

export const DraftTiming = z.union([TimingPresetName, OwnTiming]);
export type DraftTiming = z.infer<typeof DraftTiming>;

export const ownTimes = ['T', 'H', 'O', 'K', 'D'] as const;
export type OwnTime = (typeof ownTimes)[number];

/** The policy of a timing that was chosen or typed; null: a time is missing, or none was chosen. Pure. */
export function draftPolicy(timing: DraftTiming | null): TimingPolicy | null {
  if (timing === null) return null;
  if (typeof timing === 'string') return timingPresets[timing];
  const { T, H, O, K, D, emergencyStop } = timing;
  if (T === null || H === null || O === null || K === null || D === null) return null;
  return { T, H, O, K, D, emergencyStop };
}

/** Seconds as a person types them: `2`, `0.5` or `0,5`; null: they are none. Pure. */
export function readSeconds(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(plain) ? Number(plain) : 0;
  return value > 0 && value <= 3_600 ? value : null;
}
