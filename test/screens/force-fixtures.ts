import type { ForcedState, MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { answers, clusterOf, healthy, lostFor } from './site-fixture.ts';

const nothing: ForcedState = { livesOn: null, fence: null, blockers: [], readmission: null };

/** Lease store and Active lost at once, 94 s ago: ig-south is alone and takes nothing over by itself. */
export function forceable(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  wk1.members[0]!.link = lostFor(94_000);
  clusterOf(snapshot, 'WK2').members[1]!.link = lostFor(94_000);
  snapshot.site!.witness!.link = lostFor(94_000);
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(null, 503) };
  // The senders are seen all the time: nobody has answered them since.
  wk1.traffic = { ...wk1.traffic!, perSecond: 0, currentGapMs: 94_000 };
  const south = wk1.members[1]!.snapshot!;
  alone(south);
  south.forced = nothing;
  return snapshot;
}

function alone(south: MemberSnapshot): void {
  const why = 'no connection';
  south.peer = { ...south.peer, reachable: false, answeredMs: 94_000, lossPercent: 100, role: null, why };
  south.store = { ...south.store, reachable: false, answeredMs: 94_000, why };
  south.lease = { ...south.lease, state: 'unknown', freeInMs: null };
  south.decision = {
    ruleId: 'R50',
    diagnosis: 'store-unknown',
    verdict: 'wait',
    headline: 'ig-south stays Passive',
    reason: 'nothing may be started without the lease store, which cannot be used: no connection',
    sinceMs: 92_000,
    ageMs: 300,
    facts: [],
  };
  south.automaticFailover = { state: 'not-known', reason: 'The lease store does not answer.' };
}

/** ig-south was forced without the lease store 40 s ago, and serves; ig-north must stay off. */
export function forcedAlone(): ConsoleSnapshot {
  const snapshot = forceable();
  const wk1 = clusterOf(snapshot, 'WK1');
  const [north, south] = wk1.members.map((member) => member.snapshot!);
  const { role, engine, activeAnswer, evidence } = structuredClone(north!);
  Object.assign(south!, { role: { ...role, sinceMs: 40_000 }, engine, activeAnswer, evidence });
  south!.lease = { ...south!.lease, state: 'held', epoch: 1048, leftMs: 0 };
  south!.forced = {
    ...nothing,
    livesOn: { by: 'admin-1', sinceMs: 47_000 },
    fence: { statement: 'power-off', by: 'admin-1', at: '2026-03-14T04:30:37.000Z' },
  };
  const off = 'ig-south runs without the lease store at a person’s word.';
  south!.automaticFailover = { state: 'off', reason: off };
  south!.decision = {
    ...south!.decision,
    ruleId: 'R46',
    diagnosis: 'forced-without-store',
    verdict: 'ask-admin',
    headline: 'ig-south stays Active',
    reason:
      'admin-1 has forced it to take over without the lease store 47 s ago; ig-north must stay powered off until it is re-admitted; automatic failover is off until the lease store can be used again (no connection)',
    sinceMs: 47_000,
  };
  wk1.balancer = { ...wk1.balancer!, sendsTo: 'ig-south', sessions: 4, answers: answers(null, 200) };
  wk1.traffic = { ...wk1.traffic!, perSecond: 18.1, currentGapMs: 40 };
  return snapshot;
}

/** The other server answers its peer: what a person would state is not true. */
export function notForceable(): ConsoleSnapshot {
  const snapshot = forceable();
  const south = clusterOf(snapshot, 'WK1').members[1]!.snapshot!;
  south.peer = { ...south.peer, reachable: true, answeredMs: 400, role: 'active' };
  south.forced = {
    ...nothing,
    blockers: [
      {
        code: 'peer-active',
        reason: 'ig-north answers and is Active.',
        remedy: 'Ask for a switchover to ig-south: it moves the cluster without risk.',
      },
    ],
  };
  return snapshot;
}

/** ig-south was forced; ig-north is back and takes no part. `store` knows of it or not. */
export function forcedOut(store: 'knows' | 'does not know' = 'knows'): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  const [north, south] = wk1.members.map((member) => member.snapshot!);
  const { role, lease, engine, decision } = structuredClone(north!);
  Object.assign(north!, structuredClone({ role: south!.role, engine: south!.engine, lease: south!.lease }));
  Object.assign(south!, { role, engine, decision, lease: { ...lease, holder: 'ig-south', epoch: 1049 } });
  south!.decision = {
    ...decision,
    headline: 'ig-south stays Active',
    reason: 'it holds the lease of epoch 1049, its engine answers, and both guards beat',
    facts: decision.facts.map((fact) =>
      fact.name === 'Peer' ? { ...fact, text: 'ig-north, Passive' } : fact,
    ),
  };
  south!.store = { ...south!.store, roundTripMs: 3 };
  const lease47 = snapshot.site!.witness!.snapshot!.leases[0]!;
  Object.assign(lease47, { holder: 'ig-south', epoch: 1049 });
  north!.lease = { ...north!.lease, holder: 'ig-south' };
  const lastChange = {
    wallTime: '2026-03-14T04:12:40.000Z',
    sentence: 'ig-south is Active with epoch 1049.',
    ruleId: 'admin-1',
    epoch: 1049,
    agoMs: 1_124_000,
  };
  Object.assign(north!, { lastChange });
  Object.assign(south!, { lastChange });
  north!.activeAnswer = '503';
  south!.activeAnswer = '200';
  south!.forced = {
    ...nothing,
    fence: { statement: 'power-off', by: 'admin-1', at: '2026-03-14T03:58:02.000Z' },
  };
  const blockers =
    store === 'knows'
      ? []
      : [
          {
            code: 'peer-without-store',
            reason: 'ig-south still runs without the lease store.',
            remedy: 'Bring the lease store back, and wait until ig-south has its lease from it.',
          },
        ];
  const why = 'admin-1 has let ig-south go on without ig-north under epoch 1048.';
  // As an expelled member tells it: nobody takes over, and it says why not it.
  north!.automaticFailover = {
    state: 'off',
    reason: 'A person has let ig-south go on without ig-north, which takes no part.',
  };
  north!.blockers = [
    {
      code: 'forced-out',
      reason: 'A person has let the other member go on without this one, under epoch 1048.',
      remedy: 'Re-admit this member once the lease store knows of it.',
    },
  ];
  north!.forced = { ...nothing, readmission: { kind: 'forced-out', why, blockers } };
  north!.decision = {
    ...north!.decision,
    ruleId: 'R18',
    diagnosis: 'forced-out',
    verdict: 'ask-admin',
    headline: 'ig-north stays Passive',
    reason: `${why.slice(0, -1)}; ig-north takes part again once a person re-admits it`,
  };
  wk1.balancer = { ...wk1.balancer!, sendsTo: 'ig-south', answers: answers(503, 200) };
  return snapshot;
}
