import type { CopyState, WholeCopy } from '../../../shared/copying/copy-state.ts';
import type { CopiedFacts } from '../../../shared/failover/member-facts.ts';
import { change, free, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

/** A complete copy of the last holder's epoch, the reading of which began two seconds after the boot. */
export const wholeCopy: WholeCopy = {
  epoch: 4,
  sequence: 1,
  final: false,
  readAtMs: 2_000,
  bytes: 1_000,
  files: 3,
  wallTime: '2026-01-01T00:00:00Z',
};

/** A copied directory as a member knows it, with some of it changed. */
export function copiedFacts(
  state: Partial<CopyState> | null = {},
  more: Partial<CopiedFacts> = {},
): CopiedFacts {
  const known = { dataEpoch: 0, givenEpoch: 0, whole: wholeCopy, ...state };
  return { state: state && known, lagLimitMs: 60_000, lagMs: null, failure: null, ...more };
}

const lastHeld = { ...free, lastHolder: 'south', storeRenewedMs: 4_500 } as const;
const stopped = { serving: false, engine: { process: { value: 'stopped' } } } as const;
const handsOver = { ...stopped, operation: change, ledgerSealedEpoch: 5 } as const;
const leaseFree = (copied: CopiedFacts, nowMs = 20_000) =>
  passiveFacts({ nowMs, peer: silentPeer, lease: lastHeld, storage: { copied } });

/** Clusters whose directory is copied. */
export const copiedRuleCases: readonly RuleCase[] = [
  [
    'the copy of the last holder is young enough: taken over, and told what may be lost',
    leaseFree(copiedFacts()),
    'R64',
    'acquire',
    'what was written in the last 13.5 s before its end may be lost',
  ],
  [
    'the copy of the last holder is too old',
    leaseFree(copiedFacts(), 90_000),
    'R67',
    'ask-admin',
    'its last complete copy is 83.5 s older than the end of ig-south, and 60.0 s are allowed',
  ],
  [
    'no complete copy',
    leaseFree(copiedFacts({ whole: null })),
    'R67',
    'ask-admin',
    'what would be lost is not known: it has no complete copy of ig-south',
  ],
  [
    'a copy of an epoch before the last',
    leaseFree(copiedFacts({ whole: { ...wholeCopy, epoch: 3 } })),
    'R67',
    'ask-admin',
    'its last complete copy is of epoch 3, and the lease store stands at epoch 4',
  ],
  [
    'a copy from before this server was started',
    leaseFree(copiedFacts({ whole: { ...wholeCopy, readAtMs: null } })),
    'R67',
    'ask-admin',
    'is from before this server was started',
  ],
  ['what lies here was not told', leaseFree(copiedFacts(null)), 'R67', 'ask-admin', 'was not told yet'],
  [
    'the last copy of a planned move: nothing is lost',
    passiveFacts({
      peer: silentPeer,
      lease: { ...lastHeld, reservedFor: 'north' },
      storage: { copied: copiedFacts({ whole: { ...wholeCopy, final: true, readAtMs: null } }) },
    }),
    'R64',
    'acquire',
    'has handed over and reserved the lease for it.',
  ],
  [
    'it was the last holder itself',
    passiveFacts({
      peer: silentPeer,
      lease: { ...free, lastHolder: 'north' },
      storage: { copied: copiedFacts({ whole: null }) },
    }),
    'R64',
    'acquire',
    'the lease',
  ],
  [
    'a person asks for the failover all the same',
    passiveFacts({
      peer: silentPeer,
      lease: lastHeld,
      storage: { copied: copiedFacts({ whole: null }) },
      operation: { ...change, kind: 'failover', to: 'north' },
    }),
    'R66',
    'acquire',
    'what is lost is not known: it has no complete copy of ig-south',
  ],
  [
    'planned change: the last copy before the epoch ends',
    activeFacts({ ...handsOver, storage: { copied: copiedFacts() } }),
    'R68',
    'copy-last',
    'the last copy goes to ig-south',
  ],
  [
    'planned change: the last copy is complete',
    activeFacts({ ...handsOver, storage: { copied: copiedFacts({ givenEpoch: 5 }) } }),
    'R13',
    'end-epoch',
    'epoch 5 ends here',
  ],
  [
    'the engine keeps crashing: the last copy goes before it hands over',
    grantedFacts({
      storage: { provenEpoch: 5, generation: { value: 5 }, copied: copiedFacts() },
      engine: { crashes: 3 },
      peer: { blockers: [] },
    }),
    'R41',
    'copy-last',
    'the last copy goes there first',
  ],
  [
    'and when that cannot be had it hands over all the same',
    grantedFacts({
      storage: { provenEpoch: 5, generation: { value: 5 }, copied: copiedFacts() },
      engine: { crashes: 3 },
      peer: { blockers: [] },
      failures: { 'copy-last': { count: 3, forMs: 9_000, agoMs: 3_000, why: 'unreachable' } },
    }),
    'R41',
    'end-epoch',
    'the engine died 3 times',
  ],
  [
    'the copy lags',
    activeFacts({ storage: { copied: copiedFacts({}, { lagMs: 95_000, failure: 'no answer' }) } }),
    'R69',
    'ask-admin',
    'the last complete copy on ig-south is 2 min old: no answer',
  ],
  [
    'the copy does not lag',
    activeFacts({ storage: { copied: copiedFacts({}, { lagMs: 6_000 }) } }),
    'R33',
    'wait',
    'stays Active',
  ],
];
