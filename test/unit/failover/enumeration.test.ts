import { describe, expect, it } from 'vitest';
import { changeBlockers } from '../../../shared/failover/blockers.ts';
import { decide } from '../../../shared/failover/decide.ts';
import { stepKinds, type MemberFacts, type StepKind } from '../../../shared/failover/member-facts.ts';
import { plans } from '../../../shared/failover/plan.ts';
import { activeFacts } from './sample-facts.ts';

/** Goal: no combination of facts leads to a forbidden step. Method: every combination of the facts below. */
function* combinations(): Generator<MemberFacts> {
  const both = [true, false];
  for (const held of both)
    for (const process of ['running', 'stopped', 'starting', 'stopping', null] as const)
      for (const storeReachable of both)
        for (const holder of ['north', 'south', null])
          for (const freeInMs of [0, 3_000, null])
            for (const reachable of both)
              for (const role of ['active', 'passive', 'taking-over', 'unknown', null] as const)
                for (const serving of both)
                  for (const provenEpoch of [5, null])
                    for (const proven of [true, false, null])
                      for (const changing of both)
                        yield activeFacts({
                          lease: { held, storeReachable, holder, freeInMs, leftMs: held ? 3_000 : 0 },
                          memory: { epoch: 5, ended: held ? 4 : 5 },
                          engine: {
                            process: { value: process, ageMs: 1 },
                            api: { value: process === 'running', ageMs: 1 },
                          },
                          peer: { reachable, role, blockers: reachable ? [] : null },
                          serving,
                          storage: { provenEpoch, proven: { value: proven, ageMs: 1 } },
                          operation: changing
                            ? {
                                id: 'x',
                                kind: 'switchover',
                                to: 'south',
                                epoch: 5,
                                requestedBy: 'a',
                                reason: '',
                              }
                            : null,
                        });
}

const needLease: readonly StepKind[] = [
  'prove-storage',
  'write-generation',
  'start-engine',
  'start-components',
  'start-pollers',
  'open-active',
  'drain',
  'stop-engine',
];

describe('every combination of facts', () => {
  it('leads to exactly one explained decision and never to a forbidden step', () => {
    let count = 0;
    const problems = new Set<string>();
    for (const facts of combinations()) {
      count += 1;
      const decision = decide(facts);
      const kind = decision.steps[0]?.kind;
      const stopped = facts.engine.process.value === 'stopped';
      const check = (fine: boolean, what: string) => {
        if (!fine) problems.add(`${decision.ruleId}: ${what}`);
      };
      check(decision.headline !== '' && decision.reason !== '', 'no sentence');
      check(
        (decision.verdict === 'act') === (kind !== undefined),
        'acts without a step, or has a step without acting',
      );
      check(kind === undefined || !needLease.includes(kind) || facts.lease.held, `${kind} without a lease`);
      check(
        kind !== 'start-engine' ||
          (stopped && facts.storage.provenEpoch === 5 && facts.storage.generation.value === 5),
        'start without proof',
      );
      check(
        kind !== 'acquire' ||
          (stopped && !facts.lease.held && facts.lease.storeReachable && facts.storage.proven.value === true),
        'acquires although unfit',
      );
      check(kind !== 'end-epoch' || stopped, 'ends an epoch with the engine not proven stopped');
      const mayRun = !stopped && facts.engine.process.value !== null;
      check(
        !mayRun || facts.lease.held || kind === 'kill-engine',
        'an engine without a lease is left running',
      );
    }
    expect([...problems]).toEqual([]);
    expect(count).toBeGreaterThan(20_000);
  });

  it('gives blockers a remedy whatever is the matter', () => {
    for (const facts of combinations()) {
      for (const blocker of changeBlockers(facts)) {
        expect(blocker.reason.length * blocker.remedy.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('plans', () => {
  it('are made of known steps, each once', () => {
    for (const plan of Object.values(plans)) {
      const kinds = plan.map((step) => step.kind);
      expect(new Set(kinds).size).toBe(kinds.length);
      for (const kind of kinds) expect(stepKinds).toContain(kind);
    }
  });

  it('stop pollers before the engine and start them after everything else', () => {
    const order = plans.switchover.map((step) => step.kind);
    expect(order.indexOf('stop-pollers')).toBeLessThan(order.indexOf('stop-engine'));
    expect(order.at(-1)).toBe('start-pollers');
  });
});
