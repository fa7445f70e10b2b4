import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noAnswers, type AdvisorAnswers } from '../../../shared/advisor/answers.ts';
import { criteria } from '../../../shared/advisor/criteria.ts';
import { knownSituation } from '../../../shared/advisor/known.ts';
import { chooseDesign, recommend } from '../../../shared/advisor/recommend.ts';
import { onlyAnswers, throughputAnswers } from './sample-answers.ts';

const maybe = <Value>(...values: Value[]) => fc.option(fc.constantFrom(...values), { nil: null });
const figure = (most: number) => fc.option(fc.integer({ min: 0, max: most }), { nil: null });
const yesNo = maybe('yes' as const, 'no' as const);

const anyAnswers: fc.Arbitrary<AdvisorAnswers> = fc.record({
  schema: fc.constant(1 as const),
  order: maybe('none', 'within', 'across'),
  pollers: fc.record({
    amount: maybe('none', 'some', 'many'),
    kinds: fc.constant([]),
    count: figure(30),
    doubleRead: maybe('harmful', 'harmless'),
  }),
  load: fc.record({
    priority: maybe('simplicity', 'balanced', 'throughput'),
    perSecond: figure(60),
    perSecondInTwoYears: figure(60),
    capacityPerSecond: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
    interfaces: fc.option(fc.integer({ min: 1, max: 40 }), { nil: null }),
    divisible: yesNo,
    acceptsOverload: fc.boolean(),
  }),
  team: fc.record({
    effort: maybe('little', 'some', 'much'),
    onCall: figure(4),
    experience: maybe('none', 'some', 'much'),
    changesPerMonth: figure(20),
  }),
  present: fc.record({
    storage: maybe('shared', 'copied', 'none'),
    storagePerCluster: yesNo,
    balancer: maybe('by-cluster', 'one-address', 'none'),
    thirdMachine: yesNo,
    secondNetwork: yesNo,
    storageCut: yesNo,
    powerSwitch: yesNo,
    licences: yesNo,
  }),
  tolerated: fc.record({ downtimeSeconds: figure(200), loss: maybe('none', 'seconds') }),
  sites: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  interfaces: fc.constant([]),
});

/** What is answered stays, what is not comes from the other answers. */
function completed(answers: AdvisorAnswers, other: AdvisorAnswers): AdvisorAnswers {
  const fill = (mine: unknown, theirs: unknown): unknown => {
    if (mine === null) return theirs;
    if (typeof mine !== 'object' || Array.isArray(mine)) return mine;
    const from = theirs as Record<string, unknown>;
    return Object.fromEntries(Object.entries(mine).map(([key, value]) => [key, fill(value, from[key])]));
  };
  return fill(answers, other) as AdvisorAnswers;
}

