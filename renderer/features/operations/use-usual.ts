import type { ClusterSight, SiteSight } from '../../../shared/fleet/sight.ts';
import { useConsole } from '../../app/console-context.tsx';
import { useFollowing } from '../timeline/use-following.ts';

/**
 * The cluster with what its changes usually take, by the history of this workstation. Until that is read, and where it
 * cannot be, plans count with what was measured last. `except`: an operation that is not counted.
 */
export function useUsual(sight: ClusterSight, except: string | null = null): ClusterSight {
  const { client } = useConsole();
  const request = { cluster: sight.cluster.id, except };
  const { answer } = useFollowing(() => client.call('readUsualTimes', request), {
    key: JSON.stringify(request),
    // While it is moved, nothing is added that counts.
    beat: except ?? sight.members.map(({ snapshot }) => snapshot?.journalHead ?? 0).join(' '),
  });
  return answer === null ? sight : { ...sight, usual: answer };
}

/** The same of every cluster of a site. */
export function useUsualOfSite(site: SiteSight): SiteSight {
  const { client } = useConsole();
  const ids = site.clusters.map(({ cluster }) => cluster.id);
  const heads = site.clusters.flatMap(({ members }) =>
    members.map(({ snapshot }) => snapshot?.journalHead ?? 0),
  );
  const { answer } = useFollowing(
    () => Promise.all(ids.map((cluster) => client.call('readUsualTimes', { cluster, except: null }))),
    { key: JSON.stringify(ids), beat: heads.join(' ') },
  );
  if (answer === null || answer.length !== ids.length) return site;
  return { ...site, clusters: site.clusters.map((sight, index) => ({ ...sight, usual: answer[index] })) };
}
