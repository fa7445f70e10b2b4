import { livesOnPromise } from './peer-mode.ts';
import { ageNow, leftNow, type ClusterSight, type MemberSight } from './sight.ts';

/** What a member that said it runs without a lease lives on: its peer's promise, or a person's word; null: on its lease. */
export function livesWithout(member: MemberSight): 'peer' | 'forced' | null {
  if (livesOnPromise(member)) return 'peer';
  return member.snapshot?.forced?.livesOn == null ? null : 'forced';
}

/** The member that holds the lease, or held it when it was last heard; null: none. */
export function leaseHolder(sight: ClusterSight): MemberSight | null {
  const held = sight.members.filter((member) => member.snapshot?.lease.state === 'held');
  return held.find((member) => !member.silent) ?? held[0] ?? null;
}

/**
 * Milliseconds since the last renewal of `member` that the store accepted; where the store cannot be
 * heard, as the member itself said last. Null: not known.
 */
export function sinceLastRenewal(sight: ClusterSight, member: MemberSight): number | null {
  const lease = sight.store.snapshot?.leases.find((candidate) => candidate.cluster === sight.cluster.id);
  const byMember = ageNow(member, member.snapshot?.lease.renewedMs ?? null);
  if (lease?.holder !== member.server || lease.renewedMs === null) return byMember;
  const byStore = ageNow(sight.store, lease.renewedMs);
  // One that is silent says nothing of the time since.
  if (sight.store.silent && !member.silent) return byMember ?? byStore;
  return byStore ?? byMember;
}

/**
 * What is left of a member's lease, in milliseconds: by its own clock while it is heard; after that
 * computed, T counted from its last known renewal. Null: it holds none, or goes on without one.
 */
export function leaseLeft(sight: ClusterSight, member: MemberSight): number | null {
  const { snapshot } = member;
  if (snapshot?.lease.state !== 'held' || livesWithout(member) !== null) return null;
  if (!member.silent) return leftNow(member, snapshot.lease.leftMs);
  const since = sinceLastRenewal(sight, member);
  return since === null ? null : Math.max(0, snapshot.timing.T * 1000 - since);
}

/** The store answers and says that this member renews its lease in time. What it reports is up to a second old. */
export function storeSeesRenewals(sight: ClusterSight, member: MemberSight): boolean {
  const { store } = sight;
  const lease = store.snapshot?.leases.find((candidate) => candidate.cluster === sight.cluster.id);
  if (store.silent || lease?.holder !== member.server || lease.renewedMs === null) return false;
  return lease.renewedMs <= 2_000 * (member.snapshot?.timing.H ?? 1);
}