describe('the recommendation', () => {
  it('recommends nothing before anything is answered, and names every question', () => {
    const advice = recommend(noAnswers);
    expect(advice).toMatchObject({ design: null, settled: false, headline: 'Not known yet', openPoints: 29 });
    expect([...new Set(advice.open.map(({ question }) => question))]).toEqual([1, 2, 3, 4, 5]);
    expect(advice.reasons).toEqual([]);
  });

  it('reads the picture: throughput, a divisible load, everything there for two', () => {
    const advice = recommend(throughputAnswers());
    expect(advice).toMatchObject({ design: 'multi-cluster', settled: true });
    expect(advice.reasons[0]).toMatchObject({ id: 'load', weight: 5, favours: 'multi-cluster' });
    expect(advice.missing.map(({ id }) => id)).toEqual(['power-switch']);
    expect(advice.promises.filter(({ state }) => state === 'not-met')).toEqual([]);
  });

  it('lets no weight outvote that the interfaces cannot be divided', () => {
    const advice = recommend(throughputAnswers({ load: { divisible: 'no', perSecondInTwoYears: 28 } }));
    expect(advice).toMatchObject({ design: 'active-passive', settled: true });
    expect(advice.reasons[0]).toMatchObject({ id: 'indivisible', weight: null });
    expect(advice.points['multi-cluster']).toBeGreaterThan(advice.points['active-passive']);
  });

  it('finds out by the list alone that the interfaces cannot be divided', () => {
    const interfaces = ['A', 'B', 'C'].map((name) => ({ name, perSecond: 5, together: ['A'] }));
    expect(recommend(throughputAnswers({ interfaces })).excluded).toEqual(['multi-cluster']);
  });

  it('takes more than one server carries to Multi-Cluster, with a caution to be accepted', () => {
    const load = { priority: 'simplicity', perSecond: 60, perSecondInTwoYears: 60 } as const;
    const advice = recommend(throughputAnswers({ load, team: { effort: 'little' } }));
    expect(advice.design).toBe('multi-cluster');
    expect(advice.cautions).toMatchObject([{ id: 'overload' }]);
    expect(advice.cautions[0]!.says).toContain('125 %');
  });

  it('says that neither design fits when one server is too small and nothing can be divided', () => {
    const advice = recommend(throughputAnswers({ load: { perSecond: 60, divisible: 'no' } }));
    expect(advice).toMatchObject({ design: null, settled: true, headline: 'Neither design fits' });
  });

  it('leads to the simpler design when the weights are equal', () => {
    const advice = recommend(onlyAnswers({ load: { priority: 'balanced' } }));
    expect(advice).toMatchObject({ design: 'active-passive', settled: false });
  });

  it.each([
    [{ thirdMachine: 'no' }, 'failover', 'no-failover'],
    [{ storage: 'copied' }, 'loss', 'loss'],
    [{ balancer: 'none' }, 'senders', 'no-senders'],
  ] as const)('shows what %j costs as a guarantee that is not met', (present, promise, caution) => {
    const advice = recommend(throughputAnswers({ present }));
    expect(advice.promises.find(({ id }) => id === promise)?.state).toBe('not-met');
    expect(advice.cautions.map(({ id }) => id)).toContain(caution);
    expect(advice.missing.length).toBeGreaterThan(1);
  });

  it('counts what cannot be used as not answered, and says what is wrong', () => {
    const advice = recommend(throughputAnswers({ load: { perSecond: -3, perSecondInTwoYears: null } }));
    expect(advice.problems).toEqual([
      {
        field: 'load.perSecond',
        says: 'The messages a second at the peak cannot be negative; -3 was given.',
      },
    ]);
    expect(advice.reasons.some(({ id }) => id === 'load')).toBe(false);
  });

  it('says "settled" only when no answer that is still open could change the design', () => {
    fc.assert(
      fc.property(anyAnswers, anyAnswers, (answers, other) => {
        const before = chooseDesign(knownSituation(answers));
        if (!before.settled) return;
        expect(chooseDesign(knownSituation(completed(answers, other))).design).toBe(before.design);
      }),
      { numRuns: 1_000 },
    );
  });

  it('names only guarantees with a reason, and no reason twice', () => {
    fc.assert(
      fc.property(anyAnswers, (answers) => {
        const advice = recommend(answers);
        expect(advice.promises.every(({ why }) => why !== '')).toBe(true);
        expect(new Set(advice.reasons.map(({ id }) => id)).size).toBe(advice.reasons.length);
        const spoken = criteria.reduce((sum, { weight }) => sum + weight, 0) - advice.openPoints;
        expect(advice.points['active-passive'] + advice.points['multi-cluster']).toBeLessThanOrEqual(spoken);
      }),
    );
  });

  it('claims no change of mind that does not lead elsewhere', () => {
    const advice = recommend(throughputAnswers());
    expect(advice.wouldChange).toContain('If the interfaces could not be divided: Active–Passive instead.');
    const indivisible = recommend(throughputAnswers({ load: { divisible: 'no' } }));
    expect(indivisible.design).toBe('active-passive');
    expect(advice.wouldChange.join()).not.toContain('If throughput came first');
  });
});
