import { describe, expect, it } from 'vitest';
import { changeBlockers } from '../../../shared/failover/blockers.ts';
import { decide } from '../../../shared/failover/decide.ts';
import { stepKinds, type MemberFacts, type StepKind } from '../../../shared/failover/member-facts.ts';
import { plans } from '../../../shared/failover/plan.ts';
import { activeFacts } from './sample-facts.ts';

/** The values that each fact takes; the product of all of them is looked at. */
const values = {
  held: [true, false],
  process: ['running', 'stopped', 'starting', 'stopping', null],
  storeReachable: [true, false],
  holder: ['north', 'south', null],
  freeInMs: [0, 3_000, null],
  reachable: [true, false],
  role: ['active', 'passive', 'taking-over', 'unknown', null],
  serving: [true, false],
  provenEpoch: [5, null],
  proven: [true, false, null],
  changing: [true, false],
} as const;
type Choice = { [Name in keyof typeof values]: (typeof values)[Name][number] };

function* choices(): Generator<Choice> {
  const names = Object.keys(values) as (keyof typeof values)[];
  const total = names.reduce((product, name) => product * values[name].length, 1);
  for (let index = 0; index < total; index += 1) {
    let rest = index;
    const picked = names.map((name) => {
      const value = values[name][rest % values[name].length];
      rest = Math.floor(rest / values[name].length);
      return [name, value];
    });
    yield Object.fromEntries(picked) as Choice;
  }
}

/** Goal: no combination of facts leads to a forbidden step. Method: every combination of the values above. */
function* combinations(): Generator<MemberFacts> {
  for (const choice of choices()) {
    const { held, process, storeReachable, holder, freeInMs, reachable, role, serving } = choice;
    yield activeFacts({
      lease: { held, storeReachable, holder, freeInMs, leftMs: held ? 3_000 : 0 },
      memory: { epoch: 5, ended: held ? 4 : 5 },
      engine: { process: { value: process, ageMs: 1 }, api: { value: process === 'running', ageMs: 1 } },
      peer: { reachable, role, blockers: reachable ? [] : null },
      serving,
      storage: { provenEpoch: choice.provenEpoch, proven: { value: choice.proven, ageMs: 1 } },
      operation: choice.changing
        ? { id: 'x', kind: 'switchover', to: 'south', epoch: 5, requestedBy: 'a', reason: '' }
        : null,
    });
  }
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
