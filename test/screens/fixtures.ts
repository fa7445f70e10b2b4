import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type {
  ClusterView,
  ConsoleSnapshot,
  Link,
  TrafficView,
} from '../../shared/console-ipc/console-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { memberSnapshot } from './member-fixture.ts';
import { doneSwitchover, runningSwitchover } from './operation-fixture.ts';

/** Snapshots of the demo site in the states that the screens are judged by. Each call gives a fresh copy. */
export const fixtures = {
  healthy,
  split,
  'lost-link': lostLink,
  'no-active': noActive,
  conflict,
  running,
  done,
  unknown: outcomeUnknown,
  'dead-server': deadServer,
  waiting: noSnapshotYet,
} satisfies Record<string, () => ConsoleSnapshot>;
export type FixtureName = keyof typeof fixtures;

export const connected: Link = { state: 'connected', sinceMs: 7_200_000, heardMs: 300, error: null };

export function lostFor(heardMs: number | null): Link {
  return {
    state: 'lost',
    sinceMs: heardMs ?? 9_000,
    heardMs,
    error: productError('agent.unreachable', 'No answer from 10.20.4.11 port 7670.'),
  };
}

function healthy(): ConsoleSnapshot {
  return {
    revision: 100,
    consoleVersion: '0.1.0',
    madeAtMs: 9_000_000,
    site: {
      id: 'demo',
      name: 'Demo site',
      demo: true,
      servers: [
        { id: 'ig-north', name: 'ig-north', address: '10.20.4.11', part: 'member' },
        { id: 'ig-south', name: 'ig-south', address: '10.20.4.12', part: 'member' },
        { id: 'ig-witness', name: 'ig-witness', address: '10.20.9.5', part: 'witness' },
      ],
      clusters: [
        cluster('WK1', 'Admissions and laboratory', 'ig-north', 'ig-south', 47, 18.4, 312),
        cluster('WK2', 'Radiology and pharmacy', 'ig-south', 'ig-north', 31, 9.7, 58),
      ],
      witness: {
        server: 'ig-witness',
        link: { ...connected, heardMs: 200 },
        snapshot: {
          kind: 'witness',
          apiVersion: '1.0',
          productVersion: '0.1.0',
          siteId: 'demo',
          server: 'ig-witness',
          revision: 44,
          startId: 'c2',
          wallTime: '2026-03-14T04:31:24.000Z',
          storeId: 'st-7c1e',
          startedMs: 1_036_800_000,
          leases: [
            {
              cluster: 'WK1',
              epoch: 47,
              holder: 'ig-north',
              reservedFor: null,
              freeInMs: 14_600,
              renewedMs: 800,
            },
            {
              cluster: 'WK2',
              epoch: 31,
              holder: 'ig-south',
              reservedFor: null,
              freeInMs: 15_100,
              renewedMs: 300,
            },
          ],
        },
      },
      balancerName: 'lb-1',
      faults: [],
    },
    me: { name: 'admin-1', role: 'admin' },
    trouble: null,
  };
}

