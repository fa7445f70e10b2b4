import { free, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

const maintenance = { by: 'admin-1', reason: 'patching', leftMs: 600_000 };
const block = { by: 'agents', why: '3 automatic failovers within an hour', leftMs: 2_400_000 };

/** Cases in which a person, or too many failovers, have changed what the agents do by themselves. */
export const policyRuleCases: readonly RuleCase[] = [
  [
    'maintenance on the Active',
    activeFacts({ lease: { maintenance } }),
    'R08',
    'wait',
    'maintenance of admin-1 for another 10 min (patching); it serves and keeps the lease',
  ],
  [
    'maintenance, engine dead',
    activeFacts({ serving: false, engine: { process: { value: 'stopped' } }, lease: { maintenance } }),
    'R08',
    'ask-admin',
    'nobody starts it',
  ],
  [
    'maintenance, lease free',
    passiveFacts({ lease: { ...free, maintenance } }),
    'R08',
    'wait',
    'it does not take over before that ends',
  ],
  [
    'maintenance has ended, engine dead, lease not proven since',
    activeFacts({
      serving: false,
      engine: { process: { value: 'stopped' } },
      lease: { unprovenSinceMaintenance: true },
    }),
    'R08',
    'wait',
    'nothing is started before a new renewal',
  ],
  [
    'maintenance has ended, and it lives on the promise of its peer: there is nothing to renew',
    activeFacts({
      serving: false,
      engine: { process: { value: 'stopped' } },
      lease: { unprovenSinceMaintenance: true },
      peerMode: { livesOn: { period: { e: 5, n: 1 }, sinceMs: 0 } },
    }),
    'R23',
    'start-engine',
    'the engine is started',
  ],
  [
    'automatic failover blocked',
    passiveFacts({ lease: { ...free, block }, peer: silentPeer }),
    'R65',
    'blocked',
    'blocked for another 40 min: 3 automatic failovers within an hour',
  ],
  [
    'automatic failover blocked, was Active here last',
    passiveFacts({ lease: { ...free, block, lastHolder: 'north' }, peer: silentPeer }),
    'R64',
    'acquire',
    'has run out',
  ],
  [
    'automatic failover blocked, a person moves it here',
    passiveFacts({ lease: { ...free, block, reservedFor: 'north' }, peer: { operationToUs: 'x' } }),
    'R64',
    'acquire',
    'has handed over',
  ],
  [
    'engine keeps dying, but the peer would get no lease',
    grantedFacts({
      engine: { crashes: 3 },
      lease: { block },
      storage: { provenEpoch: 5, generation: { value: 5, ageMs: 1 } },
    }),
    'R23',
    'start-engine',
    'the engine is started',
  ],
];
