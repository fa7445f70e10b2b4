import { describe, expect, it } from 'vitest';
import { decide, decisionSentence } from '../../../shared/failover/decide.ts';
import type { MemberFacts, OwnOperation } from '../../../shared/failover/member-facts.ts';
import { ruleTable } from '../../../shared/failover/rules.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

const change: OwnOperation = {
  id: 'x',
  kind: 'switchover',
  to: 'south',
  epoch: 5,
  requestedBy: 'admin-1',
  reason: 'patching',
};
const silentPeer = {
  reachable: false,
  role: null,
  epoch: null,
  engineRunning: null,
  blockers: null,
} as const;
const failed = (why: string) => ({ count: 3, forMs: 9_000, agoMs: 9_000, why });
/** Its process runs; what makes it serve has failed. */
const starting = { process: { value: 'running', ageMs: 1 }, startedEpoch: 5 } as const;
const free = { holder: 'south', freeInMs: 0 };

/** [what is the matter, facts, rule, step or verdict, part of the sentence] */
const cases: readonly [string, MemberFacts, string, string, string][] = [
  [
    'emergency stop under way',
    activeFacts({ emergency: true, lease: { held: false }, operation: change }),
    'R00',
    'wait',
    'nothing else is begun',
  ],
  [
    'damaged state',
    passiveFacts({ memory: { damaged: 'checksum' } }),
    'R01',
    'blocked',
    'refuses to be Active',
  ],
  [
    'damaged state, engine running',
    activeFacts({ memory: { damaged: 'checksum' }, lease: { held: false } }),
    'R01',
    'kill-engine',
    'damaged',
  ],
  [
    'engine state unknown',
    passiveFacts({ engine: { process: { value: null, why: 'no answer' } } }),
    'R02',
    'wait',
    'not known: no answer',
  ],
  [
    'agent restarted',
    activeFacts({ lease: { held: false }, inherited: { epoch: 5, stopInMs: 900 } }),
    'R03',
    'wait',
    'was restarted and proves the lease of epoch 5',
  ],
  [
    'agent restarted too late',
    activeFacts({ lease: { held: false }, inherited: { epoch: 5, stopInMs: 0 } }),
    'R04',
    'kill-engine',
    'without a lease',
  ],
  [
    'engine without lease',
    passiveFacts({ engine: { process: { value: 'running' } } }),
    'R04',
    'kill-engine',
    'without a lease',
  ],
  [
    'both guards silent',
    activeFacts({ guards: { beating: 0, allSilent: true } }),
    'R05',
    'kill-engine',
    'both guards are silent',
  ],
  [
    'one guard silent',
    activeFacts({ guards: { beating: 1 } }),
    'R06',
    'restart-guards',
    'one of its two guards',
  ],
  [
    'release not confirmed',
    passiveFacts({ lease: { releasing: true } }),
    'R07',
    'release',
    'has not confirmed',
  ],
  ['change asked', activeFacts({ operation: change }), 'R10', 'drain', 'hands over to ig-south'],
  [
    'change, drained',
    activeFacts({ operation: change, serving: false }),
    'R11',
    'stop-pollers',
    'pollers stop first',
  ],
  [
    'change, pollers off',
    activeFacts({ operation: change, serving: false, engine: { pollers: { value: { on: 0, total: 1 } } } }),
    'R12',
    'stop-engine',
    'stops gracefully',
  ],
  [
    'change, API silent',
    activeFacts({ operation: change, serving: false, engine: { api: { value: false } } }),
    'R12',
    'stop-engine',
    'proven stopped',
  ],
  [
    'change, engine stopped',
    grantedFacts({ operation: change }),
    'R13',
    'end-epoch',
    'reserved for ig-south',
  ],
  ['granted', grantedFacts(), 'R21', 'prove-storage', 'proves its storage first'],
  ['storage proven', grantedFacts({ storage: { provenEpoch: 5 } }), 'R22', 'write-generation', 'raised to 5'],
  [
    'generation written',
    grantedFacts({ storage: { provenEpoch: 5, generation: { value: 5 } } }),
    'R23',
    'start-engine',
    'the engine is started',
  ],
  [
    'engine starting',
    activeFacts({ serving: false, engine: { api: { value: false, why: 'port closed' } } }),
    'R24',
    'wait',
    'has not answered yet (port closed)',
  ],
  [
    'components off',
    activeFacts({ serving: false, engine: { components: { value: { on: 1, total: 3 } } } }),
    'R25',
    'start-components',
    'components are started',
  ],
  ['ready to serve', activeFacts({ serving: false }), 'R26', 'open-active', 'load balancer is told'],
  [
    'pollers last',
    activeFacts({ engine: { pollers: { value: { on: 0, total: 1 } }, pollersStarted: false } }),
    'R27',
    'start-pollers',
    'no other member runs them',
  ],
  [
    'engine died once',
    grantedFacts({ storage: { provenEpoch: 5, generation: { value: 5 } }, engine: { crashes: 1 } }),
    'R40',
    'start-engine',
    'local restart 1 of 2',
  ],
  [
    'engine keeps dying',
    grantedFacts({ storage: { provenEpoch: 5, generation: { value: 5 } }, engine: { crashes: 3 } }),
    'R41',
    'end-epoch',
    'died 3 times',
  ],
  [
    'engine keeps dying, peer unfit',
    grantedFacts({
      peer: silentPeer,
      storage: { provenEpoch: 5, generation: { value: 5 } },
      engine: { crashes: 3 },
    }),
    'R23',
    'start-engine',
    'started',
  ],
  [
    'start keeps failing',
    grantedFacts({ failures: { 'start-engine': failed('refused') } }),
    'R20',
    'end-epoch',
    'has failed for 9.0 s: refused',
  ],
  [
    'API silent while serving',
    activeFacts({ engine: { api: { value: false, why: 'HTML' }, apiSilentMs: 2_000 } }),
    'R30',
    'ask-admin',
    'does not answer as it should: HTML',
  ],
  ['store silent', activeFacts({ lease: { storeReachable: false } }), 'R31', 'wait', 'before the lease ends'],
  [
    'peer silent',
    activeFacts({ peer: silentPeer }),
    'R32',
    'wait',
    'whether it could take over is not known',
  ],
  ['all well', activeFacts(), 'R33', 'wait', 'both guards beat'],
  [
    'store unknown to the Passive',
    passiveFacts({ lease: { storeReachable: false, trouble: 'the connection is refused' } }),
    'R50',
    'wait',
    'ig-south is Active',
  ],
  [
    'store has lost its memory',
    passiveFacts({ memory: { epoch: 9, ended: 9 }, lease: { storeReachable: false, behind: 2 } }),
    'R51',
    'ask-admin',
    'has lost its memory',
  ],
  ['peer Active', passiveFacts(), 'R52', 'wait', 'ig-south holds the lease of epoch 4'],
  [
    'peer silent, lease live',
    passiveFacts({ peer: silentPeer }),
    'R52',
    'wait',
    'does not call its lease free',
  ],
  [
    'reserved for the peer',
    passiveFacts({ lease: { holder: null, reservedFor: 'south' } }),
    'R53',
    'wait',
    'reserved for ig-south',
  ],
  [
    'store just started',
    passiveFacts({ lease: { holder: null } }),
    'R54',
    'wait',
    'grants nothing for another 3.0 s',
  ],
  ['own grant lost', passiveFacts({ lease: { holder: 'north' } }), 'R54', 'wait', 'was never used'],
  [
    'just started',
    passiveFacts({ lease: free, observedOnce: false }),
    'R60',
    'wait',
    'looks at everything once',
  ],
  ['unclean end', passiveFacts({ lease: free, acquireWaitMs: 2_000 }), 'R61', 'wait', 'did not end cleanly'],
  [
    'storage unproven',
    passiveFacts({ lease: free, storage: { proven: { value: false, why: 'not mounted' } } }),
    'R62',
    'blocked',
    'not mounted',
  ],
  [
    'storage unknown',
    passiveFacts({ lease: free, storage: { proven: { value: null } } }),
    'R62',
    'blocked',
    'not looked at yet',
  ],
  [
    'peer is the last holder and back',
    passiveFacts({ lease: free, peer: { role: 'passive' } }),
    'R63',
    'wait',
    'ig-south goes first',
  ],
  [
    'peer takes over',
    passiveFacts({ lease: free, peer: { role: 'taking-over' } }),
    'R63',
    'wait',
    'ig-south goes first',
  ],
  [
    'peer does not go',
    passiveFacts({ lease: free, peer: { role: 'passive' }, freeForMs: 2_001 }),
    'R64',
    'acquire',
    'run out without a renewal',
  ],
  [
    'peer dead, lease free',
    passiveFacts({ lease: free, peer: silentPeer }),
    'R64',
    'acquire',
    'run out without a renewal',
  ],
  [
    'poller switched off by a person',
    activeFacts({ engine: { pollers: { value: { on: 0, total: 1 } } } }),
    'R34',
    'wait',
    '1 of 1 pollers is off',
  ],
  [
    'poller that cannot be started',
    activeFacts({
      engine: { pollers: { value: { on: 0, total: 1 } }, pollersStarted: false },
      failures: { 'start-pollers': failed('no such folder') },
    }),
    'R34',
    'wait',
    'no such folder',
  ],
  [
    'some components cannot be started: the others serve',
    activeFacts({
      serving: false,
      engine: { components: { value: { on: 2, total: 3 }, ageMs: 1 } },
      failures: { 'start-components': failed('port taken') },
    }),
    'R26',
    'open-active',
    'the load balancer is told',
  ],
  [
    'engine runs but its API never answers, peer fit',
    grantedFacts({
      engine: { ...starting, api: { value: false, ageMs: 1, why: 'no answer' } },
      failures: { 'start-engine': failed('no answer within 60 s') },
    }),
    'R28',
    'stop-engine',
    'no answer within 60 s',
  ],
  [
    'components never start, peer fit',
    grantedFacts({
      engine: { ...starting, api: { value: true, ageMs: 1 }, components: { value: { on: 0, total: 3 } } },
      failures: { 'start-components': failed('licence exceeded') },
    }),
    'R28',
    'stop-engine',
    'licence exceeded',
  ],
  [
    'engine runs but its API never answers, nobody else',
    grantedFacts({
      engine: { ...starting, api: { value: false, ageMs: 1, why: 'no answer' } },
      peer: silentPeer,
      failures: { 'start-engine': failed('no answer within 60 s') },
    }),
    'R24',
    'ask-admin',
    'the engine is left as it is',
  ],
  [
    'cannot serve, peer not heard',
    grantedFacts({ peer: silentPeer, failures: { 'prove-storage': failed('read-only') } }),
    'R29',
    'end-epoch',
    'ig-south is not heard and may be able to serve',
  ],
  [
    'cannot serve, peer not heard, not for long',
    grantedFacts({
      peer: silentPeer,
      failures: { 'prove-storage': { count: 3, forMs: 900, agoMs: 9_000, why: 'read-only' } },
    }),
    'R21',
    'prove-storage',
    'read-only',
  ],
  [
    'own state cannot be written',
    passiveFacts({ lease: free, memory: { unwritable: 'ENOSPC' } }),
    'R62',
    'blocked',
    'its state cannot be written: ENOSPC',
  ],
  [
    'handed over to us',
    passiveFacts({ lease: { holder: null, freeInMs: 0, reservedFor: 'north' }, peer: { role: 'passive' } }),
    'R64',
    'acquire',
    'reserved the lease for it',
  ],
];

describe('rule table', () => {
  it.each(cases)('%s', (_title, facts, ruleId, outcome, words) => {
    const decision = decide(facts);
    expect([decision.ruleId, decision.steps[0]?.kind ?? decision.verdict]).toEqual([ruleId, outcome]);
    expect(decisionSentence(decision)).toContain(words);
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
});