/** ig-north cut off 9.3 s ago: nobody hears it, its lease of WK1 runs out. */
function split(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  const north = wk1.members[0]!;
  north.link = lostFor(9_300);
  // The last word of a silent member was its state just before the cut.
  north.snapshot!.lease.renewedMs = 100;
  const south = wk1.members[1]!.snapshot!;
  south.peer = {
    ...south.peer,
    reachable: false,
    answeredMs: 9_000,
    lossPercent: 100,
    role: null,
    why: 'no answer',
  };
  south.decision = {
    ruleId: 'R07',
    diagnosis: 'peer-silent',
    verdict: 'wait',
    headline: 'ig-south stays Passive until the lease has run out',
    reason: 'ig-north is silent. From here "it is down" and "only the network is cut" look the same.',
    sinceMs: 8_700,
    ageMs: 300,
    facts: [
      { name: 'Lease', text: 'ig-north, 6.0 s left', ageMs: 200, ok: null },
      { name: 'Peer', text: 'no answer for 9.3 s', ageMs: 300, ok: false },
      { name: 'Store', text: 'answers in 4 ms', ageMs: 200, ok: true },
      { name: 'Storage', text: 'read probe 11 ms', ageMs: 1_100, ok: true },
    ],
  };
  south.lease.freeInMs = 6_300;
  const lease = snapshot.site!.witness.snapshot!.leases[0]!;
  lease.renewedMs = 9_200;
  lease.freeInMs = 6_200;
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(null, 503) };
  const wk2 = clusterOf(snapshot, 'WK2');
  wk2.members[1]!.link = lostFor(9_300);
  const southWk2 = wk2.members[0]!.snapshot!;
  southWk2.peer = { ...southWk2.peer, reachable: false, answeredMs: 9_000, lossPercent: 100, role: null };
  snapshot.site!.faults = [
    { kind: 'cut-link', server: 'ig-north', cluster: null, other: 'ig-south', sinceMs: 9_400 },
    { kind: 'cut-link', server: 'ig-north', cluster: null, other: 'ig-witness', sinceMs: 9_400 },
  ];
  return snapshot;
}

/** Only the console lost ig-north; its peer still hears it. */
function lostLink(): ConsoleSnapshot {
  const snapshot = healthy();
  clusterOf(snapshot, 'WK1').members[0]!.link = lostFor(12_000);
  clusterOf(snapshot, 'WK2').members[1]!.link = lostFor(12_000);
  return snapshot;
}

function deadServer(): ConsoleSnapshot {
  const snapshot = split();
  snapshot.site!.faults = [
    { kind: 'kill-server', server: 'ig-north', cluster: null, other: null, sinceMs: 9_400 },
  ];
  return snapshot;
}

function noActive(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  for (const member of wk1.members) {
    const peer = wk1.members.find((other) => other !== member)!.server;
    const own = memberSnapshot({ cluster: 'WK1', server: member.server, peer, role: 'passive', epoch: 47 });
    own.lease = { ...own.lease, state: 'free', holder: null, freeInMs: 0 };
    own.peer.role = 'passive';
    own.blockers = [
      {
        code: 'storage',
        reason: 'Its storage is not proven: no answer for 14 s.',
        remedy: 'Mount the shared directory of this cluster there and check its rights.',
      },
    ];
    own.storage.proven = { value: null, why: 'no answer for 14 s', source: 'read probe', ageMs: 14_000 };
    own.decision = {
      ruleId: 'R23',
      diagnosis: 'storage-silent',
      verdict: 'ask-admin',
      headline: `${member.server} stays Passive`,
      reason: 'its storage is not proven, so its engine may not be started',
      sinceMs: 14_000,
      ageMs: 300,
      facts: [{ name: 'Storage', text: 'no answer for 14 s', ageMs: 300, ok: false }],
    };
    member.snapshot = own;
  }
  const lease = snapshot.site!.witness.snapshot!.leases[0]!;
  Object.assign(lease, { holder: null, freeInMs: 0, renewedMs: 22_000 });
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(503, 503) };
  wk1.traffic = { ...wk1.traffic!, perSecond: 0, currentGapMs: 22_000, longestGapMs: 22_000 };
  return snapshot;
}

function conflict(): ConsoleSnapshot {
  const snapshot = healthy();
  const south = clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
  south.engine.process.value = 'running';
  south.decision = {
    ruleId: 'R02',
    diagnosis: 'engine-without-lease',
    verdict: 'act',
    headline: 'ig-south stops the engine',
    reason: 'an engine runs here although ig-north holds the lease.',
    sinceMs: 600,
    ageMs: 300,
    facts: [{ name: 'Engine', text: 'runs without a lease', ageMs: 300, ok: false }],
  };
  return snapshot;
}

