import type { ClusterSight, LinkSight, MemberSight, SiteSight } from './sight.ts';
import { fenceOf } from './fence.ts';
import { formatMeasured, formatSpan, oldestAge } from './age.ts';

/** One server × one cluster. */
export interface MatrixCell {
  readonly cluster: string;
  /** Null: this server is no member of the cluster. */
  readonly member: MemberSight | null;
  /** `epoch 47, 18.4/s` · `ready, 7 s to start` · `last heard 9.3 s ago`. */
  readonly detail: string;
}

export interface MatrixRow {
  readonly server: string;
  readonly name: string;
  readonly address: string;
  readonly cells: readonly MatrixCell[];
  /** Oldest answer among the members on this server. */
  readonly ageMs: number | null;
  readonly silent: boolean;
}

export interface StoreRow {
  readonly name: string;
  readonly address: string;
  /** `Lease store answers in 3 ms, both leases live`. */
  readonly sentence: string;
  readonly state: 'ok' | 'warn' | 'unknown';
  readonly ageMs: number | null;
}

/** Servers × clusters: who is what, where. Only servers that carry a member. */
export function matrixRows(sight: SiteSight): MatrixRow[] {
  const servers = [
    ...new Set(sight.clusters.flatMap((cluster) => cluster.members.map((member) => member.server))),
  ];
  return servers.map((server) => {
    const cells = sight.clusters.map((cluster) => cellOf(cluster, server));
    const members = cells.map((cell) => cell.member).filter((member) => member !== null);
    const [first] = members;
    return {
      server,
      name: first?.name ?? server,
      address: first?.address ?? '',
      cells,
      ageMs: oldestAge(members.map((member) => member.heardMs)),
      silent: members.some((member) => member.silent),
    };
  });
}

export function storeRow(sight: SiteSight): StoreRow {
  const { store } = sight;
  const base = { name: store.name, address: store.address, ageMs: store.heardMs };
  if (store.silent) {
    return { ...base, state: 'unknown', sentence: silentWords(store, 'Lease store') };
  }
  const roundTrips = sight.clusters
    .flatMap((cluster) => cluster.members)
    .map((member) => (member.silent ? null : (member.snapshot?.store.roundTripMs ?? null)))
    .filter((value) => value !== null);
  const answers = roundTrips.length > 0 ? ` in ${formatMeasured(Math.max(...roundTrips))}` : '';
  const leases = store.snapshot?.leases ?? [];
  const live = leases.filter((lease) => lease.holder !== null && lease.freeInMs > 0).length;
  const words = live === leases.length ? allLive(live) : `${live} of ${leases.length} leases live`;
  return {
    ...base,
    state: live === leases.length ? 'ok' : 'warn',
    sentence: `Lease store answers${answers}, ${words}`,
  };
}

function allLive(count: number): string {
  if (count === 1) return 'its lease is live';
  return count === 2 ? 'both leases live' : `all ${count} leases live`;
}

function cellOf(cluster: ClusterSight, server: string): MatrixCell {
  const member = cluster.members.find((candidate) => candidate.server === server) ?? null;
  if (member === null) return { cluster: cluster.cluster.id, member, detail: '' };
  const fence = member.silent ? fenceOf(cluster, member) : null;
  return { cluster: cluster.cluster.id, member, detail: fence?.mustStay ?? memberDetail(member) };
}

/** The line under a member's role chip. */
export function memberDetail(member: MemberSight): string {
  const { snapshot } = member;
  if (!snapshot || member.silent) return silentWords(member, '');
  if (member.role.kind === 'active') {
    const rate = snapshot.engine.messagesPerSecond.value;
    return `epoch ${snapshot.lease.epoch}, ${rate === null ? 'rate not known' : `${rate.toFixed(1)}/s`}`;
  }
  if (member.role.kind !== 'passive') return `epoch ${snapshot.lease.epoch}, ${snapshot.decision.headline}`;
  if (snapshot.blockers.length > 0) {
    return `not ready, ${snapshot.blockers.length} ${snapshot.blockers.length === 1 ? 'blocker' : 'blockers'}`;
  }
  const start = snapshot.engine.lastStartMs;
  return start === null ? 'ready, start not measured here' : `ready, ${formatSpan(start)} to start`;
}

function silentWords(seen: LinkSight, what: string): string {
  const subject = what === '' ? '' : `${what}: `;
  if (seen.heardMs === null) return `${subject}never heard`;
  return `${subject}last heard ${formatSpan(seen.heardMs)} ago`;
}
