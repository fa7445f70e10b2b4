import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/failover/decide.ts';
import type { MemberFacts, StepKind } from '../../../shared/failover/member-facts.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

/** Goal: a step that fails at once is not tried again at once, for ever. Method: the same facts soon and late after a failure. */
const change = {
  id: 'x',
  kind: 'switchover',
  to: 'south',
  epoch: 5,
  requestedBy: 'admin-1',
  reason: 'patching',
} as const;
const stopped = { process: { value: 'stopped' } } as const;

const cases: readonly [StepKind, MemberFacts][] = [
  ['drain', activeFacts({ operation: change })],
  ['end-epoch', grantedFacts({ operation: change, ledgerSealedEpoch: 5, engine: stopped })],
  ['release', passiveFacts({ lease: { releasing: true } })],
];

describe('a step that has failed', () => {
  it.each(cases)('%s is tried again after a pause, and the reason says so', (kind, facts) => {
    expect(decide(facts).steps[0]?.kind).toBe(kind);
    const failed = (agoMs: number) => ({
      ...facts,
      failures: { [kind]: { count: 1, agoMs, why: 'the disk is full' } },
    });
    expect(decide(failed(50))).toMatchObject({ verdict: 'wait', steps: [] });
    expect(decide(failed(50)).reason).toContain('the disk is full');
    expect(decide(failed(10_000)).steps[0]?.kind).toBe(kind);
  });
});