function running(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  wk1.operations = [runningSwitchover()];
  const north = wk1.members[0]!.snapshot!;
  const south = wk1.members[1]!.snapshot!;
  north.role = { observed: 'passive', wanted: 'passive', sinceMs: 6_000 };
  north.engine = { ...south.engine };
  north.lease = { ...south.lease, epoch: 48, holder: 'ig-south' };
  north.storage = { ...south.storage };
  north.activeAnswer = '503';
  south.role = { observed: 'taking-over', wanted: 'active', sinceMs: 4_300 };
  south.engine.process = { value: 'starting', source: 'service', ageMs: 300 };
  south.lease = {
    ...south.lease,
    state: 'held',
    epoch: 48,
    leftMs: 14_100,
    renewedMs: 900,
    holder: 'ig-south',
  };
  south.decision = {
    ...south.decision,
    ruleId: 'R21',
    headline: 'ig-south takes over',
    reason: 'it was granted epoch 48 and starts the engine.',
  };
  Object.assign(snapshot.site!.witness.snapshot!.leases[0]!, { epoch: 48, holder: 'ig-south' });
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(503, 503) };
  wk1.traffic = { ...wk1.traffic!, perSecond: 0, currentGapMs: 7_400, longestGapMs: 7_400 };
  return snapshot;
}

function done(): ConsoleSnapshot {
  const snapshot = healthy();
  const moved = cluster('WK1', 'Admissions and laboratory', 'ig-south', 'ig-north', 48, 18.8, 307);
  moved.operations = [doneSwitchover()];
  moved.traffic = { ...moved.traffic!, duplicates: 1, longestGapMs: 11_200 };
  snapshot.site!.clusters[0] = moved;
  Object.assign(snapshot.site!.witness.snapshot!.leases[0]!, { epoch: 48, holder: 'ig-south' });
  return snapshot;
}

function outcomeUnknown(): ConsoleSnapshot {
  const snapshot = running();
  const wk1 = clusterOf(snapshot, 'WK1');
  wk1.members[1]!.link = lostFor(8_000);
  wk1.operations[0]!.state = 'unknown';
  wk1.operations[0]!.sentence =
    'ig-south stopped answering while it started the engine. Nothing was started twice.';
  return snapshot;
}

function noSnapshotYet(): ConsoleSnapshot {
  return { ...healthy(), site: null };
}

function cluster(
  id: string,
  title: string,
  active: string,
  passive: string,
  epoch: number,
  perSecond: number,
  queued: number,
): ClusterView {
  const view = (server: string, peer: string, role: 'active' | 'passive') => ({
    cluster: id,
    server,
    link: { ...connected },
    snapshot: memberSnapshot({
      cluster: id,
      server,
      peer,
      role,
      epoch,
      perSecond,
      queued,
    }) as MemberSnapshot | null,
  });
  return {
    id,
    title,
    members: [view(active, passive, 'active'), view(passive, active, 'passive')],
    balancer: {
      cluster: id,
      sendsTo: active,
      sessions: 4,
      answers: [
        { server: active, status: 200 },
        { server: passive, status: 503 },
      ],
      ageMs: 600,
    },
    traffic: traffic(id, perSecond),
    operations: [],
    storageLabel: `shared directory /iguana/${id.toLowerCase()}`,
    listenerLabel: id === 'WK1' ? 'ADT :6661, orders :6662' : 'images :6671',
  };
}

function traffic(id: string, perSecond: number): TrafficView {
  return {
    cluster: id,
    sent: 884_533,
    acknowledged: 884_532,
    delivered: 884_530,
    lost: 0,
    outOfOrder: 0,
    duplicates: 0,
    perSecond,
    longestGapMs: 310,
    currentGapMs: 40,
    ageMs: 200,
  };
}

function answers(north: number | null, south: number | null) {
  return [
    { server: 'ig-north', status: north },
    { server: 'ig-south', status: south },
  ];
}

export function clusterOf(snapshot: ConsoleSnapshot, id: string): ClusterView {
  const found = snapshot.site?.clusters.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`fixture has no cluster ${id}`);
  return found;
}
