import { outsiderCode } from '../failover/rules/rule.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** Who is Active in a cluster, from all members together. */
export type ClusterRole =
  | { readonly kind: 'one'; readonly active: MemberSight }
  /** Two members look Active, or an engine runs where none may run. */
  | {
      readonly kind: 'conflict';
      readonly members: readonly MemberSight[];
      /** Those on which an engine runs in its service although the member holds no lease. */
      readonly astray: readonly MemberSight[];
      /** Those on which an engine runs outside its service, out of reach of gate and guards. */
      readonly outside: readonly MemberSight[];
    }
  /** Somebody stops or takes over right now. */
  | { readonly kind: 'changing'; readonly member: MemberSight }
  /** Every member is heard and none is Active. */
  | { readonly kind: 'none' }
  /** The member that was Active, or any that could be, does not answer. */
  | { readonly kind: 'not-known'; readonly was: MemberSight | null };

/**
 * Derives the cluster's role. A silent member that was Active beside a present Active is no conflict:
 * the lease was granted anew only after the old one had run out.
 */
export function clusterRole(sight: ClusterSight): ClusterRole {
  const active = sight.members.filter((member) => member.role.kind === 'active');
  const astray = sight.members.filter(runsWithoutLease);
  const outside = sight.members.filter((member) => !member.silent && runsOutside(member));
  if (active.length + astray.length > 1 || astray.some(isLasting) || outside.length > 0) {
    return { kind: 'conflict', members: [...new Set([...active, ...astray, ...outside])], astray, outside };
  }
  const [only] = active;
  if (only) return { kind: 'one', active: only };
  const changing =
    sight.members.find((member) => member.role.kind === 'taking-over') ??
    sight.members.find((member) => member.role.kind === 'stopping');
  if (changing) return { kind: 'changing', member: changing };
  const silent = sight.members.filter((member) => member.role.kind === 'unknown');
  if (silent.length > 0) {
    return { kind: 'not-known', was: silent.find((member) => member.role.was === 'active') ?? null };
  }
  return { kind: 'none' };
}

/** An agent that finds its engine so says that it is stopping; one of an earlier release, that it is Passive. */
export function runsWithoutLease({ role, snapshot }: MemberSight): boolean {
  const mayNot = role.kind === 'passive' || (role.kind === 'stopping' && snapshot?.lease.state !== 'held');
  return mayNot && snapshot?.engine.process.value === 'running';
}

/** Longer than an engine needs to be seen dead after it was killed at the end of a lease. */
const lastingMs = 1_500;

function isLasting({ snapshot }: MemberSight): boolean {
  return snapshot?.decision.diagnosis === 'engine-without-lease' && snapshot.decision.sinceMs > lastingMs;
}

/** An engine works on its server outside of its service, where gate and guards do not reach. */
export function runsOutside({ snapshot }: MemberSight): boolean {
  return snapshot?.blockers.some(({ code }) => code === outsiderCode) ?? false;
}

/** The member on the other side of `member`. */
export function otherMember(sight: ClusterSight, member: MemberSight): MemberSight | null {
  return sight.members.find((candidate) => candidate.server !== member.server) ?? null;
}

/** Where a cluster is Active, in the few characters of the navigation; `?` when not known. */
export function activeWhere(sight: ClusterSight): string {
  const role = clusterRole(sight);
  if (role.kind === 'one') return role.active.name;
  if (role.kind === 'changing') return 'moving';
  if (role.kind === 'conflict') return 'conflict';
  return role.kind === 'none' ? 'none' : '?';
}
