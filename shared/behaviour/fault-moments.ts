import type { FactChanges } from '../failover/constructed-facts.ts';
import {
  cutOff,
  leaseFree,
  leaseLeftWhenCutOff,
  leaseLeftWhenSilent,
  silentPeer,
  storeSilent,
} from './fault-facts.ts';
import type { ClusterBehaviour } from './behaviour-site.ts';
import { membersOf } from './healthy-members.ts';
import type { Instant } from './fault-instants.ts';

/** What an entry of the time line is about. */
export type CoursePhase = 'happens' | 'noticed' | 'decided' | 'old-ends' | 'new-starts' | 'later';

/** Something on the time line: a decision of a member over these facts, or what happens outside the rules. */
export type Moment =
  | {
      readonly kind: 'decision';
      readonly at: Instant;
      /** Left out: read off the verdict. */
      readonly phase?: CoursePhase;
      readonly member: 'active' | 'passive';
      readonly changes: FactChanges;
    }
  | {
      readonly kind: 'outside';
      readonly at: Instant;
      readonly phase: CoursePhase;
      readonly who: string;
      readonly says: string;
    };

export const decides = (member: 'active' | 'passive', at: Instant, changes: FactChanges = {}): Moment => ({
  kind: 'decision',
  at,
  member,
  changes,
});
export const outside = (phase: CoursePhase, who: string, at: Instant, says: string): Moment => ({
  kind: 'outside',
  phase,
  who,
  at,
  says,
});

/** A silent Active: the Passive notices it and waits for the lease. */
export function noticesSilence(cluster: ClusterBehaviour): Moment {
  const { active } = membersOf(cluster);
  return decides('passive', 'peer-silent', {
    ...silentPeer,
    lease: { holder: active.server, freeInMs: leaseLeftWhenSilent(cluster) },
  });
}

/** The lease of the silent Active ends, the Passive takes it and serves. */
export function takesOver(cluster: ClusterBehaviour): Moment[] {
  return [
    outside(
      'happens',
      'Lease store',
      'lease-free',
      'The lease counts as free: T + δ after its last renewal.',
    ),
    decides('passive', 'lease-free', { ...silentPeer, ...leaseFree(cluster) }),
    serves(cluster),
  ];
}

export function serves(cluster: ClusterBehaviour): Moment {
  const { passive } = membersOf(cluster);
  const pollers = cluster.pollers > 0 ? ', pollers last' : '';
  return outside(
    'new-starts',
    passive.name,
    'serves-again',
    `It serves: storage proven, its generation raised, engine and components started, the balancer told${pollers}.`,
  );
}

export const restarted = (cluster: ClusterBehaviour): Moment =>
  outside(
    'new-starts',
    membersOf(cluster).active.name,
    'serves-again',
    'It serves again, under the same epoch.',
  );
export const oldEnds = (cluster: ClusterBehaviour, at: Instant, says: string): Moment =>
  outside('old-ends', membersOf(cluster).active.name, at, says);
export const person = (says: string): Moment => outside('later', 'A person', 'later', says);

export const guardsKill = (cluster: ClusterBehaviour): Moment =>
  oldEnds(cluster, 'guards-kill', 'The guards kill its engine, whatever the agent does.');
export const diesWithServer = (cluster: ClusterBehaviour): Moment =>
  oldEnds(cluster, 'fault', 'Its engine ends with its server.');

/** Local restarts are used up, and the lease is given to the other one. */
export function handedOver(cluster: ClusterBehaviour, crashes: number): Moment[] {
  return [
    oldEnds(cluster, 'fault', 'Its process ends once more than it may be restarted.'),
    decides('active', 'process-seen', crashed(crashes)),
    decides('passive', 'process-seen', {
      ...leaseFree(cluster),
      peer: { role: 'passive', engineRunning: false },
      lease: { ...leaseFree(cluster).lease, reservedFor: membersOf(cluster).passive.server },
    }),
    serves(cluster),
  ];
}

/** An Active that hears nobody: it stops before its lease ends, and the guards see to that. */
export function endsItself(cluster: ClusterBehaviour): Moment[] {
  const lease = { ...storeSilent.lease, leftMs: leaseLeftWhenCutOff(cluster) };
  return [
    decides('active', 'store-silent', { ...cutOff, lease }),
    { ...decides('active', 'own-stop', { ...cutOff, emergency: true }), phase: 'old-ends' },
    guardsKill(cluster),
  ];
}

/** The lease is free, and something forbids to take it. */
export function withheldBy(cluster: ClusterBehaviour, lease: NonNullable<FactChanges['lease']>): FactChanges {
  const free = leaseFree(cluster);
  return { ...silentPeer, ...free, lease: { ...free.lease, ...lease } };
}

export function blockOf({ failoversPerHour }: ClusterBehaviour) {
  return { why: `${failoversPerHour} failovers within an hour`, by: 'rule', leftMs: 30 * 60_000 } as const;
}

/** The former Active, which is Passive now, beside the one that has taken over. */
export function returns(cluster: ClusterBehaviour): Moment {
  const { active, passive } = membersOf(cluster);
  return decides('active', 'later', {
    serving: false,
    engine: {
      process: { value: 'stopped' },
      api: { value: null, why: 'the engine is stopped' },
      startedEpoch: null,
    },
    peer: { role: 'active', epoch: 6, engineRunning: true },
    memory: { ended: 5 },
    lease: {
      held: false,
      leftMs: 0,
      holder: passive.server,
      lastHolder: passive.server,
      storeEpoch: 6,
    },
    self: { server: active.server },
  });
}

export function crashed(crashes: number): FactChanges {
  return {
    serving: false,
    engine: { process: { value: 'stopped' }, api: { value: false, why: 'the engine is stopped' }, crashes },
  };
}
