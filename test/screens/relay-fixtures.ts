import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { clusterOf, healthy } from './site-fixture.ts';

/** ig-north has lost its own way to the lease store 42 s ago, and renews through ig-south. */
export function relayed(): ConsoleSnapshot {
  const snapshot = healthy();
  const north = clusterOf(snapshot, 'WK1').members[0]!.snapshot!;
  north.store = { ...north.store, throughPeerMs: 42_000, roundTripMs: 6 };
  north.decision = {
    ...north.decision,
    ruleId: 'R48',
    diagnosis: 'renews-through-peer',
    verdict: 'wait',
    reason:
      'it renews the lease of epoch 47 through ig-south, because its own way to the lease store does not answer; if ig-south is lost too, it stops before the lease ends',
    sinceMs: 42_000,
    facts: north.decision.facts.map((fact) =>
      fact.name === 'Lease'
        ? { ...fact, text: 'ours, 14.2 s left, renewed through ig-south for 42.0 s' }
        : fact,
    ),
  };
  snapshot.site!.faults = [
    { kind: 'cut-link', server: 'ig-north', cluster: null, other: 'ig-witness', sinceMs: 43_000 },
  ];
  return snapshot;
}
