import type { ClusterBehaviour } from './behaviour-site.ts';
import { silentApiMs } from '../failover/rules/active.ts';
import { leaseFree, leaseLeftWhenCutOff, silentPeer, storeSilent } from './fault-facts.ts';
import {
  decides,
  outside,
  noticesSilence,
  takesOver,
  serves,
  restarted,
  oldEnds,
  person,
  guardsKill,
  diesWithServer,
  handedOver,
  endsItself,
  withheldBy,
  blockOf,
  returns,
  crashed,
  type Moment,
} from './fault-moments.ts';
import { membersOf } from './healthy-members.ts';

export interface Fault {
  readonly id: string;
  readonly group: 'Server' | 'Engine' | 'Agent' | 'Network' | 'Lease store' | 'Storage' | 'People';
  readonly title: string;
  /** The title where an etcd keeps the lease. */
  readonly withEtcd?: string;
  /** What it is, as it is met. */
  readonly happens: string;
  readonly moments: (cluster: ClusterBehaviour) => readonly Moment[];
  /** Only where the storage is of this kind. */
  readonly onlyFor?: 'shared' | 'copied';
  /** The lease is handed over: nobody waits for it to run out. */
  readonly handsOver?: true;
  /** The Active serves all the time, whatever is told. */
  readonly servesOn?: true;
}

