import { armedSite, type Fault } from '../fault.ts';
import { crashed, withoutGuards } from '../fault-facts.ts';
import {
  decides,
  endsWithoutGuards,
  guardsKill,
  handedOver,
  noticesSilence,
  oldEnds,
  outside,
  person,
  restarted,
  takesOver,
  triedThreeTimes,
} from '../fault-moments.ts';
import { membersOf } from '../healthy-members.ts';

export const agentFaults: readonly Fault[] = [
  {
    number: 8,
    id: 'agent-killed',
    group: 'Agent and guards',
    title: 'The Active’s agent dies',
    happens: 'The engine goes on under the deadline of the guards, and the restarted agent proves the lease.',
    moments: (scene) => [
      outside(
        'happens',
        membersOf(scene).active.name,
        'fault',
        'The system restarts the agent, which finds its engine running.',
      ),
      decides('active', 'process-seen', { lease: { held: false }, inherited: { epoch: 5, stopInMs: 2_000 } }),
    ],
  },
  {
    number: 9,
    id: 'agent-frozen',
    group: 'Agent and guards',
    title: 'The Active’s agent freezes, its engine goes on',
    happens: 'Nobody renews the lease; the guards, which are programs of their own, end the engine in time.',
    moments: (scene) => [noticesSilence(scene), guardsKill(scene), ...takesOver(scene)],
  },
  {
    number: 33,
    id: 'agent-loop',
    group: 'Agent and guards',
    title: 'The Active’s agent dies again and again, before it can renew',
    happens: 'The guards end the engine at the deadline that the agent set last.',
    moments: (scene) => [
      decides('active', 'process-seen', { lease: { held: false }, inherited: { epoch: 5, stopInMs: 2_000 } }),
      noticesSilence(scene),
      guardsKill(scene),
      ...takesOver(scene),
    ],
  },
  {
    number: 34,
    id: 'agent-and-engine',
    group: 'Agent and guards',
    title: 'Agent and engine die at the same time',
    happens: 'The restarted agent proves its lease, and its storage, before it starts the engine.',
    moments: (scene) => [
      oldEnds(scene, 'fault', 'Both processes end.'),
      outside(
        'happens',
        membersOf(scene).active.name,
        'fault',
        'The system restarts the agent, which renews its lease.',
        {
          onlyIf: 'armed',
        },
      ),
      decides('active', 'process-seen', { ...crashed(0), storage: { provenEpoch: null } }),
      decides('active', 'process-seen', crashed(0), { after: ['prove-storage'] }),
      restarted,
    ],
  },
  {
    number: 35,
    id: 'guard-dead',
    group: 'Agent and guards',
    title: 'One guard dies or freezes',
    happens: 'The other one protects meanwhile.',
    onlyFor: armedSite,
    moments: () => [decides('active', 'guard-silent', { guards: { beating: 1, allSilent: false } })],
  },
  {
    number: 36,
    id: 'guards-dead',
    group: 'Agent and guards',
    title: 'Both guards die or freeze, and can be restarted',
    happens: 'Nothing would end the engine in time, so it does not run on without them.',
    onlyFor: armedSite,
    moments: () => [
      endsWithoutGuards,
      decides(
        'active',
        'guards-silent',
        { ...crashed(0), guards: { beating: 0 } },
        { after: ['kill-engine'] },
      ),
      decides('active', 'guards-silent', crashed(0), { after: ['restart-guards'] }),
      restarted,
    ],
  },
  {
    number: 37,
    id: 'guards-gone',
    group: 'Agent and guards',
    title: 'Both guards die, and none can be brought to beat',
    happens: 'A server without guards may not run the engine: the other one gets the cluster.',
    onlyFor: armedSite,
    moments: (scene) => [
      endsWithoutGuards,
      triedThreeTimes(scene, 'active', 'restart-guards', {
        at: 'guards-silent',
        says: 'No guard can be brought to beat',
        after: 'kill-engine',
      }),
      decides('active', 'guards-silent', withoutGuards, { after: ['kill-engine'] }),
      ...handedOver(scene, withoutGuards, 'guards-silent'),
      person('Looks why no guard starts on that server.', { onlyIf: 'held-back' }),
    ],
  },
];
