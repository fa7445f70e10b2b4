import { change, free, type RuleCase } from './rule-cases.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

const outsider = 'process 4711 listens on port 6661 of ADT';
const engineOutside = [{ code: 'engine-outside', reason: 'An engine runs there.', remedy: 'End it.' }];

/** What works beside the engine's service, or under an older generation; and the ledger of a planned change. */
export const conflictRuleCases: readonly RuleCase[] = [
  [
    'an engine outside its service on a Passive',
    passiveFacts({ engine: { outsider } }),
    'R55',
    'ask-admin',
    `CONFLICT: an engine runs here outside its service: ${outsider}`,
  ],
  [
    'the same, and the lease is free: no takeover',
    passiveFacts({ engine: { outsider }, lease: free, peer: { reachable: false, blockers: null } }),
    'R55',
    'ask-admin',
    'must be ended by hand',
  ],
  [
    'the lease is free, and a peer that answers nothing beats that its engine runs: its end is waited for',
    passiveFacts({ lease: free, peer: { reachable: false, heard: true } }),
    'R59',
    'wait',
    'ig-south says that its engine runs; its end is waited for',
  ],
  [
    'a peer that has handed over, and whose last word was that its engine runs',
    passiveFacts({ lease: { ...free, holder: null, reservedFor: 'north' } }),
    'R64',
    'acquire',
    'ig-south has handed over and reserved the lease',
  ],
  [
    'an engine outside its service at the peer: no takeover beside it',
    passiveFacts({ lease: free, peer: { role: 'passive', blockers: engineOutside } }),
    'R62',
    'blocked',
    'an engine runs on ig-south outside its service',
  ],
  [
    'an engine outside its service, the lease granted: nothing is started',
    grantedFacts({ engine: { outsider } }),
    'R42',
    'ask-admin',
    'CONFLICT',
  ],
  [
    'the same after too many crashes: not handed over beside it',
    grantedFacts({ engine: { outsider, crashes: 9 } }),
    'R42',
    'ask-admin',
    'starts nothing',
  ],
  [
    'something outside the service beside a serving engine',
    activeFacts({ engine: { outsider } }),
    'R35',
    'ask-admin',
    'CONFLICT: something outside the service',
  ],
  [
    'a late writer on the storage of the Active',
    activeFacts({ storage: { lateWrite: { seen: 'the agent of south still writes there', agoMs: 4_000 } } }),
    'R37',
    'ask-admin',
    'the agent of south still writes there, seen 4 s ago',
  ],
  [
    'an engine whose storage another member has taken over',
    activeFacts({ storage: { newerGeneration: 1_006 } }),
    'R43',
    'kill-engine',
    'its storage belongs to epoch 1006 and it runs under epoch 5',
  ],
  [
    'the same on the promise of a peer that nobody hears',
    activeFacts({
      storage: { newerGeneration: 1_006 },
      lease: { storeReachable: false },
      peer: { reachable: false },
      peerMode: { livesOn: { period: { e: 5, n: 1 }, sinceMs: 60_000 } },
    }),
    'R43',
    'kill-engine',
    'another engine has been started on it',
  ],
  [
    'the same once the engine is stopped: it is not started again beside the other one',
    grantedFacts({
      storage: { provenEpoch: 5, generation: { value: 5, ageMs: 0 }, newerGeneration: 1_006 },
    }),
    'R22',
    'write-generation',
    'its generation is raised to 5',
  ],
  [
    'an engine in which nothing moves',
    activeFacts({ engine: { notProcessing: 'nothing has moved for 60 s in ADT' } }),
    'R36',
    'ask-admin',
    'it serves, but nothing has moved for 60 s in ADT',
  ],
  [
    'a planned change with the engine stopped seals the ledger',
    grantedFacts({ operation: change }),
    'R14',
    'seal-ledger',
    'its queue ledger is sealed',
  ],
  [
    'a ledger that cannot be sealed does not hold the change up',
    grantedFacts({
      operation: change,
      failures: { 'seal-ledger': { count: 1, forMs: 20, agoMs: 10, why: 'full' } },
    }),
    'R13',
    'end-epoch',
    'epoch 5 ends here',
  ],
];
