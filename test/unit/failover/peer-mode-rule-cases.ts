import { failed, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, passiveFacts } from './sample-facts.ts';

const period = { e: 5, n: 1 };
const lost = { storeReachable: false, trouble: 'the connection is refused', freeInMs: 0 };
const livesOn = { livesOn: { period, sinceMs: 9_000 } };
const given = { given: { period, sinceMs: 9_000 } };
const lapsed = { lapsed: true };
const notHeld = { ...lost, held: false, leftMs: 0 };

/** Cases in which the lease store is lost and the peer has promised, or is asked to promise, not to take over. */
export const peerModeRuleCases: readonly RuleCase[] = [
  [
    'damaged state, the peer may live on a promise that was forgotten with it, whatever the store shows',
    passiveFacts({ memory: { damaged: 'checksum' }, peer: { onPromise: true } }),
    'R01',
    'blocked',
    'once store and peer tell the highest epoch',
  ],
  [
    'damaged state, a peer of an earlier release does not say whether it lives on a promise',
    passiveFacts({ memory: { damaged: 'checksum' }, peer: { onPromise: null } }),
    'R01',
    'blocked',
    'once store and peer tell the highest epoch',
  ],
  [
    'on a promise, and no guard can be brought to beat: the epoch is not ended, since nobody could take over',
    activeFacts({
      serving: false,
      engine: { process: { value: 'stopped' } },
      guards: { beating: 0 },
      failures: { 'restart-guards': failed('no such unit') },
      lease: { storeReachable: false },
      peerMode: { livesOn: { period: { e: 5, n: 1 }, sinceMs: 9_000 } },
      peer: { blockers: [{ code: 'promise-given', reason: '', remedy: '' }] },
    }),
    'R47',
    'restart-guards',
    'none of its guards beats',
  ],
  [
    'Active on a promise',
    activeFacts({ lease: lost, peerMode: livesOn }),
    'R44',
    'wait',
    'the connection is refused; ig-south has promised not to take over, so automatic failover is off',
  ],
  [
    'Active on a promise, the peer lost too',
    activeFacts({ lease: lost, peerMode: livesOn, peer: silentPeer }),
    'R45',
    'ask-admin',
    'it goes on alone and nobody takes over if it fails: bring the lease store or ig-south back',
  ],
  [
    'Active on a promise, the store back',
    activeFacts({ peerMode: livesOn }),
    'R44',
    'wait',
    'the lease store answers again and renews its lease next',
  ],
  [
    'Active on a promise, a grant that nobody used',
    activeFacts({ lease: { storeEpoch: 6, holder: 'south', freeInMs: 2_000 }, peerMode: livesOn }),
    'R44',
    'wait',
    'epoch 6, which nobody uses, and it acquires the next one once no lease is live there',
  ],
  [
    'on a promise, its engine died',
    activeFacts({
      lease: lost,
      peerMode: livesOn,
      serving: false,
      engine: { process: { value: 'stopped' }, crashes: 1 },
    }),
    'R40',
    'start-engine',
    'local restart 1 of 2',
  ],
  [
    'on a promise, cannot serve, the peer silent: giving up would help nobody',
    activeFacts({
      lease: lost,
      peerMode: livesOn,
      peer: silentPeer,
      serving: false,
      engine: { process: { value: 'stopped' } },
      failures: { 'start-engine': { count: 4, forMs: 60_000, agoMs: 9_000, why: 'it dies' } },
    }),
    'R23',
    'start-engine',
    'tried 4 times',
  ],
  [
    'store silent, the peer is asked for a promise',
    activeFacts({ lease: lost, peerMode: { question: 'waiting' } }),
    'R31',
    'wait',
    'before the lease ends in 3.5 s; ig-south is asked to promise not to take over',
  ],
  [
    'store silent, the peer makes no promise',
    activeFacts({ lease: lost, peerMode: { question: { refused: 'its state cannot be written' } } }),
    'R31',
    'wait',
    'ig-south makes no promise: its state cannot be written',
  ],
  [
    'store silent, the peer of an earlier release',
    activeFacts({ lease: lost, peerMode: { question: 'not-understood' } }),
    'R31',
    'wait',
    'of an earlier release and cannot promise not to take over',
  ],
  [
    'store silent here, the peer reaches it',
    activeFacts({ lease: lost, peerMode: { question: 'store-reached' } }),
    'R31',
    'wait',
    'ig-south reaches the store, so it makes no promise',
  ],
  [
    'promise given',
    passiveFacts({ lease: lost, peerMode: given }),
    'R56',
    'wait',
    'automatic failover is off because the lease store is lost (the connection is refused)',
  ],
  [
    'promise given, the store back before the Active',
    passiveFacts({ lease: { freeInMs: 0 }, peerMode: given }),
    'R56',
    'wait',
    'the store answers again, and automatic failover is off until ig-south has its lease back',
  ],
  [
    'promise given, the Active silent',
    passiveFacts({ lease: lost, peerMode: given, peer: silentPeer }),
    'R57',
    'ask-admin',
    'whether it is Active is not known: bring the lease store or ig-south back',
  ],
  [
    'promise given, the peer not Active',
    passiveFacts({ lease: lost, peerMode: given, peer: { role: 'passive', engineRunning: false } }),
    'R57',
    'ask-admin',
    'which is not Active now',
  ],
  [
    'promise given, the store is back and the Active silent: its lease seems free, and still is not taken',
    passiveFacts({ lease: { freeInMs: 0 }, peerMode: given, peer: silentPeer }),
    'R57',
    'ask-admin',
    'does not answer, so whether it is Active is not known: bring it back',
  ],
  [
    'engine stopped while it lived on a promise',
    passiveFacts({
      memory: { epoch: 5, ended: 4 },
      lease: notHeld,
      peerMode: { ...lapsed, question: 'waiting' },
      peer: { role: 'passive' },
    }),
    'R58',
    'wait',
    'starts again when the lease store renews its lease or ig-south promises anew; ig-south is asked',
  ],
  [
    'engine stopped while it lived on a promise, nobody answers',
    passiveFacts({
      memory: { epoch: 5, ended: 4 },
      lease: notHeld,
      peerMode: { ...lapsed, question: 'waiting' },
      peer: silentPeer,
    }),
    'R58',
    'ask-admin',
    'does not answer',
  ],
];
