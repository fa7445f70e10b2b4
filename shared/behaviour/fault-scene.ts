import type { ClusterBehaviour, SiteBehaviour } from './behaviour-site.ts';

/** A cluster with what its site adds to what happens there at a fault. */
export interface FaultScene extends ClusterBehaviour, Pick<SiteBehaviour, 'leaseStore'> {
  /** Agents only look: nothing is started, stopped or moved, and no guard beats. */
  readonly observed: boolean;
  readonly clustersOfSite: number;
}

/** Pure. */
export function faultScene(
  cluster: ClusterBehaviour,
  { mode, leaseStore, clusters }: Pick<SiteBehaviour, 'mode' | 'leaseStore' | 'clusters'>,
): FaultScene {
  return { ...cluster, leaseStore, observed: mode === 'observe', clustersOfSite: clusters.length };
}
