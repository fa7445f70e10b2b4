import type { MemberSnapshot, WitnessSnapshot } from '../agent-api/member-snapshot.ts';
import type { ClusterView, ConsoleSnapshot, Link, MemberView } from '../console-ipc/console-snapshot.ts';
import { silenceLimitMs } from './age.ts';
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

export interface WitnessSight extends LinkSight {
  readonly server: string;
  readonly name: string;
  readonly address: string;
  readonly snapshot: WitnessSnapshot | null;
}

export interface ClusterSight {
  readonly cluster: ClusterView;
  readonly members: readonly MemberSight[];
  readonly witness: WitnessSight;
  readonly elapsedMs: number;
}

export interface SiteSight {
  readonly site: Site;
  readonly clusters: readonly ClusterSight[];
  readonly witness: WitnessSight;
  readonly elapsedMs: number;
}

/** Judges a site as it is known `elapsedMs` milliseconds after its console snapshot arrived. */
export function siteSight(site: Site, elapsedMs: number): SiteSight {
  const witness = {
    ...linkSight(site.witness.link, elapsedMs, silenceLimitMs(undefined)),
    ...named(site, site.witness.server),
    snapshot: site.witness.snapshot,
  };
  const clusters = site.clusters.map((cluster) => ({
    cluster,
    members: cluster.members.map((view) => memberSight(site, view, elapsedMs)),
    witness,
    elapsedMs,
  }));
  return { site, clusters, witness, elapsedMs };
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
