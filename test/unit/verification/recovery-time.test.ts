import { describe, expect, it } from 'vitest';
import { goodMove, goodPlan } from './a-move.ts';
import { lineOf, planned, slowMove } from './slow-move.ts';

describe('the recovery time', () => {
  it('says by how much the whole and each part are over the plan', () => {
    const { evidence, before, next } = lineOf(slowMove(), 'V18');
    expect(before).toBe('plan at most 6.9 s');
    expect(evidence).toMatch(
      /^plan: 93 s, 86 s over the 6\.9 s that were planned: engine started on ig-south 90 s, 87 s more than planned/,
    );
    expect(next).toContain('which part took so long');
  });

  it('says so too where that decides nothing', () => {
    expect(lineOf(planned(4_000), 'V18').evidence).toMatch(
      /^plan: 5\.8 s, 1\.8 s over the 4\.0 s that were planned/,
    );
    expect(lineOf(goodMove(), 'V18').signs).toContainEqual(
      expect.objectContaining({ from: 'plan', kind: 'shown', says: '5.8 s, at most 6.9 s were planned' }),
    );
  });

  it('takes no plan for whole of which a step was never measured', () => {
    const { verdict, signs } = lineOf(planned(100, false), 'V18');
    expect(verdict).toBe('consistent');
    expect(signs.find(({ from }) => from === 'plan')?.says).toContain('was never measured before');
  });

  it('compares a takeover with what was computed for one, and its wait with the rule', () => {
    const { planned: plan } = goodPlan;
    const e = goodMove();
    const earlier = { ...e.earlier!, plan: { planned: null, takeover: plan } };
    const line = lineOf({ ...e, move: { ...e.move, kind: 'takeover' }, earlier }, 'V18');
    expect(line.signs.map(({ from }) => from)).toEqual(expect.arrayContaining(['plan', 'rule', 'goal']));
  });
});
