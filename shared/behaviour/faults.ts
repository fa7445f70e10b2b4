import { silentApiMs } from '../failover/rules/active.ts';
import { leaseFree, leaseLeftWhenCutOff, silentPeer, storeSilent } from './fault-facts.ts';
import {
  blockOf,
  crashesOn,
  cutsOff,
  decides,
  diesWithServer,
  endsItself,
  guardsKill,
  noticesSilence,
  oldEnds,
  outside,
  person,
  personMoves,
  serves,
  takesOver,
  triesToTakeOver,
  withheldBy,
  type MemberName,
  type Moment,
} from './fault-moments.ts';
import type { FaultScene } from './fault-scene.ts';
import { comesBack } from './failback-moments.ts';
import { membersOf } from './healthy-members.ts';

/** The clusters that a fault can come to. */
export interface ClusterKind {
  /** As the end of "it comes only to clusters ...". */
  readonly says: string;
  readonly includes: (scene: FaultScene) => boolean;
}

const sharedStorage: ClusterKind = {
  says: 'with shared storage',
  includes: ({ storage }) => storage === 'shared',
};
const copiedStorage: ClusterKind = {
  says: 'with copied storage',
  includes: ({ storage }) => storage === 'copied',
};
const twoWays: ClusterKind = {
  says: 'both of whose servers may become Active',
  includes: ({ members }) => members.every(({ mustNot }) => !mustNot),
};

export interface Fault {
  readonly id: string;
  readonly group: 'Server' | 'Engine' | 'Agent' | 'Network' | 'Lease store' | 'Storage' | 'People';
  readonly title: string;
  /** The title where an etcd keeps the lease. */
  readonly withEtcd?: string;
  /** What it is, as it is met. */
  readonly happens: string;
  readonly moments: (scene: FaultScene) => readonly Moment[];
  /** Only at such clusters; left out: at every one. */
  readonly onlyFor?: ClusterKind;
  /** Who serves when it comes; left out: the Active. */
  readonly servedBy?: MemberName;
}

function bringsBack(scene: FaultScene): string {
  const { active, passive } = membersOf(scene);
  return `Brings ${active.name} back: ${passive.name} never becomes Active here.`;
}

