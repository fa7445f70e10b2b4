import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { siteSight, type ClusterSight, type SiteSight } from '../../../shared/fleet/sight.ts';

/** The site of a snapshot as it is known `elapsedMs` after it arrived. */
export function sightOf(snapshot: ConsoleSnapshot, elapsedMs = 0): SiteSight {
  if (!snapshot.site) throw new Error('the fixture has no site');
  return siteSight(snapshot.site, elapsedMs);
}

export function clusterSight(snapshot: ConsoleSnapshot, id: string, elapsedMs = 0): ClusterSight {
  const found = sightOf(snapshot, elapsedMs).clusters.find((sight) => sight.cluster.id === id);
  if (!found) throw new Error(`the fixture has no cluster ${id}`);
  return found;
}
