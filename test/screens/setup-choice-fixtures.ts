import { noBalancer, type SetupDraft } from '../../shared/setup/draft.ts';
import type { SetupView, SetupWork } from '../../shared/setup/setup-view.ts';

const done = (sinceMs: number): SetupWork => ({ state: 'done', sinceMs, awaits: '', errors: [] });

const etcdEndpoints = ['10.20.9.21', '10.20.9.22', '10.20.9.23'];

/** Setups whose balancer or lease store is not the one that the console sets up itself. */
export function choiceFixtures(healthy: SetupView, installed: SetupView) {
  const { draft } = healthy;
  /** The same site behind a balancer that people keep themselves. */
  const keptBalancer = { ...draft, balancer: { ...noBalancer, kind: 'f5' as const, address: '10.20.9.100' } };
  const movingAddress: SetupDraft = {
    ...draft,
    clusters: draft.clusters.map((one) => ({
      ...one,
      listeners: one.listeners.map((listener) => ({ ...listener, frontendPort: listener.port })),
    })),
    balancer: { ...noBalancer, kind: 'keepalived', addresses: { 0: '10.20.4.101', 1: '10.20.4.102' } },
  };
  const withEtcd: SetupDraft = {
    ...draft,
    leaseStore: {
      kind: 'etcd',
      endpoints: etcdEndpoints.map((address) => ({ address, port: 2379, certificateName: '' })),
      prefix: '/ixha/clinic-north',
      user: 'ixha',
      authorityFile: '/home/admin/etcd/ca.pem',
      certificateFile: '/home/admin/etcd/ixha.pem',
      keyFile: '/home/admin/etcd/ixha-key.pem',
    },
  };
  return {
    rollback: {
      ...installed,
      rollback: {
        server: 'ig-north',
        lines: [
          'restored: /etc/ixha/WK1/member.json',
          'restored: /etc/ixha/WK2/member.json',
          'restarted: ixha-agent@WK1.service',
          'restarted: ixha-agent@WK2.service',
          'meanwhile nobody can take over here; engines stay as they are',
          'stays: keys and certificates, journals, and the numbered site configuration',
        ],
        plan: done(4_000),
        work: installed.removal.work,
      },
    },
    begun: {
      ...healthy,
      begun: {
        at: '2026-03-14T04:31:24.000Z',
        servers: [
          {
            server: 'north',
            name: 'ig-north',
            placed: ['folder /etc/ixha', 'file /usr/bin/ixha', 'gate of iguanax-wk1.service'],
            stoppedAt: null,
          },
          {
            server: 'south',
            name: 'ig-south',
            placed: ['folder /etc/ixha'],
            stoppedAt: 'file /usr/bin/ixha',
          },
        ],
      },
    },
    etcd: { ...healthy, draft: withEtcd },
    /** One endpoint is silent, and one member reaches no quorum. */
    'etcd-tried': {
      ...healthy,
      draft: withEtcd,
      sharedSecrets: ['etcd-password'],
      etcd: {
        work: done(20_000),
        checked: {
          ageMs: 20_000,
          endpoints: etcdEndpoints.map((address, index) => ({
            endpoint: `etcd ${address}:2379`,
            version: index === 2 ? null : '3.5.16',
            clusterId: index === 2 ? null : '7',
            why: index === 2 ? 'no answer for 10.0 s' : null,
            ...(index === 2 ? {} : { roundTripMs: 6 + index }),
          })),
          ways: ['ig-north', 'ig-south'].flatMap((from) =>
            etcdEndpoints.map((address, index) => ({
              from,
              endpoint: `${address}:2379`,
              rttMs: index === 2 || (from === 'ig-south' && index === 1) ? null : 0.7 + index / 10,
            })),
          ),
          refusals: ['ig-south reaches 1 of 3 endpoints: that is no quorum'],
        },
      },
    },
    'kept-balancer': { ...healthy, draft: keptBalancer },
    'moving-address': { ...healthy, draft: movingAddress },
    /** Behind its own balancer: one listener reaches the Active, one a member that is not. */
    'verified-balancer': {
      ...installed,
      draft: keptBalancer,
      balancer: {
        work: done(90_000),
        verified: {
          ageMs: 90_000,
          checks: [
            {
              cluster: 'WK1',
              listener: 'WK1: ADT',
              address: '10.20.9.100:7001',
              verdict: 'proven',
              server: 'ig-north',
              finding: 'ig-north answers, and its /active says 200',
              remedy: null,
            },
            {
              cluster: 'WK2',
              listener: 'WK2: ORU',
              address: '10.20.9.100:7011',
              verdict: 'failed',
              server: 'ig-north',
              finding: 'ig-north answers, although its /active says 503',
              remedy: 'The balancer does not obey /active: compare its health check with the recipe.',
            },
          ],
        },
      },
    },
  } satisfies Record<string, SetupView>;
}
