import { silentApiMs } from '../../failover/rules/active.ts';
import { movable, type Fault } from '../fault.ts';
import { crashed, halfStarted } from '../fault-facts.ts';
import {
  crashesOn,
  decides,
  handedOver,
  oldEnds,
  person,
  personMoves,
  triedThreeTimes,
} from '../fault-moments.ts';
import { givesOn, refusesToStop, stopsForMove } from '../move-moments.ts';

export const engineFaults: readonly Fault[] = [
  {
    number: 5,
    id: 'engine-killed',
    group: 'Engine',
    title: 'The engine crashes once',
    happens: 'Its process is gone; server and agent go on.',
    moments: (scene) => crashesOn(scene, 1, 'Its process ends.'),
  },
  {
    number: 6,
    id: 'engine-crashes',
    group: 'Engine',
    title: 'The engine crashes again and again',
    happens: 'Local restarts are used up, and the other server may do better.',
    moments: (scene) =>
      crashesOn(
        scene,
        scene.localRestarts + 1,
        'Its process ends once more than it may be restarted within ten minutes.',
      ),
  },
  {
    number: 7,
    id: 'engine-silent',
    group: 'Engine',
    title: 'The engine runs, and its API is silent',
    happens: 'A move may not help and costs a stop: a person is told.',
    moments: (scene) => [
      decides('active', 'api-silent', {
        engine: { api: { value: false, why: 'no answer' }, apiSilentMs: silentApiMs },
      }),
      personMoves(
        scene,
        'Looks at the engine, and moves the cluster if that helps.',
        'Looks at the engine, and restarts it if that helps.',
      ),
    ],
  },
  {
    number: 28,
    id: 'engine-stands-still',
    group: 'Engine',
    title: 'The engine answers, and messages stand still in it',
    happens: 'Messages wait in its queues, and nothing moves: that is told, as a move may not help.',
    messages: 'They are taken on and wait in the queues of the engine.',
    moments: () => [
      decides('active', 'api-seen', {
        engine: { notProcessing: 'messages wait in its queues and nothing moves' },
      }),
      person('Looks at the component that stands still, and at what it sends to.'),
    ],
  },
  {
    number: 29,
    id: 'components-off',
    group: 'Engine',
    title: 'Components of the engine are switched off',
    happens: 'As in its dashboard: what a person has switched off stays off.',
    messages: 'Those of the components that are off are not taken on: their senders wait.',
    leftToPerson: true,
    moments: () => [
      decides('active', 'api-seen', { engine: { components: { value: { on: 1, total: 3 } } } }),
      person('Switches them on at the engine, if that was not meant.'),
    ],
  },
  {
    number: 30,
    id: 'engine-half-started',
    group: 'Engine',
    title: 'The engine crashes, and its components do not start any more',
    happens:
      'Safe mode, or a licence that is exceeded: the start is tried three times, then handed over where that is possible.',
    moments: (scene) => [
      oldEnds(scene, 'fault', 'Its process ends.'),
      decides('active', 'process-seen', crashed(1)),
      triedThreeTimes(scene, 'active', 'start-components', {
        at: 'process-seen',
        says: 'Its components do not start',
        after: 'start-engine',
      }),
      decides('active', 'process-seen', halfStarted, { after: ['start-engine'] }),
      decides(
        'active',
        'process-seen',
        { ...crashed(1), failures: halfStarted.failures },
        { after: ['stop-engine'] },
      ),
      ...handedOver(scene, { ...crashed(scene.localRestarts + 1), failures: halfStarted.failures }),
      person('Looks why its components do not start.', { onlyIf: 'held-back' }),
    ],
  },
  {
    number: 31,
    id: 'stop-refused',
    group: 'Engine',
    title: 'The engine does not stop in a planned move',
    happens: 'Its stop has a limit of its own: then it is killed, and the move goes on.',
    inMove: true,
    onlyFor: movable,
    moments: (scene) => [stopsForMove(scene), refusesToStop(scene), ...givesOn(scene)],
  },
  {
    number: 32,
    id: 'engine-outside',
    group: 'Engine',
    title: 'An engine is started outside its service on the Passive',
    happens: 'Neither gate nor guards hold it: it is seen by the ports and the journal that it holds.',
    messages: 'What that engine takes or fetches is outside all that is promised here.',
    moments: () => [
      decides('active', 'outsider-seen'),
      decides('passive', 'outsider-seen', {
        engine: { outsider: 'a process beside its service holds its port' },
      }),
      person('Finds out who started it, and ends it by hand.'),
    ],
  },
];
