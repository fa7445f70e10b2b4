import { describe, expect, it } from 'vitest';
import { changeBlockers } from '../../../shared/failover/blockers.ts';
import { decide } from '../../../shared/failover/decide.ts';
import { stepKinds, type StepKind } from '../../../shared/failover/member-facts.ts';
import { plans } from '../../../shared/failover/plan.ts';
import { combinations } from '../../golden/combinations.ts';
import { pairs } from '../../golden/pairs.ts';

/** Goal: no combination of facts leads to a forbidden step. Method: every combination of values, and of two members. */
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

describe('two members beside one store, in every state', () => {
  const working: readonly StepKind[] = ['start-engine', 'start-components', 'start-pollers', 'open-active'];

  it('never let both begin to serve, and neither take a lease that the other may have', () => {
    const problems: string[] = [];
    let count = 0;
    for (const { store, link, north, south, decisions } of pairs()) {
      count += 1;
      const kinds = decisions.map(({ steps }) => steps[0]?.kind);
      const at = `store ${store}, link ${link}, north ${north.engine} ${north.lease}, south ${south.engine} ${south.lease}`;
      const check = (fine: boolean, what: string) => {
        if (!fine) problems.push(`${at}: ${what}`);
      };
      check(
        kinds.filter((kind) => kind !== undefined && working.includes(kind)).length < 2,
        'both begin to serve',
      );
      // Members that do not hear each other may both ask: the store grants it to one.
      const bothAsk = kinds.every((kind) => kind === 'acquire');
      check(!bothAsk || link === 'down', 'both ask for the lease');
      [north, south].forEach((own, index) => {
        const other = index === 0 ? south : north;
        const kind = kinds[index];
        check(kind !== 'acquire' || other.lease === 'expired', 'asks for the lease of the other');
        check(kind !== 'acquire' || store === 'up', 'asks a store that is not there');
        check(
          kind === undefined || !working.includes(kind) || own.lease === 'valid',
          `${kind} without a lease`,
        );
        const astray = own.lease === 'expired' && own.engine === 'active';
        check(!astray || kind === 'kill-engine', 'an engine without a lease is left running');
      });
    }
    expect(problems).toEqual([]);
    expect(count).toBe(3 * 2 * (6 * 6 - 3 * 3));
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
