import type { OwnOperation } from '../../../shared/failover/member-facts.ts';
import { free, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, passiveFacts } from './sample-facts.ts';

export const forcedChange: OwnOperation = {
  id: 'x',
  kind: 'force-takeover',
  to: 'north',
  epoch: 3,
  requestedBy: 'anna',
  reason: 'nobody reaches it',
  statement: 'power-off',
  withoutStore: false,
};
const alone: OwnOperation = { ...forcedChange, withoutStore: true };
const asked = { operation: forcedChange, peer: silentPeer };
const lost = { storeReachable: false, trouble: 'the connection is refused', freeInMs: 0 };
const silent = { lease: lost, nobodyHeardMs: 60_000, peer: silentPeer };
const fence = { statement: 'power-off', by: 'anna', at: '2026-11-28T03:10:00Z' } as const;
const period = { e: 4, n: 1 };

/** Cases of a takeover that a person has forced. */
export const forcedRuleCases: readonly RuleCase[] = [
  [
    'forced, and the lease is still live',
    passiveFacts(asked),
    'R16',
    'wait',
    'states that ig-south is powered off; it waits until the lease of ig-south has run out in 3.0 s',
  ],
  [
    'forced, and no lease is live',
    passiveFacts({ ...asked, lease: free }),
    'R17',
    'force',
    'no lease is live',
  ],
  [
    'forced, but the server that is said to be off still beats, though it answers nothing',
    passiveFacts({
      ...silent,
      operation: alone,
      peer: { ...silentPeer, heard: true, role: 'active', epoch: 4, engineRunning: true },
    }),
    'R15',
    'blocked',
    'ig-south does not answer, but its own heartbeats arrive, so it is neither off nor cut off',
  ],
  [
    'lives at a person’s word, and its storage is not proven for longer than T: there is no lease to give up',
    activeFacts({
      engine: { process: { value: 'stopped', ageMs: 0 } },
      lease: lost,
      peer: silentPeer,
      forced: { livesOn: { sinceMs: 9_000, by: 'anna' }, fence },
      storage: { provenEpoch: null },
      failures: { 'prove-storage': { count: 3, forMs: 60_000, agoMs: 100, why: 'read-only' } },
    }),
    'R21',
    'ask-admin',
    'it takes over at a person’s word under epoch 5 and proves its storage first; tried 3 times, last: read-only',
  ],
  [
    'forced past a promise, a block and a reservation',
    passiveFacts({
      ...asked,
      lease: { ...free, reservedFor: 'south', block: { why: 'by hand', by: 'anna', leftMs: 9_000 } },
      peerMode: { given: { period, sinceMs: 9_000 } },
    }),
    'R17',
    'force',
    'no lease is live',
  ],
  [
    'forced without the store, and nobody has been heard for long enough',
    passiveFacts({ ...silent, operation: alone }),
    'R17',
    'force',
    'the lease store cannot be used, so the epoch is raised without it',
  ],
  [
    'forced without the store, which was heard a moment ago',
    passiveFacts({ ...silent, nobodyHeardMs: 1_290, operation: alone }),
    'R16',
    'wait',
    'it waits another 3.0 s, until any lease has run out',
  ],
  [
    'forced through the store, which is silent since',
    passiveFacts({ ...silent, operation: forcedChange }),
    'R16',
    'wait',
    'the lease store does not answer now, and it was asked to take over through it',
  ],
  [
    'forced right after an unclean end of its own',
    passiveFacts({ ...asked, lease: free, acquireWaitMs: 2_000 }),
    'R16',
    'wait',
    'its own last lease did not end cleanly; it waits another 2.0 s',
  ],
  [
    'forced, and the other server answers again',
    passiveFacts({ lease: free, operation: forcedChange }),
    'R15',
    'blocked',
    'ig-south answers, so it is neither off nor cut off',
  ],
  [
    'forced, and the storage is not there',
    passiveFacts({ ...asked, lease: free, storage: { proven: { value: false, why: 'not mounted' } } }),
    'R15',
    'blocked',
    'its storage is not proven: not mounted',
  ],
  [
    'forced, and an engine runs here outside its service',
    passiveFacts({ ...asked, lease: free, engine: { outsider: 'process 12' } }),
    'R15',
    'blocked',
    'an engine runs here outside its service: process 12',
  ],
  [
    'what was forced was granted, and the store lost before it served: the statement is used up',
    passiveFacts({ ...silent, operation: alone, memory: { epoch: 5, ended: 4 } }),
    'R50',
    'wait',
    'nothing may be started without the lease store',
  ],
  [
    'forced by a member that was itself forced out',
    passiveFacts({ ...asked, lease: free, forced: { expelled: { epoch: 1004, by: 'anna' } } }),
    'R17',
    'force',
    'anna has forced it',
  ],
  [
    'Active at a person’s word, the store lost',
    activeFacts({
      lease: lost,
      forced: { livesOn: { by: 'anna', sinceMs: 600_000 }, fence },
      peer: silentPeer,
    }),
    'R46',
    'ask-admin',
    'ig-south must stay powered off until it is re-admitted; automatic failover is off until the lease store can be used again',
  ],
  [
    'Active at a person’s word, the store back',
    activeFacts({
      lease: { holder: 'south', freeInMs: 2_000 },
      forced: { livesOn: { by: 'anna', sinceMs: null }, fence },
      peer: silentPeer,
    }),
    'R46',
    'ask-admin',
    'the lease store answers again and grants it a lease in 2.0 s',
  ],
  [
    'forced out, although nobody holds the lease',
    passiveFacts({ lease: free, forced: { expelled: { epoch: 1004, by: 'anna' } } }),
    'R18',
    'ask-admin',
    'anna has let ig-south go on without ig-north under epoch 1004; it takes part again once a person re-admits it',
  ],
  [
    'its engine stopped while it ran at a person’s word',
    passiveFacts({ lease: lost, forced: { lapsed: true, fence }, peer: silentPeer }),
    'R19',
    'ask-admin',
    'bring the store back, or force the takeover again',
  ],
  [
    'the same, and the store is back',
    passiveFacts({ lease: free, forced: { lapsed: true, fence }, peer: silentPeer }),
    'R64',
    'acquire',
    'takes over',
  ],
];
