import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Proof } from '../../../shared/fleet/queue-book.ts';
import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import { verdictOf, type Sign } from '../../../shared/verification/signs.ts';
import { verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove, silent, withMember } from './a-move.ts';

/**
 * Goal: nothing is called better because less was looked at.
 * Method: takes random parts of the evidence away, one after the other, and compares the verdicts.
 */
const rank: Readonly<Record<Proof, number>> = { unknown: 0, consistent: 1, proven: 2, violated: 3 };
const verdicts = (e: MoveEvidence) =>
  verifyMove(e, { site: 'demo', checkedAt: '' }).lines.map(({ id, verdict }) => ({ id, verdict }));

type Removal = (e: MoveEvidence) => MoveEvidence;
const servers = ['ig-north', 'ig-south'];
const unsaid = { value: null, why: 'not looked at', source: 'none', ageMs: 0 } as const;
const engineFields = ['process', 'api', 'components', 'pollers', 'received'] as const;

const removals: readonly Removal[] = [
  ...servers.map(
    (server): Removal =>
      (e) =>
        silent(e, server),
  ),
  ...servers.map(
    (server): Removal =>
      (e) =>
        withMember(e, server, () => ({ report: null, why: 'not asked' })),
  ),
  ...servers.flatMap((server) =>
    engineFields.map(
      (field): Removal =>
        (e) =>
          withMember(e, server, ({ snapshot }) => ({
            snapshot: snapshot && {
              ...snapshot,
              // A silent API of an engine that runs is a finding; one that was not looked at is not.
              engine: {
                ...snapshot.engine,
                [field]: unsaid,
                ...(field === 'api' ? { process: unsaid } : {}),
              },
            },
          })),
    ),
  ),
  ...servers.map(
    (server): Removal =>
      (e) =>
        withMember(e, server, ({ report }) => ({
          report: report && {
            ...report,
            ledger: { ...report.ledger, comparison: null, returned: null, present: null },
          },
        })),
  ),
  (e) => ({ ...e, traffic: { before: null, after: e.traffic.after } }),
  (e) => ({ ...e, traffic: { before: null, after: null } }),
  (e) => ({ ...e, earlier: null }),
  (e) => ({ ...e, others: null }),
  (e) => ({ ...e, configuration: { equal: null, said: 'not looked at' } }),
  (e) => ({ ...e, store: { ...e.store, epoch: null, holder: null } }),
  (e) => ({ ...e, balancer: { ...e.balancer, sendsTo: null, sessions: null } }),
  ...goodMove().records.map((_, index): Removal => (e) => ({
    ...e,
    records: e.records.filter(({ seq }) => seq !== (goodMoveSeqs[index] ?? -1)),
  })),
];
const base = goodMove();
const goodMoveSeqs = base.records.map(({ seq }) => seq);

describe('evidence that is taken away', () => {
  it('never makes a verdict better', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: removals.length - 1 }), { minLength: 1, maxLength: 6 }),
        (picked) => {
          let e = base;
          let last = verdicts(e);
          for (const index of picked) {
            e = removals[index]!(e);
            const now = verdicts(e);
            now.forEach(({ id, verdict }, line) => {
              expect(
                `${id} ${rank[verdict] <= rank[last[line]!.verdict] ? 'not better' : `${last[line]!.verdict} to ${verdict}`}`,
              ).toBe(`${id} not better`);
            });
            last = now;
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('leaves nothing that is known when all of it is gone', () => {
    const nothing = removals.reduce((e, remove) => remove(e), base);
    for (const { id, verdict } of verdicts(nothing)) expect([id, verdict]).toEqual([id, 'unknown']);
  });
});

describe('the verdict of signs', () => {
  const sign = fc.record<Sign>({
    side: fc.constantFrom('before', 'after', 'outside'),
    from: fc.constant('x'),
    kind: fc.constantFrom('shown', 'fits', 'against', 'missing'),
    says: fc.constant(''),
    core: fc.boolean(),
    next: fc.constant(null),
  });

  it('is never better when one of them is missing or left out', () => {
    fc.assert(
      fc.property(fc.array(sign, { minLength: 1, maxLength: 6 }), fc.nat(), (signs, at) => {
        const index = at % signs.length;
        const without = signs.map((one, place): Sign =>
          place === index ? { ...one, kind: 'missing' } : one,
        );
        const [was, now] = [verdictOf(signs), verdictOf(without)];
        expect(now === 'proven').toBe(false);
        if (was !== 'violated') expect(rank[now]).toBeLessThanOrEqual(rank[was]);
      }),
    );
  });

  it('is violated whenever one speaks against it', () => {
    fc.assert(
      fc.property(fc.array(sign), (signs) => {
        const against = signs.some(({ kind }) => kind === 'against');
        expect(verdictOf(signs) === 'violated').toBe(against);
      }),
    );
  });
});
