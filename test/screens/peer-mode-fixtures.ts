import type { ClusterView, ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { clusterOf, healthy, lostFor } from './site-fixture.ts';

const lostMs = 132_000;

/** The lease store is lost for two minutes: each Active lives on the promise of its peer. */
export function peerMode(): ConsoleSnapshot {
  const snapshot = healthy();
  const site = snapshot.site!;
  site.witness!.link = lostFor(lostMs);
  for (const cluster of site.clusters) {
    for (const { snapshot: member } of cluster.members) {
      const active = member!.role.observed === 'active';
      const period = { period: { e: member!.lease.epoch, n: 1 }, sinceMs: lostMs - 2_000 };
      const [giver, taker] = active
        ? [member!.peer.server, member!.server]
        : [member!.server, member!.peer.server];
      const off = `The lease store is lost, and ${giver} has promised ${taker} not to take over.`;
      member!.store = { ...member!.store, reachable: false, answeredMs: lostMs, why: 'no answer' };
      member!.lease = { ...member!.lease, leftMs: 0, renewedMs: lostMs, freeInMs: 0 };
      member!.peerMode = {
        mode: active ? 'peer' : 'lease',
        livesOn: active ? period : null,
        given: active ? null : period,
        failoverOff: off,
      };
      member!.automaticFailover = { state: 'peer-mode', reason: off };
      member!.blockers = [
        { code: 'store-silent', reason: 'The lease store does not answer.', remedy: 'Bring it back first.' },
      ];
      member!.decision = active
        ? decided(
            'R44',
            `${taker} stays Active`,
            `the lease store cannot be used: it does not answer; ${giver} has promised not to take over, so automatic failover is off until the store is back`,
          )
        : decided(
            'R56',
            `${giver} stays Passive`,
            `automatic failover is off because the lease store is lost (it does not answer); it has promised ${taker} not to take over, which is Active`,
          );
    }
  }
  site.faults = [{ kind: 'stop-witness', server: null, cluster: null, other: null, sinceMs: lostMs }];
  return snapshot;
}

/** Then the Passive of WK1 is lost as well: its Active goes on alone. */
export function peerModeAlone(): ConsoleSnapshot {
  const snapshot = peerMode();
  const wk1 = clusterOf(snapshot, 'WK1');
  wk1.members[1]!.link = lostFor(20_000);
  silence(wk1, 0);
  const north = wk1.members[0]!.snapshot!;
  north.decision = decided(
    'R45',
    'ig-north stays Active',
    'the lease store cannot be used: it does not answer, and ig-south does not answer either; ig-south has promised not to take over, so it goes on alone and nobody takes over if it fails: bring the lease store or ig-south back',
  );
  return snapshot;
}

/** Or the Active of WK1 is not heard any more: whether it runs is not known, and nobody takes over. */
export function peerModeUnheard(): ConsoleSnapshot {
  const snapshot = peerMode();
  const wk1 = clusterOf(snapshot, 'WK1');
  wk1.members[0]!.link = lostFor(20_000);
  silence(wk1, 1);
  wk1.members[1]!.snapshot!.decision = decided(
    'R57',
    'ig-south stays Passive',
    'automatic failover is off because the lease store is lost (it does not answer); it has promised ig-north not to take over; ig-north does not answer, so whether it is Active is not known: bring the lease store or ig-north back',
  );
  return snapshot;
}

function silence(cluster: ClusterView, teller: number): void {
  const { peer } = cluster.members[teller]!.snapshot!;
  Object.assign(peer, {
    reachable: false,
    answeredMs: 20_000,
    lossPercent: 100,
    role: null,
    why: 'no answer',
  });
}

function decided(ruleId: string, headline: string, reason: string) {
  return {
    ruleId,
    diagnosis: 'peer-mode',
    verdict: 'wait' as const,
    headline,
    reason,
    sinceMs: 130_000,
    ageMs: 300,
    facts: [
      { name: 'Store', text: 'no answer for 2 min', ageMs: 300, ok: false, source: 'lease store' },
      { name: 'Promise', text: 'period 1 of epoch 47', ageMs: 300, ok: true, source: 'durable state' },
    ],
  };
}
