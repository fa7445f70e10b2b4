import type { MemberName, Moment } from './fault-moments.ts';
import type { FaultScene } from './fault-scene.ts';

/** The clusters that a fault can come to. */
export interface ClusterKind {
  /** As the end of "it comes only to clusters ...". */
  readonly says: string;
  readonly includes: (scene: FaultScene) => boolean;
}

export const faultGroups = [
  'Server',
  'Engine',
  'Agent and guards',
  'Network',
  'Lease store',
  'Storage and disks',
  'Load balancer',
  'Clocks and certificates',
  'People',
] as const;
export type FaultGroup = (typeof faultGroups)[number];

export interface Fault {
  /** What people quote: it never changes, and is never given to another fault. */
  readonly number: number;
  /** Its name on the command line. */
  readonly id: string;
  readonly group: FaultGroup;
  readonly title: string;
  /** The title where an etcd keeps the lease. */
  readonly withEtcd?: string;
  /** What it is, as it is met. */
  readonly happens: string;
  readonly moments: (scene: FaultScene) => readonly Moment[];
  /** Only at such clusters; left out: at every one. */
  readonly onlyFor?: ClusterKind;
  /** Who serves when it comes; left out: the Active. */
  readonly servedBy?: MemberName;
  /** It comes in a move that a person has asked for. */
  readonly inMove?: true;
  /** Whose server it is that fails, in the group Server; left out: that of the Active. */
  readonly hits?: MemberName | 'both';
  /** No rule asks, and it is a person's to mend all the same. */
  readonly leftToPerson?: true;
  /** What becomes of messages, where that does not follow from who serves. */
  readonly messages?: string;
}

export const sharedStorage: ClusterKind = {
  says: 'with shared storage',
  includes: ({ storage }) => storage === 'shared',
};
export const copiedStorage: ClusterKind = {
  says: 'with copied storage',
  includes: ({ storage }) => storage === 'copied',
};
/** Where a person can ask for a move, and rules can have made one. */
export const movable: ClusterKind = {
  says: 'of a site that is armed, both of whose servers may become Active',
  includes: ({ members, observed }) => !observed && members.every(({ mustNot }) => !mustNot),
};
export const amongOthers: ClusterKind = {
  says: 'of a site with several',
  includes: ({ clustersOfSite }) => clustersOfSite > 1,
};
export const withEtcd: ClusterKind = {
  says: 'whose leases an etcd keeps',
  includes: ({ leaseStore }) => leaseStore === 'etcd',
};
export const armedSite: ClusterKind = {
  says: 'of a site that is armed',
  includes: ({ observed }) => !observed,
};
