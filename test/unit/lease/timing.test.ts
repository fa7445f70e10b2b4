import { describe, expect, it } from 'vitest';
import {
  checkTiming,
  clockDriftBound,
  leaseInstants,
  leaseRunOut,
  timingPresetNames,
  timingPresets,
} from '../../../shared/lease/timing.ts';

describe('timing policy', () => {
  it.each(timingPresetNames)('accepts the preset %s', (name) => {
    expect(checkTiming(timingPresets[name])).toEqual({ ok: true, value: timingPresets[name] });
  });

  it('refuses a lease that is too short, with formula and numbers', () => {
    const refused = checkTiming({ ...timingPresets.normal, T: 12 });
    expect(refused.ok).toBe(false);
    if (refused.ok) return;
    expect(refused.error[0]?.formula).toBe('max(H, O) + 2·O + K + δ ≤ T');
    expect(refused.error[0]?.numbers).toContain('more than T = 12 s');
  });

  it('refuses guards that could not kill within the stop time', () => {
    const refused = checkTiming({ ...timingPresets.fast, D: 1.5 });
    expect(refused.ok ? [] : refused.error.map((broken) => broken.formula)).toEqual(['2·D ≤ K']);
  });

  it('refuses a lease that runs on for longer than senders wait, and takes the longest that they do', () => {
    const slow = timingPresets['cross-site'];
    const refused = checkTiming({ ...slow, T: 297 });
    expect(refused.ok ? [] : refused.error).toMatchObject([
      { formula: 'T + δ ≤ 300 s', numbers: '297 + 3.22 = 300.22 s' },
    ]);
    expect(checkTiming({ ...slow, T: 296 }).ok).toBe(true);
    expect(checkTiming({ ...slow, T: 1e9 }).ok).toBe(false);
  });

  it.each(timingPresetNames)(
    'orders the instants of a lease for %s: stop, kill, proven, end, free',
    (name) => {
      const at = leaseInstants(timingPresets[name]);
      expect(at.ownStopMs).toBeGreaterThan(0);
      expect(at.ownStopMs).toBeLessThan(at.guardKillMs);
      expect(at.lastUseMs).toBeLessThanOrEqual(at.ownStopMs);
      expect(at.guardKillMs).toBeLessThan(at.provenMs);
      expect(at.provenMs).toBeLessThan(at.validMs);
      expect(at.validMs).toBeLessThan(at.freeMs);
    },
  );

  it('kills within D of the guards’ deadline even when both clocks drift apart by δ', () => {
    for (const name of timingPresetNames) {
      const timing = timingPresets[name];
      const at = leaseInstants(timing);
      expect(at.guardKillMs + timing.D * 1000).toBeLessThanOrEqual(
        at.freeMs - 2 * clockDriftBound(timing.T) * 1000 + 1,
      );
    }
  });

  it('gives the run-out of the lease as best, typical and worst', () => {
    expect(leaseRunOut(timingPresets.fast)).toEqual({ best: 3.79, typical: 4.04, worst: 4.29 });
  });
});