/** What can go wrong, in groups; the cases are those that are tried out too (docs/testing.md). */
export const faults: readonly Fault[] = [
  {
    id: 'power',
    group: 'Server',
    title: 'The Active’s server loses power or crashes',
    happens: 'It is silent at once, and nobody can tell whether it is down or only cut off.',
    moments: (scene) => [diesWithServer(scene), noticesSilence(scene), ...takesOver(scene)],
  },
  {
    id: 'frozen',
    group: 'Server',
    title: 'The Active’s server freezes and thaws later',
    happens: 'A paused virtual machine, a hanging disk: it is silent, and goes on as if nothing had been.',
    moments: (scene) => [
      oldEnds(scene, 'fault', 'Its engine processes nothing while the server stands still.'),
      noticesSilence(scene),
      ...takesOver(scene),
      outside(
        'later',
        membersOf(scene).active.name,
        'later',
        'It thaws: the deadline of its guards lies behind it, so they kill the engine.',
        { onlyIf: 'armed' },
      ),
      decides(
        'active',
        'later',
        { lease: { held: false, leftMs: 0, holder: membersOf(scene).passive.server } },
        { onlyIf: 'moved' },
      ),
    ],
  },
  {
    id: 'shutdown',
    group: 'Server',
    title: 'The Active’s server is shut down in order',
    happens:
      'Its engine is stopped by the system; the lease is given back, and nobody waits for it to run out.',
    moments: (scene) => [
      oldEnds(scene, 'fault', 'The system stops its engine in order; times count from that.'),
      decides('active', 'process-seen', {
        serverStops: 'yes',
        serving: false,
        engine: { process: { value: 'stopped' }, api: { value: false } },
      }),
      decides('passive', 'process-seen', {
        ...leaseFree(scene),
        ...silentPeer,
        lease: { ...leaseFree(scene).lease, holder: null },
      }),
      ...cutsOff(scene, 'process-seen'),
      ...serves(scene),
      person(`Starts ${membersOf(scene).active.name} again: until then nobody serves.`, {
        onlyIf: 'held-back',
      }),
    ],
  },
  {
    id: 'passive-down',
    group: 'Server',
    title: 'The Passive’s server is down',
    happens: 'Nothing moves; what is lost is the way out if the Active fails too.',
    moments: () => [decides('active', 'peer-silent', silentPeer)],
  },
  {
    id: 'engine-killed',
    group: 'Engine',
    title: 'The engine crashes once',
    happens: 'Its process is gone; server and agent go on.',
    moments: (scene) => crashesOn(scene, 1, 'Its process ends.'),
  },
  {
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
    id: 'agent-killed',
    group: 'Agent',
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
    id: 'agent-frozen',
    group: 'Agent',
    title: 'The Active’s agent freezes, its engine goes on',
    happens: 'Nobody renews the lease; the guards, which are programs of their own, end the engine in time.',
    moments: (scene) => [noticesSilence(scene), guardsKill(scene), ...takesOver(scene)],
  },
  {
    id: 'link-cut',
    group: 'Network',
    title: 'The network between both servers is cut, the lease store sees both',
    withEtcd: 'The network between both servers is cut, the etcd sees both',
    happens: 'Each server thinks that the other is gone; only the lease store can tell.',
    moments: () => [
      decides('active', 'peer-silent', silentPeer),
      decides('passive', 'peer-silent', silentPeer),
    ],
  },
  {
    id: 'active-cut-off',
    group: 'Network',
    title: 'The Active is cut off from everything',
    happens: 'It cannot renew its lease, and stops its engine before it ends.',
    moments: (scene) => [noticesSilence(scene), ...endsItself(scene), ...takesOver(scene)],
  },
  {
    id: 'active-store-cut',
    group: 'Network',
    title: 'Only the Active’s way to the lease store is cut',
    withEtcd: 'Only the Active’s ways to the etcd are cut',
    happens: 'Renewals travel through the other server.',
    moments: () => [
      decides('active', 'store-silent', { lease: { throughPeerMs: 5_000 } }),
      decides('passive', 'store-silent'),
    ],
  },
  {
    id: 'store-down',
    group: 'Lease store',
    title: 'The lease store is down',
    withEtcd: 'The etcd has no majority any more',
    happens: 'Peer mode: the Passive promises not to take over, and the Active goes on without a lease.',
    moments: (scene) => [
      decides('active', 'store-silent', {
        ...storeSilent,
        peerMode: { question: 'waiting' },
        lease: { ...storeSilent.lease, leftMs: leaseLeftWhenCutOff(scene) },
      }),
      decides('active', 'later', {
        ...storeSilent,
        peerMode: { livesOn: { period: { e: 5, n: 1 }, sinceMs: 10_000 } },
      }),
      decides('passive', 'later', {
        ...storeSilent,
        peerMode: { given: { period: { e: 5, n: 1 }, sinceMs: 10_000 } },
      }),
    ],
  },
  {
    id: 'store-and-peer-down',
    group: 'Lease store',
    title: 'Lease store and Passive are lost at the same time',
    withEtcd: 'The majority of the etcd and the Passive are lost at the same time',
    happens:
      'The Active cannot tell this from being cut off, so it stops: two Active servers are worse than none.',
    moments: (scene) => [
      ...endsItself(scene),
      personMoves(
        scene,
        'Brings one of both back; or makes sure that the other server is off, and forces the takeover.',
        'Brings one of both back.',
      ),
    ],
  },
  {
    id: 'storage-active',
    group: 'Storage',
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
    id: 'storage-passive',
    group: 'Storage',
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
    id: 'copy-old',
    group: 'Storage',
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
    id: 'late-write',
    group: 'Storage',
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
    id: 'flapping',
    group: 'People',
    title: 'It has failed over too often in an hour',
    happens: 'Further automatic failovers are blocked, so that it does not go to and fro.',
    moments: (scene) => [
      diesWithServer(scene),
      noticesSilence(scene),
      ...triesToTakeOver(scene, withheldBy(scene, { block: blockOf(scene) })),
      personMoves(
        scene,
        'Finds out what is the matter, and lets the other server take over or ends the block.',
        bringsBack(scene),
      ),
    ],
  },
  {
    id: 'maintenance',
    group: 'People',
    title: 'The Active dies during maintenance',
    happens: 'Agents start, stop and move nothing until it ends.',
    moments: (scene) => [
      diesWithServer(scene),
      noticesSilence(scene),
      ...triesToTakeOver(
        scene,
        withheldBy(scene, { maintenance: { reason: 'patching', by: 'admin-1', leftMs: 20 * 60_000 } }),
      ),
      personMoves(
        scene,
        'Ends the maintenance, or waits for its end: the other one takes over then by itself.',
        `${bringsBack(scene)} The maintenance has to be ended too.`,
      ),
    ],
  },
  {
    id: 'returns',
    group: 'People',
    title: 'The old Active comes back after a failover',
    happens:
      'It is Passive, whatever it thinks of itself; whether it is moved back, is set for each cluster.',
    servedBy: 'passive',
    onlyFor: twoWays,
    moments: comesBack,
  },
];
