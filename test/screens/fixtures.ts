import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { acknowledgeable, acknowledgedIn } from './acknowledged-fixture.ts';
import { conflict, conflictOutside, conflictTwoActive } from './conflict-fixtures.ts';
import { cutOffIn } from './cut-fixture.ts';
import { mountedIn } from './mount-fixture.ts';
import { evidenceBad, evidenceMissing } from './evidence-states.ts';
import { forceable, forcedAlone, forcedOut, notForceable } from './force-fixtures.ts';
import { memberSnapshot } from './member-fixture.ts';
import { doneSwitchover, runningSwitchover } from './operation-fixture.ts';
import { telling } from './notifications-fixture.ts';
import { observing } from './observing-fixtures.ts';
import { bothOnSouth, heldOut, heldOutAndDown, partlyOut } from './patch-fixtures.ts';
import { peerMode, peerModeAlone, peerModeUnheard } from './peer-mode-fixtures.ts';
import { relayed } from './relay-fixtures.ts';
import { storeEmpty, storeEmptyAlone, storeSilent } from './replacement-fixtures.ts';
import { scheduled, scheduleSkipped } from './schedule-fixtures.ts';
import { reminded, violatedReminders } from './reminder-fixtures.ts';
import { requestOfAnother, requestOfOwn, requestsDecided } from './second-person-fixtures.ts';
import { answers, cluster, clusterOf, healthy, lostFor } from './site-fixture.ts';

/** Snapshots of the demo site in the states that the screens are judged by. Each call gives a fresh copy. */
export const fixtures = {
  healthy,
  split,
  'lost-link': lostLink,
  'no-active': noActive,
  conflict,
  'conflict-outside': conflictOutside,
  'conflict-two-active': conflictTwoActive,
  running,
  ending,
  done,
  unknown: outcomeUnknown,
  'dead-server': deadServer,
  'taken-over': takenOver,
  'cut-off': () => cutOffIn(takenOver()),
  mounted: () => mountedIn(healthy()),
  'still-mounted': () => mountedIn(healthy(), 'iguana-wk1.mount is still mounted after 10.0 s'),
  'lease-free': leaseFree,
  forceable,
  'not-forceable': notForceable,
  'forced-alone': forcedAlone,
  'forced-out': () => forcedOut(),
  'to-move-back': toMoveBack,
  maintenance: () =>
    heldStill({
      state: 'maintenance',
      reason: 'Maintenance of admin-1: kernel patch.',
      untilMs: 1_720_000,
    }),
  'failover-blocked': () =>
    heldStill({
      state: 'blocked',
      reason: 'Blocked by the agents: 3 automatic failovers within an hour.',
      untilMs: 2_520_000,
    }),
  scheduled: () => scheduled(),
  reminded: () => reminded(violatedReminders),
  'request-of-another': requestOfAnother,
  'request-of-own': requestOfOwn,
  'requests-decided': requestsDecided,
  'schedule-skipped': scheduleSkipped,
  'patch-out': heldOut,
  'patch-out-down': heldOutAndDown,
  'patch-part': partlyOut,
  'patch-moved': bothOnSouth,
  'evidence-bad': evidenceBad,
  'evidence-missing': evidenceMissing,
  relayed,
  'store-empty': storeEmpty,
  'store-empty-alone': storeEmptyAlone,
  'store-silent': storeSilent,
  'peer-mode': peerMode,
  'peer-mode-alone': peerModeAlone,
  'peer-mode-unheard': peerModeUnheard,
  observing,
  telling,
  'to-acknowledge': () => acknowledgeable(deadServer()),
  acknowledged: () => acknowledgedIn(deadServer()),
  waiting: noSnapshotYet,
  'not-opened': notOpened,
} satisfies Record<string, () => ConsoleSnapshot>;
export type FixtureName = keyof typeof fixtures;

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
    ruleId: 'R52',
    diagnosis: 'peer-active',
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
  south.forced = { livesOn: null, fence: null, blockers: [], readmission: null };
  south.lease.freeInMs = 6_300;
  const lease = snapshot.site!.witness!.snapshot!.leases[0]!;
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
  const lease = snapshot.site!.witness!.snapshot!.leases[0]!;
  Object.assign(lease, { holder: null, freeInMs: 0, renewedMs: 22_000 });
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(503, 503) };
  wk1.traffic = { ...wk1.traffic!, perSecond: 0, currentGapMs: 22_000, longestGapMs: 22_000 };
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
  Object.assign(snapshot.site!.witness!.snapshot!.leases[0]!, { epoch: 48, holder: 'ig-south' });
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(503, 503) };
  wk1.traffic = { ...wk1.traffic!, perSecond: 0, currentGapMs: 7_400, longestGapMs: 7_400 };
  return snapshot;
}

/** The same just before its end: the senders have waited the longest. */
function ending(): ConsoleSnapshot {
  const snapshot = running();
  const { traffic } = clusterOf(snapshot, 'WK1');
  Object.assign(traffic!, { currentGapMs: 11_200, longestGapMs: 11_200 });
  return snapshot;
}

