import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { clusterOrder } from '../../../shared/upgrade/upgrade-order.ts';
import { unitsOf, witnessUnit } from '../install/server-paths.ts';
import { inOrder, inParallel, type ServerWork } from '../install/server-work.ts';
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

/**
 * Lease store, agents of the clusters it is Passive for, the other agents one by one, and the guards last. What stands
 * together belongs to different clusters and is restarted at once: one guard of each, so that the other is awake.
 */
export function restartOrder(
  { site, actives }: UpgradeScene,
  { server, isWitness }: WantedServer,
): RestartTarget[][] {
  const clusters = clusterOrder(site, server.id, actives);
  const guards = ([0, 1] as const).map((which) =>
    clusters.map((cluster): RestartTarget => {
      return { unit: unitsOf(cluster).guards[which], cluster, isAgent: false };
    }),
  );
  return [
    ...(isWitness ? [[{ unit: witnessUnit, cluster: null, isAgent: false }]] : []),
    ...clusters.map((cluster) => [{ unit: unitsOf(cluster).agent, cluster, isAgent: true }]),
    ...guards,
  ];
}

/**
 * Restarts the units that `isStale` names in their order, each only while its clusters could lose their Active, and
 * proves that everything is as before, with `version`. Errors: upgrade.unprotected (nothing further was restarted),
 * upgrade.half-done (the unit is not well).
 */
export async function restartProtected(
  scene: UpgradeScene,
  work: ServerWork,
  version: string,
  isStale: (unit: string) => boolean,
): Promise<Result<boolean, ProductError>> {
  const { id } = work.wanted.server;
  const rounds = restartOrder(scene, work.wanted)
    .map((round) => round.filter(({ unit }) => isStale(unit)))
    .filter((round) => round.length > 0);
  const restarted = await inOrder(rounds, async (round) => {
    const concerned = round.flatMap(({ cluster }) =>
      cluster === null ? clustersOf(scene, work.wanted) : [cluster],
    );
    for (const cluster of concerned) {
      const safe = await awaitProtection(scene, cluster, id, scene.limits.between);
      if (!safe.ok) return safe;
    }
    const proven = await inParallel(round, (target) =>
      recorded(scene.record, id, `${target.unit} restarted and proven`, () =>
        restartAndProve(scene, work, target, version),
      ),
    );
    return proven.ok ? succeed(true) : fail(proven.error[0]!);
  });
  return restarted.ok ? succeed(true) : fail(restarted.error[0]!);
}
