import type { StoreReplacement } from '../../shared/agent-api/member-snapshot.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { peerMode } from './peer-mode-fixtures.ts';
import { clusterOf, lostFor } from './site-fixture.ts';

const unseeded = 'it runs, and has no record of this cluster: it must be seeded';

/** The witness has lost its disk and runs again, empty: both clusters live on promises. */
export function storeEmpty(): ConsoleSnapshot {
  const snapshot = peerMode();
  const site = snapshot.site!;
  site.witness!.link = { state: 'connected', sinceMs: 20_000, heardMs: 200, error: null };
  site.witness!.snapshot = {
    ...site.witness!.snapshot!,
    storeId: 'none yet',
    leases: [],
    unusable: ['WK1', 'WK2'].map((cluster) => ({ cluster, why: 'it is missing and must be seeded' })),
  };
  const replacement: StoreReplacement = { standing: 'unseeded', blockers: [] };
  for (const cluster of site.clusters)
    for (const { snapshot: member } of cluster.members)
      Object.assign(member!, {
        replacement,
        store: { ...member!.store, why: unseeded },
        decision: {
          ...member!.decision,
          reason: member!.decision.reason.replace('it does not answer', unseeded),
        },
      });
  site.faults = [];
  return snapshot;
}

/** And ig-south is gone: nobody can ask for its epoch. */
export function storeEmptyAlone(): ConsoleSnapshot {
  const snapshot = storeEmpty();
  const wk1 = clusterOf(snapshot, 'WK1');
  wk1.members[1]!.link = lostFor(640_000);
  clusterOf(snapshot, 'WK2').members[0]!.link = lostFor(640_000);
  const north = wk1.members[0]!.snapshot!;
  north.peer = {
    ...north.peer,
    reachable: false,
    answeredMs: 640_000,
    lossPercent: 100,
    role: null,
    why: 'no answer',
  };
  north.decision = {
    ...north.decision,
    ruleId: 'R45',
    diagnosis: 'on-promise-alone',
    verdict: 'ask-admin',
    reason: `the lease store cannot be used: ${unseeded}, and ig-south does not answer either; ig-south has promised not to take over, so it goes on alone and nobody takes over if it fails: bring the lease store or ig-south back`,
  };
  return snapshot;
}

/** It was replaced without ig-south, which is back and still belongs to the lost one. */
export function storeReplacedForOne(): ConsoleSnapshot {
  const snapshot = storeReplaced('held');
  const south = clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
  south.replacement = { standing: 'other', blockers: [] };
  Object.assign(south.store, { reachable: false, storeId: 'st-7c1e', why: 'another store answers' });
  clusterOf(snapshot, 'WK1').members[0]!.snapshot!.replacement = {
    standing: 'working',
    blockers: [{ code: 'store-works', reason: 'It works.', remedy: 'Nothing has to be done.' }],
  };
  return snapshot;
}

/** A lease of the old store is still in use, and the store does not run. */
export function storeSilent(): ConsoleSnapshot {
  const snapshot = peerMode();
  const blockers = [
    {
      code: 'store-silent',
      reason: 'Nothing answers ig-north as a lease store on ig-witness.',
      remedy: 'Start the witness on ig-witness, also with an empty disk.',
    },
  ];
  for (const { snapshot: member } of clusterOf(snapshot, 'WK1').members)
    member!.replacement = { standing: 'silent', blockers };
  return snapshot;
}

/** What members and store say once it is done: both belong to it, and ig-north has its lease. */
export function storeReplaced(lease: 'awaited' | 'held'): ConsoleSnapshot {
  const snapshot = storeEmpty();
  const site = snapshot.site!;
  const held = lease === 'held';
  for (const { snapshot: member } of clusterOf(snapshot, 'WK1').members) {
    const active = member!.role.observed === 'active';
    Object.assign(member!, {
      replacement: { standing: 'working', blockers: [] },
      store: { reachable: true, roundTripMs: 3, answeredMs: 200, storeId: '9f3c21aa' },
      blockers: [],
    });
    Object.assign(member!.lease, { freeInMs: held ? 14_600 : 9_200, holder: held ? 'ig-north' : null });
    if (!held) continue;
    member!.peerMode = { mode: 'lease', livesOn: null, given: null, failoverOff: null };
    member!.automaticFailover = { state: 'on', reason: 'Both members and the lease store agree.' };
    Object.assign(
      member!.lease,
      active ? { state: 'held', leftMs: 14_200, renewedMs: 600, epoch: 48 } : { epoch: 48 },
    );
  }
  site.witness!.snapshot!.leases = [
    {
      cluster: 'WK1',
      epoch: held ? 48 : 47,
      holder: held ? 'ig-north' : null,
      reservedFor: null,
      freeInMs: held ? 14_600 : 9_200,
      renewedMs: held ? 600 : null,
    },
  ];
  return snapshot;
}