function done(): ConsoleSnapshot {
  const snapshot = healthy();
  const moved = cluster('WK1', 'Admissions and laboratory', 'ig-south', 'ig-north', 48, 18.8, 307);
  moved.operations = [doneSwitchover()];
  moved.traffic = { ...moved.traffic!, duplicates: 1, longestGapMs: 11_200 };
  snapshot.site!.clusters[0] = moved;
  Object.assign(snapshot.site!.witness!.snapshot!.leases[0]!, { epoch: 48, holder: 'ig-south' });
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

/** ig-north died 40 s ago, and ig-south has taken WK1 over by rule. */
function takenOver(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  const [north, south] = wk1.members;
  north!.link = lostFor(40_000);
  const peer = {
    ...south!.snapshot!.peer,
    reachable: false,
    answeredMs: 40_000,
    lossPercent: 100,
    role: null,
  };
  const active = memberSnapshot({
    cluster: 'WK1',
    server: 'ig-south',
    peer: 'ig-north',
    role: 'active',
    epoch: 48,
    perSecond: 18.4,
    queued: 280,
  });
  south!.snapshot = {
    ...active,
    peer,
    role: { ...active.role, sinceMs: 16_000 },
    engine: { ...active.engine, runningMs: 19_000 },
    lastChange: {
      wallTime: '2026-03-14T04:31:00.000Z',
      sentence: 'ig-south is Active with epoch 48.',
      ruleId: 'rule R21',
      epoch: 48,
      agoMs: 24_000,
    },
    blockers: [
      {
        code: 'peer-silent',
        reason: 'ig-north does not answer.',
        remedy: 'Bring ig-north or the network between the members back first.',
      },
    ],
  };
  const wk2 = clusterOf(snapshot, 'WK2');
  wk2.members[1]!.link = lostFor(40_000);
  wk2.members[0]!.snapshot!.peer = { ...peer };
  Object.assign(snapshot.site!.witness!.snapshot!.leases[0]!, { epoch: 48, holder: 'ig-south' });
  wk1.balancer = {
    ...wk1.balancer!,
    sendsTo: 'ig-south',
    answers: [
      { server: 'ig-north', status: null },
      { server: 'ig-south', status: 200 },
    ],
  };
  snapshot.site!.faults = [
    { kind: 'kill-server', server: 'ig-north', cluster: null, other: null, sinceMs: 40_400 },
  ];
  return snapshot;
}

/** ig-north is gone for a minute and nobody took over: automatic failover is blocked. ig-south is fit. */
function leaseFree(): ConsoleSnapshot {
  const snapshot = healthy();
  const wk1 = clusterOf(snapshot, 'WK1');
  const [north, south] = wk1.members;
  north!.link = lostFor(62_000);
  const told = south!.snapshot!;
  told.peer = { ...told.peer, reachable: false, answeredMs: 62_000, lossPercent: 100, role: null };
  told.lease = { ...told.lease, state: 'free', holder: null, freeInMs: 0 };
  told.automaticFailover = {
    state: 'blocked',
    reason: 'Blocked by the agents: 3 automatic failovers within an hour.',
    untilMs: 2_520_000,
  };
  told.decision = {
    ruleId: 'R62',
    diagnosis: 'failover-blocked',
    verdict: 'blocked',
    headline: 'ig-south stays Passive',
    reason: 'automatic failover is blocked: 3 automatic failovers within an hour.',
    sinceMs: 44_000,
    ageMs: 300,
    facts: [
      { name: 'Lease', text: 'free', ageMs: 600, ok: true, source: 'lease store' },
      { name: 'Peer', text: 'ig-north does not answer', ageMs: 62_000, ok: false, source: 'heartbeat' },
    ],
  };
  Object.assign(snapshot.site!.witness!.snapshot!.leases[0]!, {
    holder: null,
    freeInMs: 0,
    renewedMs: 62_000,
  });
  wk1.balancer = { ...wk1.balancer!, sendsTo: null, sessions: 0, answers: answers(null, 503) };
  wk1.traffic = { ...wk1.traffic!, perSecond: 0, currentGapMs: 60_000, longestGapMs: 60_000 };
  return snapshot;
}

/** After a failover ig-south is Active, and ig-north, which is preferred, is fit again. */
function toMoveBack(): ConsoleSnapshot {
  const snapshot = done();
  for (const member of clusterOf(snapshot, 'WK1').members) {
    member.snapshot!.preferred = member.server === 'ig-north';
  }
  return snapshot;
}

function noSnapshotYet(): ConsoleSnapshot {
  const what = 'The demo site starts: Booting the servers.';
  return { ...healthy(), site: null, awaiting: { what, sinceMs: 2_400 } };
}

function notOpened(): ConsoleSnapshot {
  const said = 'The site document /etc/iguanax/site.json is damaged: clusters is missing.';
  return { ...healthy(), site: null, awaiting: null, trouble: productError('site.damaged', said) };
}

/** Both members of WK1 tell the same stop of automatic failover. */
export function heldStill(automaticFailover: MemberSnapshot['automaticFailover']): ConsoleSnapshot {
  const snapshot = healthy();
  for (const member of clusterOf(snapshot, 'WK1').members) {
    member.snapshot = { ...member.snapshot!, automaticFailover };
  }
  return snapshot;
}
