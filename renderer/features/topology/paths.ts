import { formatSpan } from '../../../shared/fleet/age.ts';
import { clusterRole, runsWithoutLease } from '../../../shared/fleet/cluster-role.ts';
import { livesOnPromise } from '../../../shared/fleet/peer-mode.ts';
import { peerSilentFor } from '../../../shared/fleet/peer-hearing.ts';
import { relaySight } from '../../../shared/fleet/relay.ts';
import { storeSeesRenewals } from '../../../shared/fleet/lease-sight.ts';
import { ageNow, type ClusterSight, type MemberSight } from '../../../shared/fleet/sight.ts';
import { memberPlace, type LayoutMode, type PlaceId } from './layout.ts';

/** carries messages, data or the lease · answers · ready, carries nothing · works but should not · does not answer · not known. */
export type PathStyle = 'carries' | 'answers' | 'ready' | 'astray' | 'silent' | 'unknown';

export interface TopologyPath {
  readonly id: string;
  readonly from: PlaceId;
  readonly to: PlaceId;
  readonly kind: 'senders' | 'balancer' | 'beat' | 'relay' | 'store' | 'storage';
  readonly style: PathStyle;
  /** Bold name, then its figures: `Heartbeat` `0.4 s` `0 % lost`. Empty: no label. */
  readonly name: string;
  readonly figures: readonly string[];
}

export const pathWords: Record<PathStyle, string> = {
  carries: 'carries messages, data or the lease',
  answers: 'answers',
  ready: 'ready, carries nothing',
  astray: 'works, but should not',
  silent: 'does not answer',
  unknown: 'not known',
};

/** Every path of a cluster's topology with its state, in words that stand on the line. */
export function topologyPaths(sight: ClusterSight, mode: LayoutMode): TopologyPath[] {
  const [first, second] = sight.members;
  return [
    ...(mode === 'full'
      ? [sendersPath(sight), ...sight.members.map((member) => balancerPath(sight, member))]
      : []),
    ...(first && second ? [beatPath(first, second)] : []),
    ...relayPath(sight),
    ...sight.members.map((member) => storePath(sight, member)),
    ...sight.members.map((member) => storagePath(member, mode)),
  ];
}

function sendersPath(sight: ClusterSight): TopologyPath {
  const perSecond = sight.cluster.traffic?.perSecond;
  const style: PathStyle = perSecond === undefined ? 'unknown' : perSecond > 0 ? 'carries' : 'ready';
  return { id: 'senders', from: 'senders', to: 'balancer', kind: 'senders', style, name: '', figures: [] };
}

function balancerPath(sight: ClusterSight, member: MemberSight): TopologyPath {
  const base = {
    id: `balancer ${member.server}`,
    from: 'balancer' as const,
    to: memberPlace(member.server),
    kind: 'balancer' as const,
    figures: [],
  };
  const { balancer } = sight.cluster;
  const status = balancer?.answers.find((answer) => answer.server === member.server)?.status;
  if (balancer && status === null) return { ...base, style: 'silent', name: '/active: no answer' };
  if (status === undefined) {
    if (member.silent || !member.snapshot) return { ...base, style: 'unknown', name: '/active not known' };
    const says = member.snapshot.activeAnswer;
    return { ...base, style: says === '200' ? 'carries' : 'ready', name: `/active ${says}` };
  }
  const sends = balancer?.sendsTo === member.server;
  const role = clusterRole(sight);
  const astray = sends && role.kind === 'one' && role.active.server !== member.server;
  const style = astray ? 'astray' : sends || status === 200 ? 'carries' : 'ready';
  return { ...base, style, name: `/active ${status}` };
}

function beatPath(first: MemberSight, second: MemberSight): TopologyPath {
  const base = {
    id: 'beat',
    from: memberPlace(first.server),
    to: memberPlace(second.server),
    kind: 'beat' as const,
  };
  const tellers = [first, second].filter((member) => !member.silent && member.snapshot);
  const teller = tellers.find((member) => peerSilentFor(member) !== null) ?? tellers[0];
  const told = teller?.snapshot?.peer;
  if (!teller || !told) return { ...base, style: 'unknown', name: 'Heartbeat not known', figures: [] };
  const age = ageNow(teller, told.answeredMs);
  const figures = [
    ...(age === null ? [] : [formatSpan(age)]),
    ...(told.lossPercent === null ? [] : [`${Math.round(told.lossPercent)} % lost`]),
  ];
  const promised = [first, second].some((member) => !member.silent && livesOnPromise(member));
  return peerSilentFor(teller) === null
    ? { ...base, style: 'answers', name: promised ? 'Heartbeat, promise' : 'Heartbeat', figures }
    : { ...base, style: 'silent', name: 'No heartbeat', figures };
}

/** Renewals of the Active that travel through its peer, on the line between the two. */
function relayPath(sight: ClusterSight): TopologyPath[] {
  const relay = relaySight(sight);
  const [first, second] = sight.members;
  if (relay === null || !first || !second) return [];
  const figures = relay.renewedMs === null ? [] : [formatSpan(relay.renewedMs)];
  return [
    {
      id: 'relay',
      from: memberPlace(first.server),
      to: memberPlace(second.server),
      kind: 'relay',
      style: 'carries',
      name: `Renews through ${relay.through.name}`,
      figures,
    },
  ];
}

function storePath(sight: ClusterSight, member: MemberSight): TopologyPath {
  const base = {
    id: `store ${member.server}`,
    from: memberPlace(member.server),
    to: 'store' as const,
    kind: 'store' as const,
    name: '',
    figures: [],
  };
  if (!member.silent && member.snapshot) {
    if (!member.snapshot.store.reachable) return { ...base, style: 'silent' };
    const relay = relaySight(sight);
    // Its own way is broken; what the other one carries is the lease of this one.
    if (relay?.holder === member) return { ...base, style: 'silent' };
    const carries = member.snapshot.lease.state === 'held' || relay?.through === member;
    return { ...base, style: carries ? 'carries' : 'answers' };
  }
  // The member is silent: what the store says of its renewals is all that can be known.
  const holds = sight.store.snapshot?.leases.some(
    (lease) => lease.cluster === sight.cluster.id && lease.holder === member.server,
  );
  if (sight.store.silent || !holds) return { ...base, style: 'unknown' };
  return { ...base, style: storeSeesRenewals(sight, member) ? 'carries' : 'silent' };
}

function storagePath(member: MemberSight, mode: LayoutMode): TopologyPath {
  const base = {
    id: `storage ${member.server}`,
    from: memberPlace(member.server),
    to: 'storage' as const,
    kind: 'storage' as const,
    figures: [],
  };
  const named = (name: string) => (mode === 'full' ? name : '');
  if (member.silent || !member.snapshot) return { ...base, style: 'unknown', name: named('not known') };
  if (member.snapshot.storage.proven.value === null) {
    return { ...base, style: 'silent', name: named('probe not answered') };
  }
  if (member.role.kind === 'active') return { ...base, style: 'carries', name: named('reads and writes') };
  if (runsWithoutLease(member)) return { ...base, style: 'astray', name: named('its engine runs') };
  const { unmounted } = member.snapshot.storage.proven.value;
  return { ...base, style: 'ready', name: named(unmounted ? 'not mounted' : 'mounted, writes nothing') };
}
