import { describe, expect, it } from 'vitest';
import {
  formatMeasured,
  formatRange,
  formatSpan,
  oldestAge,
  presentAge,
  silenceLimitMs,
} from '../../../shared/fleet/age.ts';

describe('age of a value', () => {
  it('is fresh up to two intervals, late up to three, stale above', () => {
    expect(presentAge(2_000).grade).toBe('fresh');
    expect(presentAge(2_001).grade).toBe('late');
    expect(presentAge(3_000).grade).toBe('late');
    expect(presentAge(3_001)).toEqual({ grade: 'stale', text: '3.0 s ago' });
  });

  it('is stale at once when its source is silent, however young it is', () => {
    expect(presentAge(100, { sourceSilent: true })).toEqual({ grade: 'stale', text: '0.1 s ago' });
  });

  it('is unknown when it was never heard, and never zero', () => {
    expect(presentAge(null)).toEqual({ grade: 'unknown', text: '?' });
  });

  it('is worded in the unit a person would use', () => {
    expect([0, 840, 9_949, 12_300, 240_000, 11_520_000, 1_065_600_000].map(formatSpan)).toEqual([
      '0.0 s',
      '0.8 s',
      '9.9 s',
      '12 s',
      '4 min',
      '3 h 12 min',
      '12 d 8 h',
    ]);
  });

  it('of several values is the oldest, and unknown when one is', () => {
    expect(oldestAge([3, 9, 4])).toBe(9);
    expect(oldestAge([3, null])).toBeNull();
    expect(oldestAge([])).toBeNull();
  });

  it('words measured durations and ranges', () => {
    expect(formatMeasured(11.4)).toBe('11 ms');
    expect(formatMeasured(6_900)).toBe('6.9 s');
    expect(formatRange(9_800, 11_800)).toBe('9.8 – 11.8 s');
    expect(formatRange(9_800, 9_800)).toBe('9.8 s');
  });

  it('counts a source as silent after three renewal periods, three seconds at least', () => {
    expect(silenceLimitMs(undefined)).toBe(3_000);
    expect(silenceLimitMs({ H: 0.2 })).toBe(3_000);
    expect(silenceLimitMs({ H: 5 })).toBe(15_000);
  });
});
