import { otherMember } from './cluster-role.ts';
import { ageNow, type ClusterSight, type MemberSight } from './sight.ts';

/** An Active whose renewals travel through its peer, because its own way to the lease store is broken. */
export interface RelaySight {
  readonly holder: MemberSight;
  readonly through: MemberSight;
  /** For how long, in milliseconds. */
  readonly forMs: number;
  /** Since its last accepted renewal, which came that way. */
  readonly renewedMs: number | null;
}

/** Null: nothing is relayed, as far as a member that answers says. */
export function relaySight(sight: ClusterSight): RelaySight | null {
  for (const holder of sight.members) {
    const { snapshot, silent } = holder;
    const forMs = silent ? null : ageNow(holder, snapshot?.store.throughPeerMs ?? null);
    const through = otherMember(sight, holder);
    if (!snapshot || forMs === null || through === null || !snapshot.store.reachable) continue;
    return { holder, through, forMs, renewedMs: ageNow(holder, snapshot.lease.renewedMs) };
  }
  return null;
}
