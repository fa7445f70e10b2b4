import { free, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, passiveFacts } from './sample-facts.ts';

/** Cases in which the durable state of a member cannot be trusted. */
export const stateRuleCases: readonly RuleCase[] = [
  [
    'damaged state, store and peer know the last epoch',
    passiveFacts({ memory: { damaged: 'checksum' } }),
    'R01',
    'rebuild-state',
    'epoch 4 is the highest known',
  ],
  [
    'damaged state, the peer is silent',
    passiveFacts({ memory: { damaged: 'checksum' }, peer: silentPeer }),
    'R01',
    'blocked',
    'once store and peer tell the highest epoch',
  ],
  [
    'damaged state, the peer runs an engine without the store knowing',
    passiveFacts({ memory: { damaged: 'checksum' }, lease: { freeInMs: 0 } }),
    'R01',
    'blocked',
    'refuses to be Active',
  ],
  [
    'no state where the cluster has been Active, the peer is silent',
    passiveFacts({ memory: { damaged: 'it has none', missing: true }, peer: silentPeer, lease: free }),
    'R01',
    'blocked',
    'a person can force the takeover',
  ],
  [
    'the state of another machine',
    passiveFacts({ memory: { damaged: 'another machine', needsPerson: true } }),
    'R01',
    'blocked',
    'a person must re-admit it',
  ],
  [
    'damaged state, engine running',
    activeFacts({ memory: { damaged: 'checksum' }, lease: { held: false } }),
    'R01',
    'kill-engine',
    'cannot be trusted',
  ],
];
