import type { MemberSnapshot, WitnessSnapshot } from '../agent-api/member-snapshot.ts';
import type {
  ClusterView,
  ConsoleSnapshot,
  Link,
  MemberView,
  WitnessView,
} from '../console-ipc/console-snapshot.ts';
import type { ClusterUsual } from '../history/usual-time.ts';
import { oldestAge, silenceLimitMs } from './age.ts';
import { presentRole, type PresentedRole } from './member-role.ts';

export type Site = NonNullable<ConsoleSnapshot['site']>;

/** One end that the console listens to, judged now: `elapsedMs` after the console snapshot arrived. */
export interface LinkSight {
  /** Milliseconds since anything was heard, now; null: never. */
  readonly heardMs: number | null;
  /** Nothing it said counts as present: link lost, never heard, or too long without a word. */
  readonly silent: boolean;
  readonly link: Link;
}

export interface MemberSight extends LinkSight {
  readonly cluster: string;
  readonly server: string;
  readonly name: string;
  readonly address: string;
  readonly snapshot: MemberSnapshot | null;
  readonly role: PresentedRole;
}

/** The lease store. A witness tells of itself; an etcd is known by what members say of it. */
export interface StoreSight extends LinkSight {
  readonly kind: 'witness' | 'etcd';
  /** `the lease store on ig-witness` · `the lease store (etcd)` */
  readonly called: string;
  /** What to look at when it is lost, as the end of a sentence. */
  readonly lookAt: string;
  readonly server: string;
  readonly name: string;
  readonly address: string;
  readonly snapshot:
    | (Pick<WitnessSnapshot, 'leases'> &
        Partial<Pick<WitnessSnapshot, 'productVersion' | 'certificateEndsInMs' | 'certificateBeginsInMs'>>)
    | null;
}

export interface ClusterSight {
  readonly cluster: ClusterView;
  readonly members: readonly MemberSight[];
  readonly store: StoreSight;
  readonly elapsedMs: number;
  /** How long its changes usually take, where the history was asked; absent: it was not. */
  readonly usual?: ClusterUsual | undefined;
}

export interface SiteSight {
  readonly site: Site;
  readonly clusters: readonly ClusterSight[];
  readonly store: StoreSight;
  readonly elapsedMs: number;
}

/** Judges a site as it is known `elapsedMs` milliseconds after its console snapshot arrived. */
export function siteSight(site: Site, elapsedMs: number): SiteSight {
  const known = site.clusters.map((cluster) => ({
    cluster,
    members: cluster.members.map((view) => memberSight(site, view, elapsedMs)),
  }));
  const store =
    site.witness === null
      ? etcdSight(site.etcd?.endpoints ?? [], known)
      : witnessSight(site, site.witness, elapsedMs);
  return { site, clusters: known.map((cluster) => ({ ...cluster, store, elapsedMs })), store, elapsedMs };
}

function witnessSight(site: Site, { server, link, snapshot }: WitnessView, elapsedMs: number): StoreSight {
  return {
    kind: 'witness',
    called: `the lease store on ${serverName(site, server)}`,
    lookAt: 'power, network, its agent',
    ...linkSight(link, elapsedMs, silenceLimitMs(undefined)),
    ...named(site, server),
    snapshot,
  };
}

export function linkSight(link: Link, elapsedMs: number, silentAfterMs: number): LinkSight {
  const heardMs = link.heardMs === null ? null : link.heardMs + elapsedMs;
  const silent = link.state === 'lost' || heardMs === null || heardMs > silentAfterMs;
  return { heardMs, silent, link };
}

/** Age now of a value that was `ageMs` old when its source made the snapshot; null when nothing was ever heard. */
export function ageNow(sight: LinkSight, ageMs: number | null): number | null {
  return sight.heardMs === null || ageMs === null ? null : sight.heardMs + ageMs;
}

/** How old what is known of a cluster is: the age of its oldest member's word, and whether one of them is silent. */
export function heardAge({ members }: Pick<ClusterSight, 'members'>): {
  readonly ms: number | null;
  readonly sourceSilent: boolean;
} {
  return {
    ms: oldestAge(members.map(({ heardMs }) => heardMs)),
    sourceSilent: members.some(({ silent }) => silent),
  };
}

