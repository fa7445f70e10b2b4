import { change, free, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

const asked = { ...change, kind: 'failover', to: 'north', epoch: 3, requestedBy: 'admin-1' } as const;
const blockedLease = { ...free, block: { why: 'three failovers', by: 'agents', leftMs: 900_000 } };
const failback = {
  self: { preferred: false },
  peer: { preferred: true, fitForMs: 600_000 },
  failbackAfterMs: 600_000,
  tookOverByRule: true,
} as const;

/** What the site and a person say: failback, a member that must not be Active, a failover asked for. */
export const askedRuleCases: readonly RuleCase[] = [
  [
    'planned change, engine stopped, and the store has been silent for longer than a good one is',
    activeFacts({
      operation: change,
      serving: false,
      engine: { process: { value: 'stopped' } },
      ledgerSealedEpoch: 5,
      lease: { answeredMs: 1_200 },
    }),
    'R13',
    'wait',
    'first the lease store, which alone can give the lease on, has to answer',
  ],
  [
    'a failover asked for while its own old lease could still be renewed: it has nothing to hand over',
    grantedFacts({ operation: { ...asked, epoch: 5 } }),
    'R21',
    'prove-storage',
    'it holds the lease of epoch 5',
  ],
  [
    'the preferred peer has been fit for long enough',
    activeFacts(failback),
    'R38',
    'begin-failback',
    'has been fit for 10 min',
  ],
  [
    'not yet for long enough',
    activeFacts({ ...failback, peer: { ...failback.peer, fitForMs: 540_000 } }),
    'R33',
    'wait',
    'it moves back to ig-south in 60 s if that stays fit',
  ],
  ['no failback at this site', activeFacts({ ...failback, failbackAfterMs: null }), 'R33', 'wait', 'stays'],
  [
    'a move that a person has asked for is not undone by rule',
    activeFacts({ ...failback, tookOverByRule: false }),
    'R33',
    'wait',
    'stays Active',
  ],
  [
    'no failback while automatic failover is blocked',
    activeFacts({ ...failback, lease: { block: blockedLease.block } }),
    'R33',
    'wait',
    'stays Active',
  ],
  [
    'a failover that is asked for overrides a block',
    passiveFacts({ operation: asked, lease: blockedLease, peer: silentPeer }),
    'R66',
    'acquire',
    'admin-1 has asked for it',
  ],
  [
    'and a preference for the peer',
    passiveFacts({ operation: asked, lease: free, peer: { role: 'passive', engineRunning: false } }),
    'R66',
    'acquire',
    'nobody holds the lease',
  ],
  [
    'but not the word of a peer that its engine runs',
    passiveFacts({ operation: asked, lease: free, freeForMs: 2_001 }),
    'R59',
    'ask-admin',
    'ig-south says that its engine runs, and no second one is started beside it',
  ],
  [
    'but waits for a live lease',
    passiveFacts({ operation: asked }),
    'R52',
    'wait',
    'holds the lease of epoch 4',
  ],
  [
    'a member that must not become Active',
    passiveFacts({ self: { mustNot: true }, lease: free, peer: silentPeer }),
    'R62',
    'blocked',
    'the site says that this member must not become Active',
  ],
  [
    'takes back what it has handed over, since nobody took it',
    passiveFacts({ self: { mustNot: true }, lease: free, peer: silentPeer, operation: change }),
    'R64',
    'acquire',
    'has run out',
  ],
];
