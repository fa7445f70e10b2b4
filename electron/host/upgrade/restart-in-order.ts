import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { clusterOrder } from '../../../shared/upgrade/upgrade-order.ts';
import { unitsOf, witnessUnit } from '../install/server-paths.ts';
import { inOrder, type ServerWork } from '../install/server-work.ts';
import { recorded } from '../install/transcript.ts';
import type { WantedServer } from '../install/wanted-server.ts';
import {
  awaitProtection,
  restartAndProve,
  type RestartTarget,
  type UpgradeScene,
} from './restart-and-prove.ts';

/** Clusters that depend on this server: all of them, when the lease store is there. */
export function clustersOf({ site, actives }: UpgradeScene, { server, isWitness }: WantedServer): string[] {
  return isWitness ? site.clusters.map(({ id }) => id) : clusterOrder(site, server.id, actives);
}

/** Lease store, agents of the clusters it is Passive for, the other agents, and the guards last. */
export function restartOrder(
  { site, actives }: UpgradeScene,
  { server, isWitness }: WantedServer,
): RestartTarget[] {
  const clusters = clusterOrder(site, server.id, actives);
  return [
    ...(isWitness ? [{ unit: witnessUnit, cluster: null, isAgent: false }] : []),
    ...clusters.map((cluster) => ({ unit: unitsOf(cluster).agent, cluster, isAgent: true })),
    ...clusters.flatMap((cluster) =>
      unitsOf(cluster).guards.map((unit) => ({ unit, cluster, isAgent: false })),
    ),
  ];
}

/**
 * Restarts the units that `isStale` names one by one, each only while its clusters could lose their Active, and proves
 * that everything is as before, with `version`. Errors: upgrade.unprotected (nothing further was restarted),
 * upgrade.half-done (the unit is not well).
 */
export async function restartProtected(
  scene: UpgradeScene,
  work: ServerWork,
  version: string,
  isStale: (unit: string) => boolean,
): Promise<Result<boolean, ProductError>> {
  const { id } = work.wanted.server;
  const targets = restartOrder(scene, work.wanted).filter(({ unit }) => isStale(unit));
  const restarted = await inOrder(targets, async (target) => {
    const concerned = target.cluster === null ? clustersOf(scene, work.wanted) : [target.cluster];
    for (const cluster of concerned) {
      const safe = await awaitProtection(scene, cluster, id, scene.limits.between);
      if (!safe.ok) return safe;
    }
    return recorded(scene.record, id, `${target.unit} restarted and proven`, () =>
      restartAndProve(scene, work, target, version),
    );
  });
  return restarted.ok ? succeed(true) : fail(restarted.error[0]!);
}