/** A countdown that was `leftMs` at its source, now; never below zero. */
export function leftNow(sight: LinkSight, leftMs: number | null): number | null {
  return leftMs === null || sight.heardMs === null ? null : Math.max(0, leftMs - sight.heardMs);
}

/** The name that people know a server by. */
export function serverName(site: Site, id: string): string {
  return site.servers.find((server) => server.id === id)?.name ?? id;
}

function memberSight(site: Site, view: MemberView, elapsedMs: number): MemberSight {
  const seen = linkSight(view.link, elapsedMs, silenceLimitMs(view.snapshot?.timing));
  return {
    ...seen,
    ...named(site, view.server),
    cluster: view.cluster,
    snapshot: view.snapshot,
    role: presentRole(view.snapshot, seen),
  };
}

function named(site: Site, id: string): { server: string; name: string; address: string } {
  const server = site.servers.find((candidate) => candidate.id === id);
  return { server: id, name: server?.name ?? id, address: server?.address ?? '' };
}

type StoreLease = NonNullable<StoreSight['snapshot']>['leases'][number];

/**
 * An etcd as its members tell of it: it says nothing to the console itself. `silent` while no member that answers
 * reaches it.
 */
function etcdSight(
  endpoints: readonly string[],
  clusters: readonly Pick<ClusterSight, 'cluster' | 'members'>[],
): StoreSight {
  const members = clusters.flatMap((cluster) => cluster.members);
  const told = members.filter(reaches);
  const heardMs =
    youngest(told) ?? youngest(members.filter(({ snapshot }) => snapshot?.store.storeId != null));
  const link: LinkSight['link'] = {
    state: told.length > 0 ? 'connected' : 'lost',
    sinceMs: 0,
    heardMs,
    error: null,
  };
  const leases = clusters.flatMap(
    ({ cluster, members: ofCluster }) => leaseOf(cluster.id, ofCluster, heardMs) ?? [],
  );
  return {
    kind: 'etcd',
    called: 'the lease store (etcd)',
    lookAt: 'its members and their disks, and the network to them',
    ...{ server: 'etcd', name: 'etcd', address: endpoints.join(', ') },
    ...{ heardMs, silent: told.length === 0, link },
    snapshot: heardMs === null ? null : { leases },
  };
}

function reaches({ silent, snapshot }: MemberSight): boolean {
  return !silent && snapshot?.store.reachable === true;
}

/** Age of the youngest answer of the store that a member has told of. */
function youngest(members: readonly MemberSight[]): number | null {
  const ages = members.flatMap(({ heardMs, snapshot }) =>
    heardMs === null ? [] : [heardMs + (snapshot?.store.answeredMs ?? 0)],
  );
  return ages.length === 0 ? null : Math.min(...ages);
}

/** The lease as its holder tells of it; where nobody does, as a member that reaches the store. */
function leaseOf(
  cluster: string,
  members: readonly MemberSight[],
  heardMs: number | null,
): StoreLease | null {
  const told = members.filter(reaches);
  const holder = told.find(({ snapshot }) => snapshot?.lease.state === 'held');
  const observer = holder ?? told[0] ?? members[0];
  const seen = observer?.snapshot;
  if (observer === undefined || seen === null || seen === undefined || heardMs === null) return null;
  const { lease } = seen;
  // Counted from when the store was heard, as the ages of a store's own word are.
  const since = (observer.heardMs ?? heardMs) - heardMs;
  const freeInMs = lease.state === 'held' ? lease.leftMs : (lease.freeInMs ?? 0);
  // What a member that does not hold it has seen of renewals begins anew with each start of its agent.
  const renewedMs = lease.state === 'held' ? lease.renewedMs : null;
  return {
    cluster,
    epoch: lease.storeEpoch ?? lease.epoch,
    holder: lease.holder,
    reservedFor: lease.reservedFor,
    freeInMs: Math.max(0, freeInMs - since),
    renewedMs: renewedMs === null ? null : Math.max(0, renewedMs + since),
  };
}
