import { describe, expect, it } from 'vitest';
import { decide, decisionSentence } from '../../../shared/failover/decide.ts';
import { stepExecutors } from '../../../agent/member/step-executors.ts';
import { ruleTable } from '../../../shared/failover/rules.ts';
import { adoptionRuleCases } from './adoption-rule-cases.ts';
import { askedRuleCases } from './asked-rule-cases.ts';
import { conflictRuleCases } from './conflict-rule-cases.ts';
import { copiedRuleCases } from './copied-rule-cases.ts';
import { forcedRuleCases } from './forced-rule-cases.ts';
import { peerModeRuleCases } from './peer-mode-rule-cases.ts';
import { policyRuleCases } from './policy-rule-cases.ts';
import { stateRuleCases } from './state-rule-cases.ts';
import { ruleCases, silentPeer } from './rule-cases.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';
import { stuckRuleCases } from './stuck-rule-cases.ts';

const cases = [
  ...ruleCases,
  ...stateRuleCases,
  ...conflictRuleCases,
  ...askedRuleCases,
  ...policyRuleCases,
  ...peerModeRuleCases,
  ...forcedRuleCases,
  ...stuckRuleCases,
  ...copiedRuleCases,
  ...adoptionRuleCases,
];

describe('rule table', () => {
  it.each(cases)('%s', (_title, facts, ruleId, outcome, words) => {
    const decision = decide(facts);
    expect([decision.ruleId, decision.steps[0]?.kind ?? decision.verdict]).toEqual([ruleId, outcome]);
    expect(decisionSentence(decision)).toContain(words);
  });

  it('tells what is the matter also where nothing may be done about it', () => {
    const maintenance = { by: 'admin-1', reason: '', leftMs: 60_000 };
    const dead = grantedFacts({
      lease: { maintenance },
      storage: { provenEpoch: 5, generation: { value: 5 } },
    });
    const crashed = decide({ ...dead, engine: { ...dead.engine, crashes: 1 } });
    expect(crashed).toMatchObject({
      ruleId: 'R08',
      diagnosis: 'engine-crashed',
      withheld: { ruleId: 'R40' },
    });
    expect(crashed.steps).toEqual([]);
    expect(decide(activeFacts({ lease: { maintenance } }))).toMatchObject({
      diagnosis: 'maintenance',
      withheld: null,
    });
  });

  it('names no step without an executor, and no executor without a rule', () => {
    const named = new Set(cases.flatMap(([, facts]) => decide(facts).steps.map(({ kind }) => kind)));
    expect([...named].sort()).toEqual(Object.keys(stepExecutors).sort());
  });

  it('has a case for every rule', () => {
    const seen = new Set(cases.map(([, , ruleId]) => ruleId));
    expect(ruleTable.map((rule) => rule.id).filter((id) => !seen.has(id))).toEqual([]);
  });

  it('gives every rule its own id and every diagnosis its own name', () => {
    expect(new Set(ruleTable.map((rule) => rule.id)).size).toBe(ruleTable.length);
    expect(new Set(ruleTable.map((rule) => rule.diagnosis)).size).toBe(ruleTable.length);
  });

  it('waits between attempts of a failing step, longer each time', () => {
    const facts = (agoMs: number, count: number) =>
      grantedFacts({ failures: { 'prove-storage': { count, forMs: 900, agoMs, why: 'read-only' } } });
    expect(decide(facts(100, 1)).verdict).toBe('wait');
    expect(decide(facts(600, 1)).verdict).toBe('act');
    expect(decide(facts(600, 2)).verdict).toBe('wait');
    expect(decisionSentence(decide(facts(600, 2)))).toContain('tried 2 times, last: read-only');
  });

  it('reserves a released lease for a fit peer only: one behind a cut link must not keep it from anybody', () => {
    const reservedFor = (peer: Parameters<typeof passiveFacts>[0]) =>
      decide(passiveFacts({ lease: { releasing: true }, ...peer })).steps[0]?.reservedFor;
    expect(reservedFor({})).toBe('south');
    expect(reservedFor({ peer: silentPeer })).toBeNull();
    expect(reservedFor({ peer: { blockers: null } })).toBeNull();
  });
});
