import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdvisedInterface } from '../../../shared/advisor/answers.ts';
import { separableGroups, suggestPartition } from '../../../shared/advisor/partition.ts';

/** Interfaces with different names, some of which must stay with others. */
const interfaces = (most: number) =>
  fc
    .array(
      fc.record({
        rate: fc.option(fc.integer({ min: 0, max: 500 }), { nil: null }),
        with: fc.array(fc.nat(), { maxLength: 2 }),
      }),
      {
        minLength: 1,
        maxLength: most,
      },
    )
    .map((raw): AdvisedInterface[] =>
      raw.map(({ rate, with: others }, index) => ({
        name: `if-${index}`,
        perSecond: rate,
        together: others
          .filter((_, place) => (index + place) % 3 === 0)
          .map((other) => `if-${other % raw.length}`),
      })),
    );
const named = (rates: Record<string, number>, together: Record<string, string[]> = {}): AdvisedInterface[] =>
  Object.entries(rates).map(([name, perSecond]) => ({ name, perSecond, together: together[name] ?? [] }));

describe('the suggested division of interfaces', () => {
  it('puts every interface into exactly one cluster, and keeps together what must stay in order', () => {
    fc.assert(
      fc.property(interfaces(40), fc.integer({ min: 2, max: 4 }), (list, count) => {
        const { clusters } = suggestPartition(list, count);
        expect(clusters.flatMap(({ names }) => names).sort()).toEqual(list.map(({ name }) => name).sort());
        const clusterOf = (name: string) => clusters.findIndex(({ names }) => names.includes(name));
        for (const { name, together } of list) {
          for (const other of together) expect(clusterOf(other)).toBe(clusterOf(name));
        }
      }),
    );
  });

  it('finds the least busy division of a few groups, as trying all of them does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 10 }), (rates) => {
        const list = named(Object.fromEntries(rates.map((rate, index) => [`if-${index}`, rate])));
        const total = rates.reduce((sum, rate) => sum + rate, 0);
        const least = Math.min(
          ...Array.from({ length: 2 ** rates.length }, (_, choice) => {
            const one = rates.reduce((sum, rate, index) => sum + ((choice >> index) & 1 ? rate : 0), 0);
            return Math.max(one, total - one);
          }),
        );
        const { clusters, isBest } = suggestPartition(list, 2);
        expect(isBest).toBe(true);
        expect(clusters[0]!.load).toBeCloseTo(least, 6);
      }),
    );
  });

  it('never exceeds four thirds of what is possible, also with many groups', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 17, maxLength: 60 }), (rates) => {
        const list = named(Object.fromEntries(rates.map((rate, index) => [`if-${index}`, rate])));
        const possible = Math.max(...rates, rates.reduce((sum, rate) => sum + rate, 0) / 2);
        expect(suggestPartition(list, 2).clusters[0]!.load).toBeLessThanOrEqual((4 / 3) * possible + 1e-6);
      }),
    );
  });

  it('does not depend on the order of the list', () => {
    fc.assert(
      fc.property(interfaces(30), (list) => {
        const loads = (from: readonly AdvisedInterface[]) =>
          suggestPartition(from, 2).clusters.map(({ load }) => Math.round(load * 1e6));
        expect(loads([...list].reverse())).toEqual(loads(list));
      }),
    );
  });

  it('keeps a chain together, over names said in either direction', () => {
    const list = named({ ADT: 5, ORM: 4, ORU: 3, MDM: 6 }, { ADT: ['ORM'], ORU: ['ORM'] });
    expect(separableGroups(list)).toBe(2);
    const { clusters, kept } = suggestPartition(list, 2);
    expect(clusters.map(({ names }) => [...names].sort())).toEqual([['ADT', 'ORM', 'ORU'], ['MDM']]);
    expect(kept).toEqual([['ADT', 'ORM', 'ORU']]);
  });

  it('counts an unknown rate as the average of the others, and says so', () => {
    const list = [...named({ A: 10, B: 20 }), { name: 'C', perSecond: null, together: [] }];
    expect(suggestPartition(list, 2).unknown).toEqual({ count: 1, assumed: 15 });
  });

  it('is quick with the most interfaces that are allowed', () => {
    const list = named(
      Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`if-${index}`, index % 97])),
    );
    const { clusters, isBest } = suggestPartition(list, 2);
    expect(isBest).toBe(false);
    expect(clusters[0]!.load - clusters[1]!.load).toBeLessThan(97);
  });
});
