import { failed, silentPeer, type RuleCase } from './rule-cases.ts';
import { activeFacts, grantedFacts, passiveFacts } from './sample-facts.ts';

/** Its process runs; what makes it serve has failed. */
const starting = { process: { value: 'running', ageMs: 1 }, startedEpoch: 5 } as const;

const noGuard = { beating: 0, allSilent: true };
const guardsFailed = failed('guard 1 and 2 restarted, not yet seen beating');
const ready = { provenEpoch: 5, generation: { value: 5 } };

/** Cases in which a member holds the lease but cannot be brought to serve, or must not. */
export const stuckRuleCases: readonly RuleCase[] = [
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
    'engine found running by a restarted agent, its API never answers',
    grantedFacts({
      engine: { ...starting, api: { value: false, ageMs: 1, why: 'no answer' }, apiAwaitedMs: 60_000 },
    }),
    'R28',
    'stop-engine',
    'its API is silent for 60.0 s: no answer',
  ],
  [
    'engine found running by a restarted agent, its API never answers, nobody else',
    grantedFacts({
      engine: { ...starting, api: { value: false, ageMs: 1, why: 'no answer' }, apiAwaitedMs: 60_000 },
      peer: silentPeer,
    }),
    'R24',
    'ask-admin',
    'its API is silent for 60.0 s: no answer',
  ],
  [
    'engine still starts',
    grantedFacts({ engine: { ...starting, api: { value: false, ageMs: 1 }, apiAwaitedMs: 59_000 } }),
    'R24',
    'wait',
    'its API has not answered yet',
  ],
  [
    'components never start, nobody else',
    grantedFacts({
      engine: { ...starting, api: { value: true, ageMs: 1 }, components: { value: { on: 0, total: 3 } } },
      peer: silentPeer,
      failures: { 'start-components': { count: 4, forMs: 9_000, agoMs: 100, why: 'licence exceeded' } },
    }),
    'R25',
    'ask-admin',
    'licence exceeded',
  ],
  [
    'no guard beats: nothing is started before one does',
    grantedFacts({ guards: noGuard, storage: ready }),
    'R47',
    'restart-guards',
    'none of its guards beats',
  ],
  [
    'no guard beats and the engine has died: not restarted either',
    grantedFacts({ guards: noGuard, storage: ready, engine: { crashes: 1 } }),
    'R47',
    'restart-guards',
    'not started before one does',
  ],
  [
    'one guard beats: enough to start under',
    grantedFacts({
      guards: { beating: 1, allSilent: false },
      storage: ready,
      failures: { 'restart-guards': guardsFailed },
    }),
    'R23',
    'start-engine',
    'the engine is started',
  ],
  [
    'no guard can be brought to beat, peer fit',
    grantedFacts({ guards: noGuard, failures: { 'restart-guards': guardsFailed } }),
    'R20',
    'end-epoch',
    'step restart-guards has failed for 9.0 s: guard 1 and 2 restarted',
  ],
  [
    'no guard can be brought to beat, peer not heard',
    grantedFacts({ guards: noGuard, peer: silentPeer, failures: { 'restart-guards': guardsFailed } }),
    'R29',
    'end-epoch',
    'ig-south is not heard',
  ],
  [
    'no guard can be brought to beat, peer unfit',
    grantedFacts({
      guards: noGuard,
      peer: { blockers: [{ code: 'storage', reason: 'Not mounted.', remedy: 'Mount it.' }] },
      failures: { 'restart-guards': { ...guardsFailed, agoMs: 100 } },
    }),
    'R47',
    'ask-admin',
    'tried 3 times, last: guard 1 and 2 restarted, not yet seen beating',
  ],
  [
    'storage never proven, peer unfit',
    grantedFacts({
      peer: { blockers: [{ code: 'storage', reason: 'Not mounted.', remedy: 'Mount it.' }] },
      failures: { 'prove-storage': { count: 3, forMs: 9_000, agoMs: 100, why: 'read-only' } },
    }),
    'R21',
    'ask-admin',
    'tried 3 times, last: read-only',
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
    'has given up what it could not use',
    passiveFacts({ lease: { freeInMs: 0 }, acquireWaitMs: 3_000, standsBack: true }),
    'R61',
    'wait',
    'it lets ig-south try for another 3.0 s',
  ],
  [
    'another store answers the Active',
    activeFacts({ lease: { storeReachable: false, trouble: 'another store answers (b)' } }),
    'R31',
    'wait',
    'cannot be used: another store answers (b); it stops its engine before the lease ends',
  ],
  [
    'lease left to run out, since its end cannot be written',
    passiveFacts({ lease: { holder: 'north' }, memory: { epoch: 5, unwritable: 'ENOSPC' } }),
    'R54',
    'wait',
    'its state cannot be written (ENOSPC), so its lease is left to run out; the store calls it free in 3.0 s',
  ],
  [
    'engine ended, why is not known yet',
    grantedFacts({ serverStops: 'asked', engine: { crashes: 0 } }),
    'R09',
    'wait',
    'whether its server shuts down is being asked',
  ],
  [
    'server shuts down, engine stopped',
    grantedFacts({ serverStops: 'yes' }),
    'R09',
    'end-epoch',
    'gives the lease back',
  ],
  [
    'server shuts down, release not confirmed',
    passiveFacts({ serverStops: 'yes', lease: { releasing: true }, peer: { role: 'passive' } }),
    'R07',
    'release',
    'has not confirmed',
  ],
  [
    'server shuts down, lease free',
    passiveFacts({ serverStops: 'yes', lease: { holder: 'south', freeInMs: 0 }, peer: silentPeer }),
    'R09',
    'wait',
    'begins nothing: its server shuts down',
  ],
  [
    'server shuts down, engine still serves',
    activeFacts({ serverStops: 'yes' }),
    'R33',
    'wait',
    'holds the lease',
  ],
  [
    'change, pollers that do not stop: the engine is stopped with them',
    activeFacts({
      serving: false,
      operation: { id: 'x', kind: 'switchover', to: 'south', epoch: 5, requestedBy: 'a', reason: '' },
      failures: { 'stop-pollers': { count: 2, forMs: 9_000, agoMs: 9_000, why: 'job hangs' } },
    }),
    'R12',
    'stop-engine',
    'proven stopped',
  ],
];
