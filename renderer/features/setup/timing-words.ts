import type { TimingPresetName } from '../../../shared/lease/timing.ts';
import type { DraftTiming } from '../../../shared/setup/draft-timing.ts';

export const presetTitles: Record<TimingPresetName, string> = {
  rapid: 'Rapid',
  fast: 'Fast',
  lan: 'LAN',
  normal: 'Normal',
  'cross-site': 'Cross-site',
};

/** Where a preset belongs. */
export const presetPlaces: Record<TimingPresetName, string> = {
  rapid: 'same rack, quiet servers',
  fast: 'same site, kill-safe engine',
  lan: 'same site',
  normal: 'same site, busy engine',
  'cross-site': 'two data centres',
};

/** How a timing is called, in a sentence. Pure. */
export function timingTitle(timing: DraftTiming | null): string {
  if (timing === null) return '?';
  return typeof timing === 'string' ? presetTitles[timing] : 'your own times';
}
