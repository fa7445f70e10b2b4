import type { TimingPresetName } from '../../../shared/lease/timing.ts';

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
