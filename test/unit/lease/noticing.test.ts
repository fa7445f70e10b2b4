import { describe, expect, it } from 'vitest';
import {
  apiLookEveryMs,
  calmLookEveryMs,
  lookEveryMs,
  toldLookEveryMs,
} from '../../../shared/lease/noticing.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';

describe('how often a member looks and decides', () => {
  it('is ten times a second for the fast presets and five times where H is a second or more', () => {
    const every = Object.values(timingPresets).map(lookEveryMs);
    expect(every).toEqual([100, 100, 200, 200, 200]);
  });

  it('is once a second there while all is calm, and no seldomer for the fast presets', () => {
    const every = Object.values(timingPresets).map(calmLookEveryMs);
    expect(every).toEqual([100, 100, 1_000, 1_000, 1_000]);
  });

  it('is every two seconds at an API, and twice a second for the fast presets', () => {
    const every = Object.values(timingPresets).map(apiLookEveryMs);
    expect(every).toEqual([500, 500, 2_000, 2_000, 5_000]);
  });

  it('is five times as seldom at an engine whose end is told, and soon enough for three looks until it is unknown', () => {
    const every = Object.values(timingPresets).map(toldLookEveryMs);
    expect(every).toEqual([500, 500, 1_000, 1_000, 1_000]);
  });
});
