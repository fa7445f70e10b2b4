import type { BalancerVerification } from '../balancer/balancer-check.ts';
import { formatSpan } from '../fleet/age.ts';
import type { ClusterSight, MemberSight, SiteSight } from '../fleet/sight.ts';
import type { Cluster, SiteDocument } from '../site/site-document.ts';
import type { KeptPreflight } from './kept-preflight.ts';

/** Something that a member's journal tells, as a check quotes it. */
export interface JournalNote {
  readonly cluster: string;
  readonly server: string;
  readonly wallTime: string;
  readonly sentence: string;
}

/** A move of a cluster that ended, as the journals tell it. */
export interface PastMove {
  readonly cluster: string;
  readonly to: string | null;
  readonly wallTime: string;
  /** Nobody asked for it, or nobody was left to hand over. */
  readonly takeover: boolean;
  readonly withoutActiveMs: number | null;
}

/** What this workstation has read of the members' journals. */
export interface JournalSight {
  readonly journals: readonly {
    readonly cluster: string;
    readonly server: string;
    /** Newest record that is here, and the newest that the agent has named; null: never heard. */
    readonly head: number;
    readonly wanted: number | null;
    readonly missing: number;
    /** Its own agent says that a record does not fit the one before; null: it could not be asked. */
    readonly chainBroken: boolean | null;
  }[];
  /** Within the last seven days. */
  readonly clockJumps: readonly JournalNote[];
  readonly lostLeases: readonly JournalNote[];
  /** Within the last 90 days, newest first. */
  readonly moves: readonly PastMove[];
}

/** Something that people have decided and this workstation keeps. */
export interface KeptRecord {
  /** What and who, as a clause. */
  readonly says: string;
  readonly at: string;
  /** How the site differs from it now, as a sentence; null: it does not. */
  readonly change: string | null;
}

/** Everything that checks are judged from, at one moment. */
export interface SiteScene {
  readonly sight: SiteSight;
  readonly document: SiteDocument;
  readonly wallTime: string;
  /** How long a cluster may be without an Active, as the site wants it, in seconds; null: nobody has said. */
  readonly goalSeconds: number | null;
  /** The design that was decided with the advisor, and the owner's acceptance of the failover behaviour. */
  readonly decided: KeptRecord | null;
  readonly accepted: KeptRecord | null;
  /** Null: none was kept on this workstation. */
  readonly preflight: KeptPreflight | null;
  readonly balancer: BalancerVerification | null;
  /** A sentence: why nothing is known of the journals. */
  readonly journals: JournalSight | string;
  /** Servers whose host key is pinned; null: this workstation does not know how servers are reached. */
  readonly pinned: readonly string[] | null;
}

export interface ClusterScene {
  readonly sight: ClusterSight;
  readonly document: Cluster;
  readonly site: SiteScene;
}

/** The clusters of a scene, each with its part of the site document. */
export function clusterScenes(site: SiteScene): ClusterScene[] {
  return site.document.clusters.flatMap((document) => {
    const sight = site.sight.clusters.find(({ cluster }) => cluster.id === document.id);
    return sight === undefined ? [] : [{ sight, document, site }];
  });
}

/** Why nothing present is known of a member, as a sentence; null: it is heard. */
export function silenceOf({ name, silent, snapshot, heardMs, link }: MemberSight): string | null {
  if (!silent && snapshot !== null) return null;
  const since = heardMs === null ? 'was never heard' : `was last heard ${formatSpan(heardMs)} ago`;
  const why = link.error === null ? '' : `: ${link.error.message}`;
  return `The agent on ${name} ${since}${why}`;
}

/** Milliseconds from an ISO time to the moment of the scene. */
export function agoMs({ wallTime }: Pick<SiteScene, 'wallTime'>, then: string): number {
  return Math.max(0, Date.parse(wallTime) - Date.parse(then));
}

/** The servers of the demo are processes of this machine: what SSH would see does not exist there. */
export function isDemo({ document }: Pick<SiteScene, 'document'>): boolean {
  return document.loadBalancer.kind === 'demo';
}
