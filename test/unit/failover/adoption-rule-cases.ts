import type { MemberFacts } from '../../../shared/failover/member-facts.ts';
import type { MemberMode } from '../../../shared/site/member-config.ts';
import { silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, passiveFacts } from './sample-facts.ts';

const inMode = (mode: MemberMode, facts: MemberFacts): MemberFacts => ({
  ...facts,
  self: { ...facts.self, mode },
});
const idlePeer = { role: 'passive', engineRunning: false, epoch: 0 } as const;
const nobody = { held: false, holder: null, lastHolder: null, freeInMs: 0, storeEpoch: 0 } as const;
const unguarded = { beating: 0, allSilent: true };
/** An engine that somebody else has started, before anything was armed. */
const found = (more: Parameters<typeof activeFacts>[0] = {}) =>
  activeFacts({
    memory: { epoch: 0, ended: 0 },
    lease: nobody,
    peer: idlePeer,
    guards: unguarded,
    serving: false,
    engine: { startedEpoch: null, pollersStarted: false },
    storage: { provenEpoch: null, generation: { value: 0 } },
    ...more,
  });
const granted = {
  memory: { epoch: 1, ended: 0 },
  lease: { held: true, holder: 'north', storeEpoch: 1 },
};

export const adoptionRuleCases: readonly RuleCase[] = [
  ['observed beside a running engine', inMode('observe', found()), 'R70', 'wait', 'runs without protection'],
  ['observed: it would stay Active', inMode('observe', found()), 'R70', 'wait', 'ig-north stays Active'],
  [
    'observed: its peer serves',
    inMode('observe', passiveFacts({ lease: nobody, guards: unguarded })),
    'R70',
    'wait',
    'armed, it would decide: ig-north stays Passive',
  ],
  [
    'observed: it would take over',
    inMode(
      'observe',
      passiveFacts({ lease: { ...nobody, freeInMs: 0 }, guards: unguarded, peer: silentPeer }),
    ),
    'R70',
    'wait',
    'armed, it would decide: ig-north takes over',
  ],
  [
    'observed: it could not take over',
    inMode(
      'observe',
      passiveFacts({
        lease: nobody,
        peer: silentPeer,
        storage: { proven: { value: false, ageMs: 1, why: 'not mounted' } },
      }),
    ),
    'R70',
    'wait',
    'its storage is not proven: not mounted',
  ],
  [
    'taking over its engine, agent restarted',
    inMode('arming', found({ inherited: { epoch: 1, stopInMs: 900 } })),
    'R71',
    'wait',
    'proves the lease of epoch 1',
  ],
  ['taking over its engine', inMode('arming', found()), 'R72', 'acquire', 'nobody holds the lease'],
  [
    'taking over, engines run on both',
    inMode('arming', found({ peer: { ...idlePeer, engineRunning: true } })),
    'R72',
    'wait',
    'CONFLICT: the engine of ig-south runs too',
  ],
  [
    'taking over, peer not heard',
    inMode('arming', found({ peer: silentPeer })),
    'R72',
    'wait',
    'whether the engine of ig-south runs is not known',
  ],
  [
    'taking over, engine not seen',
    inMode('arming', found({ engine: { process: { value: null, ageMs: 1, why: 'no answer' } } })),
    'R72',
    'wait',
    'its engine is not seen running: no answer',
  ],
  [
    'taking over, lease granted, guards not there yet',
    inMode('arming', found(granted)),
    'R73',
    'adopt-engine',
    'for the engine that runs already',
  ],
  [
    'taken over',
    inMode('arming', found({ ...granted, serving: true, engine: { startedEpoch: 1 } })),
    'R74',
    'wait',
    '0 of 2 guards beat, and arming goes on',
  ],
];
