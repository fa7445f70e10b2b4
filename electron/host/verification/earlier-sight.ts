import type { ClusterView } from '../../../shared/console-ipc/console-snapshot.ts';
import type { ClusterSight } from '../../../shared/fleet/sight.ts';
import type { Earlier, TrafficCounts } from '../../../shared/verification/move-evidence.ts';
import { plannedTimes } from '../../../shared/verification/planned-time.ts';

export interface EarlierSight {
  readonly earlier: Earlier;
  readonly traffic: TrafficCounts | null;
}

/** Epochs of which the last sight is kept: enough for a move, its roll back, and one more. */
const epochsKept = 8;

/** What the console saw last of each cluster under each epoch, for the time when that Active is gone. */
export class EarlierSights {
  private readonly sights = new Map<string, Map<number, EarlierSight>>();

  /** Takes a look at a cluster; only one that is whole counts, so that a dying engine leaves the sight before it. */
  look(view: ClusterView, sight: ClusterSight | undefined, wallTime: string): void {
    const active = view.members.find(
      ({ link, snapshot }) => link.state === 'connected' && snapshot?.role.observed === 'active',
    )?.snapshot;
    if (!active || active.engine.api.value === null || active.operation?.state === 'running') return;
    const { engine, lease } = active;
    const ofCluster = this.sights.get(view.id) ?? new Map<number, EarlierSight>();
    ofCluster.delete(lease.epoch);
    ofCluster.set(lease.epoch, {
      earlier: {
        wallTime,
        version: engine.api.value?.version ?? null,
        components: engine.components.value,
        pollers: engine.pollers.value,
        sessions: view.balancer?.sessions ?? null,
        plan: sight ? plannedTimes(sight) : { planned: null, takeover: null },
      },
      traffic: view.traffic && countsOfTraffic(view.traffic),
    });
    const [oldest] = ofCluster.keys();
    if (ofCluster.size > epochsKept && oldest !== undefined) ofCluster.delete(oldest);
    this.sights.set(view.id, ofCluster);
  }

  of(cluster: string, epoch: number | null): EarlierSight | null {
    return (epoch === null ? undefined : this.sights.get(cluster)?.get(epoch)) ?? null;
  }
}

export function countsOfTraffic({
  acknowledged,
  delivered,
  lost,
  outOfOrder,
  duplicates,
}: TrafficCounts): TrafficCounts {
  return { acknowledged, delivered, lost, outOfOrder, duplicates };
}
