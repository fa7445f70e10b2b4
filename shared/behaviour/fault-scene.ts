import type { ClusterBehaviour, SiteBehaviour } from './behaviour-site.ts';

/** A cluster with what its site adds to what happens there at a fault. */
export interface FaultScene extends ClusterBehaviour {
  /** Agents only look: nothing is started, stopped or moved, and no guard beats. */
  readonly observed: boolean;
}

/** Pure. */
export function faultScene(cluster: ClusterBehaviour, { mode }: Pick<SiteBehaviour, 'mode'>): FaultScene {
  return { ...cluster, observed: mode === 'observe' };
}
