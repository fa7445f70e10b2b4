import { describe, expect, it } from 'vitest';
import { lookEveryMs } from '../../../agent/member/look-every.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';

describe('how often a member looks and decides', () => {
  it('is ten times a second for the fast presets and five times where H is a second or more', () => {
    const every = Object.values(timingPresets).map(lookEveryMs);
    expect(every).toEqual([100, 100, 200, 200, 200]);
  });
});
