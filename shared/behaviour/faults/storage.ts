import { copiedStorage, sharedStorage, type Fault } from '../fault.ts';
import { afterBoot, besideNewState, crashed, leaseFree, noRoom, silentPeer } from '../fault-facts.ts';
import {
  bringsBack,
  decides,
  diesWithServer,
  guardsKill,
  handedOver,
  leaseEnds,
  noticesSilence,
  oldEnds,
  person,
  personMoves,
  servesAgain,
  restarted,
  takesOver,
  triesToTakeOver,
} from '../fault-moments.ts';

export const storageFaults: readonly Fault[] = [
  {
    number: 15,
    id: 'storage-active',
    group: 'Storage and disks',
    title: 'The Active loses its storage while it serves',
    happens: 'The engine is not stopped for that: a person is told and decides.',
    moments: (scene) => [
      decides('active', 'storage-seen', {
        storage: { proven: { value: false, why: 'the directory does not answer' } },
      }),
      personMoves(
        scene,
        'Mends the storage, or moves the cluster if the other server still reaches it.',
        'Mends the storage.',
      ),
    ],
  },
  {
    number: 16,
    id: 'storage-passive',
    group: 'Storage and disks',
    title: 'The Active dies, and the Passive does not reach the storage',
    happens: 'Nothing is started without proof of the storage.',
    moments: (scene) => [
      diesWithServer(scene),
      ...triesToTakeOver(scene, {
        ...silentPeer,
        ...leaseFree(scene),
        storage: { proven: { value: false, why: 'the directory does not answer' } },
      }),
      personMoves(scene, 'Mends the storage: it is taken over then by itself.', bringsBack(scene)),
    ],
  },
  {
    number: 17,
    id: 'copy-old',
    group: 'Storage and disks',
    title: 'The Active dies, and the last complete copy is too old',
    happens: 'What was written since would be lost: a person decides whether that is given up.',
    onlyFor: copiedStorage,
    moments: (scene) => [
      diesWithServer(scene),
      noticesSilence(scene),
      ...triesToTakeOver(scene, {
        ...silentPeer,
        ...leaseFree(scene),
        storage: {
          copied: { state: { whole: { readAtMs: 100_000 - ((scene.lagLimitSeconds ?? 0) + 60) * 1_000 } } },
        },
      }),
      personMoves(
        scene,
        'Brings the old server back; or lets the other one take over, and gives up what was not copied.',
        bringsBack(scene),
      ),
    ],
  },
  {
    number: 18,
    id: 'late-write',
    group: 'Storage and disks',
    title: 'Somebody writes to the storage after having been fenced',
    happens: 'A server that thawed, or a tool: it is seen by its generation and shown.',
    onlyFor: sharedStorage,
    moments: () => [
      decides('active', 'storage-seen', {
        storage: { lateWrite: { seen: 'a write of epoch 4', agoMs: 2_000 } },
      }),
      person('Finds out who wrote, and whether messages were touched.'),
    ],
  },
  {
    number: 47,
    id: 'storage-hangs',
    group: 'Storage and disks',
    title: 'The storage of the Active hangs',
    happens: 'Looks at it end at their limit, and renewals never wait for them: it is told, not moved.',
    messages: 'What has to be written there waits: senders get no acknowledgement, and send again.',
    moments: (scene) => [
      decides('active', 'storage-seen', {
        storage: { proven: { value: false, why: 'the look at it did not end in time' } },
      }),
      personMoves(
        scene,
        'Mends the storage, or moves the cluster if the other server still reaches it.',
        'Mends the storage.',
      ),
    ],
  },
  {
    number: 48,
    id: 'storage-full',
    group: 'Storage and disks',
    title: 'The storage is full or gone for both servers',
    happens: 'A move would not help, and none is made.',
    messages: 'The engine can take on nothing: senders get no acknowledgement, and send again.',
    onlyFor: sharedStorage,
    moments: () => [
      decides('passive', 'storage-seen', { storage: { proven: { value: false, why: 'it is full' } } }),
      decides('active', 'storage-seen', { storage: { proven: { value: false, why: 'it is full' } } }),
      person('Makes room there, or brings it back.'),
    ],
  },
  {
    number: 49,
    id: 'storage-kills-engine',
    group: 'Storage and disks',
    title: 'The Active loses its storage, and its engine dies of it',
    happens: 'Gone, stale or read-only: local restarts are used up, and the other server may reach it.',
    moments: (scene) => {
      const facts = {
        ...crashed(scene.localRestarts + 1),
        storage: { proven: { value: false, why: 'it is mounted read-only' } },
      };
      return [
        oldEnds(scene, 'fault', 'Its engine cannot write, and ends; so do its local restarts.'),
        decides('active', 'process-seen', facts),
        ...handedOver(scene, facts),
        person('Mends the storage: until then no start there lasts.', { onlyIf: 'nobody' }),
      ];
    },
  },
  {
    number: 50,
    id: 'state-disk-full',
    group: 'Storage and disks',
    title: 'The disk with the state of the Active’s agent is full, and its engine crashes',
    happens: 'A restart in place needs no new state; taking over would, and is refused with such a disk.',
    moments: (scene) => [
      oldEnds(scene, 'fault', 'Its process ends.'),
      decides('active', 'process-seen', { ...crashed(1), ...noRoom }),
      restarted,
      ...handedOver(scene, { ...crashed(1), ...noRoom }),
      person('Makes room on that disk.'),
    ],
  },
  {
    number: 51,
    id: 'state-disk-hangs',
    group: 'Storage and disks',
    title: 'Writes to the disk of the Active’s agent hang',
    happens: 'A write that hangs prolongs no lease: the agent stands still, and the guards end the engine.',
    moments: (scene) => [noticesSilence(scene), guardsKill(scene), ...takesOver(scene)],
  },
  {
    number: 52,
    id: 'state-damaged',
    group: 'Storage and disks',
    title: 'The state of the Active’s agent is damaged, or an older one was put back',
    happens: 'Found when the agent starts again: it does not use it, and epochs never go back.',
    moments: (scene) => [
      decides('active', 'process-seen', {
        lease: { held: false },
        inherited: { epoch: 5, stopInMs: 2_000 },
        memory: { damaged: 'its check sum is wrong' },
      }),
      guardsKill(scene),
      leaseEnds,
      ...triesToTakeOver(scene, besideNewState(scene)),
      decides('active', 'later', afterBoot(scene), { onlyIf: 'held-back' }),
      servesAgain('acquire', 'It serves again, with a state that begins anew.'),
    ],
  },
];
