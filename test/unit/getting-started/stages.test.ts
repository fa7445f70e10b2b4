import { describe, expect, it } from 'vitest';
import { stages, type StageFacts } from '../../../shared/getting-started/stages.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import type { CheckResult } from '../../../shared/readiness/results.ts';
import { advisorFixtures } from '../../screens/advisor-fixtures.ts';
import { acceptedPlan, planFixture } from '../../screens/plan-fixture.ts';
import { setupFixtures } from '../../screens/setup-fixtures.ts';

const nothing: StageFacts = { hasSite: false, advisor: null, setup: null, plan: null, checks: [] };
const statesOf = (facts: Partial<StageFacts>) => stages({ ...nothing, ...facts }).map(({ state }) => state);
const saysOf = (facts: Partial<StageFacts>) => stages({ ...nothing, ...facts }).map(({ says }) => says);

/** Every check with one verdict. */
function allChecks(verdict: 'ok' | 'failed'): CheckResult[] {
  const subject = {
    subject: '',
    verdict,
    finding: '',
    remedy: null,
    ageMs: null,
    answer: null,
    snooze: null,
  };
  return readinessChecks.map(({ id }) => ({ check: id, verdict, subjects: [subject] }));
}

describe('the four stages of getting started', () => {
  it('are open where nothing is kept', () => {
    expect(statesOf({})).toEqual(['open', 'open', 'open', 'open']);
  });

  it('are done by a decision, checks that are met and an acceptance that still holds', () => {
    const advisor = { ...advisorFixtures.decided, installed: null };
    const plan = planFixture({ acceptance: acceptedPlan });
    expect(statesOf({ hasSite: true, advisor, plan, checks: allChecks('ok') })).toEqual(
      Array(4).fill('done'),
    );
  });

  it('say how many checks are open, and that settings have changed since they were accepted', () => {
    const view = planFixture({ acceptance: acceptedPlan });
    const plan = { ...view, behaviour: { ...view.behaviour!, balancer: 'f5' } };
    const facts = { hasSite: true, plan, checks: allChecks('failed') };
    expect(statesOf(facts)).toEqual(['open', 'open', 'again', 'open']);
    expect(saysOf(facts)[1]).toMatch(/^(\d+) of \1 checks are open, \1 of them failed\.$/);
    expect(saysOf(facts)[2]).toMatch(/^The load balancer was /);
  });

  it('take a site’s own checks, and before there is one the preflight of its setup', () => {
    const { preflight, draft } = setupFixtures.whole;
    const failed = preflight.checks.filter(({ verdict }) => verdict === 'failed').length;
    const setup = { draft, preflight: { ...preflight, work: { ...preflight.work, state: 'done' as const } } };
    expect(failed).toBeGreaterThan(0);
    expect(saysOf({ setup })[1]).toBe(`${failed} of ${preflight.checks.length} checks failed.`);
    expect(saysOf({ setup, hasSite: true })[1]).toBe('Its checks have not run yet.');
    const fine = preflight.checks.map((check, index) => ({
      ...check,
      ...{ verdict: index === 0 ? ('unknown' as const) : ('ok' as const), byPerson: false },
    }));
    const unseen = { draft, preflight: { ...setup.preflight, checks: fine } };
    expect(saysOf({ setup: unseen })[1]).toBe(`1 of ${fine.length} checks could not be seen.`);
    expect(statesOf({ setup: unseen })[1]).toBe('open');
  });
});
