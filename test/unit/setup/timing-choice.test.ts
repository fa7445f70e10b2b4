import { describe, expect, it } from 'vitest';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { MeasuredTimes } from '../../../shared/setup/measured-times.ts';
import {
  failureCourse,
  nothingMeasured,
  presetChoices,
  timingChoice,
} from '../../../shared/setup/timing-choice.ts';

const spread = (best: number, typical: number, worst: number) => ({ best, typical, worst });

const measured: MeasuredTimes = {
  renewal: spread(0.01, 0.1, 0.184),
  lag: spread(0, 0.01, 0.041),
  kill: spread(0.1, 0.2, 0.31),
  storageProof: spread(0.1, 0.2, 1),
  engineStop: spread(1, 2, 3.1),
  engineStart: spread(6.1, 6.8, 9.4),
};

describe('the choice of a timing', () => {
  it('refuses what was measured to be too slow for it, with every broken condition', () => {
    const [rapid, ...others] = presetChoices(measured);
    expect(rapid!.refusals).toEqual([
      { formula: 'kill ≤ D', numbers: '0.31 s > 0.2 s', meaning: 'a kill takes too long here' },
      {
        formula: '2 × worst renewal ≤ O',
        numbers: '2 × 0.18 s = 0.37 s > 0.25 s',
        meaning: 'network or disk of the lease store are too slow',
      },
    ]);
    expect(others.map(({ refusals }) => refusals.length)).toEqual([0, 0, 0, 0]);
  });

  it('adds grant, storage proof and engine start to the running out of the lease', () => {
    const { recovery } = timingChoice(timingPresets.normal, measured);
    expect(recovery.best).toBeCloseTo(15.4 - 2 + 0.1 + 0.1 + 6.1, 6);
    expect(recovery.typical).toBeCloseTo(15.4 - 1 + 0.1 + 0.2 + 6.8, 6);
    expect(recovery.worst).toBeCloseTo(15.4 + 2.5 + 1 + 9.4, 6);
    expect(recovery.atLeast).toBe(false);
  });

  it('says that a time is a lower bound and that nothing is proven where nothing was measured', () => {
    const choice = timingChoice(timingPresets.normal, nothingMeasured);
    expect(choice.refusals).toEqual([]);
    expect(choice.recovery.atLeast).toBe(true);
    expect(choice.cautions[0]).toContain('Not measured: the renewal, the lag of programs, the kill.');
  });

  it('refuses a timing of one’s own outside the formula', () => {
    const { refusals } = timingChoice({ ...timingPresets.normal, T: 10 }, measured);
    expect(refusals.map(({ formula }) => formula)).toContain('max(H, O) + 2·O + K + δ ≤ T');
  });

  it('refuses when programs wake up later than the lease can spare', () => {
    const late = { ...measured, lag: spread(0, 0.5, 2) };
    expect(timingChoice(timingPresets.fast, late).refusals.map(({ meaning }) => meaning)).toContain(
      'programs on the members are woken up too late',
    );
  });

  it('warns when the engine needs longer to stop than the lease gives it', () => {
    const slow = { ...measured, engineStop: spread(2, 4, 8) };
    expect(timingChoice(timingPresets.normal, slow).cautions.join()).toContain('up to 8 s to stop');
  });
});

describe('the drawn failure', () => {
  it('ends with the Active at the typical recovery time, nothing overlapping', () => {
    const course = failureCourse(timingPresets.normal, measured);
    const { recovery } = timingChoice(timingPresets.normal, measured);
    expect(course.active).toBeCloseTo(recovery.typical, 6);
    expect(course.mightServe.to).toBeLessThan(course.leaseLive.to);
    expect(course.proof.from).toBe(course.leaseLive.to);
    expect(course.engineStart).toEqual({ from: course.proof.to, to: course.active });
  });
});
