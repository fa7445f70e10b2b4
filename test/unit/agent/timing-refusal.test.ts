import { describe, expect, it } from 'vitest';
import { timingRefusal } from '../../../agent/timing-refusal.ts';
import { formatProductError } from '../../../shared/errors.ts';
import { timingPresetNames, timingPresets } from '../../../shared/lease/timing.ts';

describe('timing at the start of a member', () => {
  it.each(timingPresetNames)('lets the preset %s run', (name) => {
    expect(timingRefusal('WK1', timingPresets[name])).toBeNull();
  });

  it('names every broken formula with its numbers', () => {
    const refusal = timingRefusal('WK1', { ...timingPresets.fast, T: 3, D: 1.5 });
    const text = refusal === null ? '' : formatProductError(refusal);
    expect(text).toContain('max(H, O) + 2·O + K + δ ≤ T does not hold: max(0.5, 0.5) + 2·0.5 + 2 + 0.28');
    expect(text).toContain('2·D ≤ K does not hold: 2·1.5 = 3 s, more than K = 2 s');
  });
});