/** What can go wrong, in groups; the cases are those that are tried out too (docs/testing.md). */
export const faults: readonly Fault[] = [
  {
    id: 'power',
    group: 'Server',
    title: 'The Active’s server loses power or crashes',
    happens: 'It is silent at once, and nobody can tell whether it is down or only cut off.',
    moments: (cluster) => [diesWithServer(cluster), noticesSilence(cluster), ...takesOver(cluster)],
  },
  {
    id: 'frozen',
    group: 'Server',
    title: 'The Active’s server freezes and thaws later',
    happens: 'A paused virtual machine, a hanging disk: it is silent, and goes on as if nothing had been.',
    moments: (cluster) => [
      oldEnds(cluster, 'fault', 'Its engine processes nothing while the server stands still.'),
      noticesSilence(cluster),
      ...takesOver(cluster),
      outside(
        'later',
        membersOf(cluster).active.name,
        'later',
        'It thaws: the deadline of its guards lies behind it, so they kill the engine.',
      ),
      decides('active', 'later', {
        lease: { held: false, leftMs: 0, holder: membersOf(cluster).passive.server },
      }),
    ],
  },
  {
    id: 'shutdown',
    group: 'Server',
    title: 'The Active’s server is shut down in order',
    happens:
      'Its engine is stopped by the system; the lease is given back, and nobody waits for it to run out.',
    handsOver: true,
    moments: (cluster) => [
      oldEnds(cluster, 'fault', 'The system stops its engine in order; times count from that.'),
      decides('active', 'process-seen', {
        serverStops: 'yes',
        serving: false,
        engine: { process: { value: 'stopped' }, api: { value: false } },
      }),
      decides('passive', 'process-seen', {
        ...leaseFree(cluster),
        ...silentPeer,
        lease: { ...leaseFree(cluster).lease, holder: null },
      }),
      serves(cluster),
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
    handsOver: true,
    moments: (cluster) =>
      cluster.localRestarts > 0
        ? [
            oldEnds(cluster, 'fault', 'Its process ends.'),
            decides('active', 'process-seen', crashed(1)),
            restarted(cluster),
          ]
        : handedOver(cluster, 1),
  },
  {
    id: 'engine-crashes',
    group: 'Engine',
    title: 'The engine crashes again and again',
    happens: 'Local restarts are used up, and the other server may do better.',
    handsOver: true,
    moments: (cluster) => handedOver(cluster, cluster.localRestarts + 1),
  },
  {
    id: 'engine-silent',
    group: 'Engine',
    title: 'The engine runs, and its API is silent',
    happens: 'A move may not help and costs a stop: a person is told.',
    servesOn: true,
    moments: () => [
      decides('active', 'api-silent', {
        engine: { api: { value: false, why: 'no answer' }, apiSilentMs: silentApiMs },
      }),
      person('Looks at the engine, and moves the cluster if that helps.'),
    ],
  },
  {
    id: 'agent-killed',
    group: 'Agent',
    title: 'The Active’s agent dies',
    happens: 'The engine goes on under the deadline of the guards, and the restarted agent proves the lease.',
    servesOn: true,
    moments: (cluster) => [
      outside(
        'happens',
        membersOf(cluster).active.name,
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
    moments: (cluster) => [noticesSilence(cluster), guardsKill(cluster), ...takesOver(cluster)],
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
    moments: (cluster) => [noticesSilence(cluster), ...endsItself(cluster), ...takesOver(cluster)],
  },
  {
    id: 'active-store-cut',
    group: 'Network',
    title: 'Only the Active’s way to the lease store is cut',
    withEtcd: 'Only the Active’s ways to the etcd are cut',
    happens: 'Renewals travel through the other server.',
    servesOn: true,
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
    servesOn: true,
    moments: (cluster) => [
      decides('active', 'store-silent', {
        ...storeSilent,
        peerMode: { question: 'waiting' },
        lease: { ...storeSilent.lease, leftMs: leaseLeftWhenCutOff(cluster) },
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
    moments: (cluster) => [
      ...endsItself(cluster),
      person('Brings one of both back; or makes sure that the other server is off, and forces the takeover.'),
    ],
  },
  {
    id: 'storage-active',
    group: 'Storage',
    title: 'The Active loses its storage while it serves',
    happens: 'The engine is not stopped for that: a person is told and decides.',
    servesOn: true,
    moments: () => [
      decides('active', 'storage-seen', {
        storage: { proven: { value: false, why: 'the directory does not answer' } },
      }),
      person('Mends the storage, or moves the cluster if the other server still reaches it.'),
    ],
  },
  {
    id: 'storage-passive',
    group: 'Storage',
    title: 'The Active dies, and the Passive does not reach the storage',
    happens: 'Nothing is started without proof of the storage.',
    moments: (cluster) => [
      diesWithServer(cluster),
      decides('passive', 'lease-free', {
        ...silentPeer,
        ...leaseFree(cluster),
        storage: { proven: { value: false, why: 'the directory does not answer' } },
      }),
      person('Mends the storage: it is taken over then by itself.'),
    ],
  },
  {
    id: 'copy-old',
    group: 'Storage',
    title: 'The Active dies, and the last complete copy is too old',
    happens: 'What was written since would be lost: a person decides whether that is given up.',
    onlyFor: 'copied',
    moments: (cluster) => [
      diesWithServer(cluster),
      noticesSilence(cluster),
      decides('passive', 'lease-free', {
        ...silentPeer,
        ...leaseFree(cluster),
        storage: {
          copied: { state: { whole: { readAtMs: 100_000 - ((cluster.lagLimitSeconds ?? 0) + 60) * 1_000 } } },
        },
      }),
      person(
        'Brings the old server back; or lets the other one take over, and gives up what was not copied.',
      ),
    ],
  },
  {
    id: 'late-write',
    group: 'Storage',
    title: 'Somebody writes to the storage after having been fenced',
    happens: 'A server that thawed, or a tool: it is seen by its generation and shown.',
    servesOn: true,
    onlyFor: 'shared',
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
    moments: (cluster) => [
      diesWithServer(cluster),
      noticesSilence(cluster),
      decides('passive', 'lease-free', withheldBy(cluster, { block: blockOf(cluster) })),
      person('Finds out what is the matter, and lets the other server take over or ends the block.'),
    ],
  },
  {
    id: 'maintenance',
    group: 'People',
    title: 'The Active dies during maintenance',
    happens: 'Agents start, stop and move nothing until it ends.',
    moments: (cluster) => [
      diesWithServer(cluster),
      noticesSilence(cluster),
      decides(
        'passive',
        'lease-free',
        withheldBy(cluster, { maintenance: { reason: 'patching', by: 'admin-1', leftMs: 20 * 60_000 } }),
      ),
      person('Ends the maintenance, or lets the other one take over.'),
    ],
  },
  {
    id: 'returns',
    group: 'People',
    title: 'The old Active comes back after a failover',
    happens: 'It stays Passive, whatever it thinks of itself.',
    moments: (cluster) => [returns(cluster)],
  },
];
