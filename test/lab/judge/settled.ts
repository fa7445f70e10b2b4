import { memberHosts, type HostName, type LabLayout } from '../hosts/layout.ts';
import { ixhaExitCode } from '../site/console-command.ts';
import { labClusters, type LabCluster } from '../site/lab-site.ts';
import { activeAnswer, engineHosts } from './observe.ts';
import type { Traffic } from './traffic.ts';

/** The engine runs on that host alone and the host tells the balancer so. */
export async function isActiveOn(lab: LabLayout, cluster: LabCluster, host: HostName): Promise<boolean> {
  const hosts = engineHosts(lab, cluster);
  return hosts.length === 1 && hosts[0] === host && (await activeAnswer(lab, cluster, host)) === 200;
}

/**
 * One Active per cluster, a fit Passive beside it, both senders of each cluster answered by the Active
 * after an instant: the patient sender connects again only ten seconds after a break.
 */
export async function isSettled(lab: LabLayout, traffic: Traffic, sinceBootMs: number): Promise<boolean> {
  for (const cluster of labClusters) {
    if ((await clusterTrouble(lab, cluster, traffic, sinceBootMs)) !== undefined) return false;
  }
  return (await ixhaExitCode(lab, ['status'])) === 0;
}

/** The same in words, for a site that did not settle. */
export async function whyNotSettled(lab: LabLayout, traffic: Traffic): Promise<string> {
  const troubles = await Promise.all(
    labClusters.map((cluster) => clusterTrouble(lab, cluster, traffic, 0).catch(String)),
  );
  const told = troubles.filter((trouble) => trouble !== undefined);
  return told.length > 0 ? told.join('; ') : 'ixha status finds a member unfit or silent';
}

async function clusterTrouble(
  lab: LabLayout,
  cluster: LabCluster,
  traffic: Traffic,
  sinceBootMs: number,
): Promise<string | undefined> {
  const hosts = engineHosts(lab, cluster);
  const [active] = hosts;
  if (active === undefined) return `${cluster.id} has no engine`;
  if (hosts.length > 1) return `${cluster.id} has engines on ${hosts.join(' and ')}`;
  const answers = await Promise.all(
    memberHosts.map(async (host) => ({ host, answer: await activeAnswer(lab, cluster, host) })),
  );
  const wrong = answers.filter(({ host, answer }) => answer !== (host === active ? 200 : 503));
  if (wrong.length > 0) {
    const said = wrong.map(({ host, answer }) => `${host} answers ${answer ?? 'nothing'}`).join(', ');
    return `${cluster.id} runs on ${active}, but on /active ${said}`;
  }
  return (await traffic.flows(cluster, active, sinceBootMs))
    ? undefined
    : `no traffic through ${cluster.id} on ${active}`;
}
