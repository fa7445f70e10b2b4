import { clusterRole, otherMember } from '../fleet/cluster-role.ts';
import { holdNow } from '../fleet/hold.ts';
import { leftNow, type ClusterSight, type MemberSight, type SiteSight } from '../fleet/sight.ts';
import { readPatchWhy } from './patch-why.ts';

export interface PatchHold {
  readonly by: string;
  readonly reason: string;
  /** Until it ends by itself; null: not told. */
  readonly leftMs: number | null;
}

/** One cluster that has a member on the server. */
export interface PatchedCluster {
  readonly sight: ClusterSight;
  /** Its member on the server. */
  readonly member: MemberSight;
  readonly other: MemberSight | null;
  /** Where it is Active: on the server · on the other one · nobody, or not known. */
  readonly active: 'here' | 'away' | 'not-known';
  /** Held for this patch; null: not. */
  readonly held: PatchHold | null;
  /** Blocked by a person or the agents, for another reason; null: not. */
  readonly blockedBy: string | null;
}

/** How a server stands between service and patch, by what the agents tell. */
export interface PatchStanding {
  readonly server: string;
  readonly name: string;
  readonly clusters: readonly PatchedCluster[];
  /** in-service: nothing is held · part: some of it · out: it carries nothing and is held out, so it may be patched. */
  readonly phase: 'in-service' | 'part' | 'out';
  /** The hold that ends first; null: there is none. */
  readonly hold: PatchHold | null;
}

/** Reads from the agents' words how a server stands. Null: no cluster has a member there. Pure. */
export function patchStanding(site: SiteSight, server: string): PatchStanding | null {
  const clusters = site.clusters.flatMap((sight) => patchedCluster(sight, server) ?? []);
  const [first] = clusters;
  if (first === undefined) return null;
  const held = clusters.flatMap((one) => one.held ?? []);
  const isOut = held.length === clusters.length && clusters.every(({ active }) => active === 'away');
  return {
    server,
    name: first.member.name,
    clusters,
    phase: isOut ? 'out' : held.length > 0 ? 'part' : 'in-service',
    hold: held.toSorted((one, other) => (one.leftMs ?? 0) - (other.leftMs ?? 0))[0] ?? null,
  };
}

function patchedCluster(sight: ClusterSight, server: string): PatchedCluster | null {
  const member = sight.members.find((one) => one.server === server);
  if (member === undefined) return null;
  const role = clusterRole(sight);
  const active = role.kind !== 'one' ? 'not-known' : role.active === member ? 'here' : 'away';
  return { sight, member, other: otherMember(sight, member), active, ...holdOf(sight, server) };
}

function holdOf(sight: ClusterSight, server: string): Pick<PatchedCluster, 'held' | 'blockedBy'> {
  const hold = holdNow(sight);
  if (hold === null || hold.kind !== 'block-failover') return { held: null, blockedBy: null };
  const teller = sight.members.find(
    (one) => !one.silent && one.snapshot?.automaticFailover.block !== undefined,
  );
  const { block, untilMs = null } = teller?.snapshot?.automaticFailover ?? {};
  const patch = block === undefined ? null : readPatchWhy(block.why);
  if (teller === undefined || block === undefined || patch?.server !== server) {
    return { held: null, blockedBy: hold.reason };
  }
  const held = { by: block.by, reason: patch.reason, leftMs: leftNow(teller, untilMs) };
  return { held, blockedBy: null };
}
