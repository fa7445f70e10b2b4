import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type {
  ClusterView,
  ConsoleSnapshot,
  Link,
  TrafficView,
} from '../../shared/console-ipc/console-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { memberSnapshot } from './member-fixture.ts';

export const connected: Link = { state: 'connected', sinceMs: 7_200_000, heardMs: 300, error: null };

export function lostFor(heardMs: number | null): Link {
  return {
    state: 'lost',
    sinceMs: heardMs ?? 9_000,
    heardMs,
    error: productError('agent.unreachable', 'No answer from 10.20.4.11 port 7670.'),
  };
}

/** Both clusters well, crossed over two servers. */
export function healthy(): ConsoleSnapshot {
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

/** One cluster with its Active and its Passive, both heard. */
export function cluster(
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

export function answers(north: number | null, south: number | null) {
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
