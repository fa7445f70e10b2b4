import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { asTitle } from '../fleet/wording.ts';

/** What one member said when it was asked, or why nothing is known of it. */
export interface AskedMember {
  readonly server: string;
  readonly name: string;
  readonly snapshot: MemberSnapshot | null;
  /** A sentence, when there is no snapshot. */
  readonly why?: string | undefined;
}

/**
 * Why a cluster would not survive the loss of its Active now, as a clause; null: one member serves and the other could
 * take over by itself. What is not known counts as not protected. Pure.
 */
export function unprotectedWhy(members: readonly AskedMember[]): string | null {
  const silent = members.find(({ snapshot }) => snapshot === null);
  if (silent) return `${silent.name} does not answer (${silent.why ?? 'not known why'})`;
  const active = members.filter(({ snapshot }) => snapshot?.role.observed === 'active');
  if (active.length !== 1) return active.length === 0 ? 'it has no Active' : 'more than one member is Active';
  const passive = members.filter(({ snapshot }) => snapshot?.role.observed === 'passive');
  if (passive.length === 0) return 'it has no Passive that could take over';
  for (const { name, snapshot } of members) {
    const doubt = snapshot && unfitWhy(snapshot);
    if (doubt) return `${name}: ${doubt}`;
  }
  return null;
}

function unfitWhy({ role, engine, blockers, automaticFailover }: MemberSnapshot): string | null {
  const wanted = role.observed === 'active' ? 'running' : 'stopped';
  if (engine.process.value !== wanted) return `its engine is not ${wanted}`;
  const [blocker] = blockers;
  if (blocker) return asTitle(blocker.reason);
  return automaticFailover.state === 'on' ? null : asTitle(automaticFailover.reason);
}

/**
 * Why the agent of this member must not be restarted now, whatever a person says; null: its engine outlives that.
 * Pure.
 */
export function untouchableWhy({ name, snapshot, why }: AskedMember): string | null {
  if (snapshot === null) return `${name} does not answer (${why ?? 'not known why'})`;
  const { role, operation, store, peerMode, forced } = snapshot;
  if (role.observed !== 'active' && role.observed !== 'passive') return `${name} is ${role.observed}`;
  if (operation?.state === 'running') return `${name}: a ${operation.kind} is under way`;
  if (role.observed === 'passive') return null;
  if (!store.reachable) return `${name} does not reach the lease store, which must renew its lease`;
  if (peerMode?.mode === 'peer' || forced?.livesOn) return `${name} is Active without a lease`;
  return null;
}

export interface Expected {
  readonly productVersion: string;
  /** The agent itself was restarted, not only a guard. */
  readonly restarted: boolean;
}

/**
 * What keeps a member from being as well as before, as a clause; null: it runs the expected version, and role, engine,
 * lease, lease store, peer, guards and storage are as they were, with no blocker that was not there. Pure.
 */
export function unhealthyWhy(
  before: MemberSnapshot,
  now: MemberSnapshot,
  { productVersion, restarted }: Expected,
): string | null {
  if (restarted && now.startId === before.startId) return 'it has not started anew yet';
  if (now.productVersion !== productVersion) return `it runs version ${now.productVersion}`;
  if (now.role.observed !== before.role.observed) return `it is ${now.role.observed}`;
  if (now.engine.process.value !== before.engine.process.value) {
    return `its engine is ${now.engine.process.value ?? 'not known'}`;
  }
  const lost = lostSince(before, now);
  if (lost !== null) return lost;
  const known = new Set(before.blockers.map(({ code }) => code));
  const fresh = now.blockers.find(({ code }) => !known.has(code));
  if (fresh) return asTitle(fresh.reason);
  return before.role.observed === 'active' ? leaseTrouble(before, now) : null;
}

function lostSince(before: MemberSnapshot, now: MemberSnapshot): string | null {
  if (before.store.reachable && !now.store.reachable) return 'it does not reach the lease store';
  if (before.peer.reachable && !now.peer.reachable) return 'it does not hear the other member';
  const beating = (snapshot: MemberSnapshot) => snapshot.guards.filter((guard) => guard.beating).length;
  if (beating(now) < beating(before)) return `${beating(now)} of ${now.guards.length} guards beat`;
  if (before.storage.proven.value !== null && now.storage.proven.value === null) {
    return `its storage is not proven: ${now.storage.proven.why ?? 'not looked at yet'}`;
  }
  if (before.automaticFailover.state !== 'on' || now.automaticFailover.state === 'on') return null;
  return asTitle(now.automaticFailover.reason);
}

function leaseTrouble(before: MemberSnapshot, now: MemberSnapshot): string | null {
  if (now.lease.epoch !== before.lease.epoch) return `it serves under epoch ${now.lease.epoch}`;
  if (now.lease.state !== 'held' || now.lease.renewedMs === null) return 'it has not renewed its lease yet';
  return now.activeAnswer === before.activeAnswer ? null : `it answers ${now.activeAnswer} on /active`;
}
