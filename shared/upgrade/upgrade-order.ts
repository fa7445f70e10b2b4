import type { SiteDocument } from '../site/site-document.ts';
import { witnessServerOf } from '../site/site-rules.ts';

/** Server of each cluster's Active, by cluster. */
export type Actives = ReadonlyMap<string, string>;

/**
 * The servers that run agents, in the order in which they get a new version. The witness's is first: a newer store
 * understands older members, while an older store may refuse what newer members say. Then the servers
 * that are Active for the fewest clusters. Pure.
 */
export function serverOrder(site: SiteDocument, actives: Actives): string[] {
  const witness = witnessServerOf(site);
  const members = site.clusters.flatMap((cluster) => cluster.members.map(({ server }) => server));
  const activeCount = (server: string) => [...actives.values()].filter((active) => active === server).length;
  const others = [...new Set(members)]
    .filter((server) => server !== witness)
    .toSorted((one, other) => activeCount(one) - activeCount(other));
  return witness === undefined ? others : [witness, ...others];
}

/**
 * The clusters of one server in the order in which their agents are restarted: those that it is Passive for first,
 * so that a version that does not work is seen where nothing depends on it. Pure.
 */
export function clusterOrder(site: SiteDocument, server: string, actives: Actives): string[] {
  const own = site.clusters
    .filter(({ members }) => members.some((member) => member.server === server))
    .map(({ id }) => id);
  const isActive = (cluster: string) => Number(actives.get(cluster) === server);
  return own.toSorted((one, other) => isActive(one) - isActive(other));
}
