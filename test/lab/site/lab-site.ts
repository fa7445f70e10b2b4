import { SiteDocument } from '../../../shared/site/site-document.ts';
import { mountUnitOf } from '../../../shared/storage/mount-control.ts';
import { address, type HostName, type LabLayout, type SharedDirectory } from '../hosts/layout.ts';

/** One cluster of the lab, with everything tests need to know about it. */
export interface LabCluster {
  readonly id: 'WK1' | 'WK2';
  /** WK2 has the default preset, for faults that must not move anything with it. */
  readonly timing: 'fast' | 'normal';
  readonly index: number;
  readonly preferred: HostName;
  readonly share: SharedDirectory;
  readonly unit: string;
  readonly apiPort: number;
  readonly listener: { readonly name: string; readonly port: number; readonly frontendPort: number };
  readonly poller: string;
  /** Where its messages end: a receiver on the outer machine. */
  readonly receiverPort: number;
}

/** Two clusters that prefer different servers, so that one can be broken beside the other. */
export const labClusters: readonly [LabCluster, LabCluster] = [
  {
    id: 'WK1',
    timing: 'fast',
    index: 0,
    preferred: 'wk-a',
    share: 'wk1',
    unit: 'iguanax-wk1.service',
    apiPort: 6543,
    listener: { name: 'ADT', port: 6661, frontendPort: 7001 },
    poller: 'sweep-wk1',
    receiverPort: 8001,
  },
  {
    id: 'WK2',
    timing: 'normal',
    index: 1,
    preferred: 'wk-b',
    share: 'wk2',
    unit: 'iguanax-wk2.service',
    apiPort: 6553,
    listener: { name: 'ORU', port: 6671, frontendPort: 7011 },
    poller: 'sweep-wk2',
    receiverPort: 8011,
  },
];

export const siteId = 'lab';
/** Account of the engine's API; the password is the lab's own and opens nothing else. */
export const engineApi = { user: 'ha', password: 'lab-only-password' } as const;

const memberPair: readonly HostName[] = ['wk-a', 'wk-b'];

/** Where a cluster's directory is on each server that has one of its own. */
export function copiedDirectory(cluster: LabCluster): string {
  return `/srv/${cluster.share}`;
}

/** The same site with a directory on each server's own disk, which is copied. */
export function copiedSite(lab: LabLayout): SiteDocument {
  return withDirectories(lab, copiedDirectory, (directory) => ({
    kind: 'copied',
    directory,
    mustBeMount: false,
  }));
}

/** Where the agents mount a cluster's directory on its Active. */
export function mountedDirectory(cluster: LabCluster): string {
  return `/mnt/${cluster.share}`;
}

/** The unit by which they do, as each server has it. */
export function mountUnitFile(cluster: LabCluster): string {
  return `/etc/systemd/system/${mountUnitOf(mountedDirectory(cluster))}`;
}

/** The same site with the directories mounted by the agents, on the Active only. */
export function mountedSite(lab: LabLayout): SiteDocument {
  return withDirectories(lab, mountedDirectory, (directory) => ({
    kind: 'shared',
    directory,
    mustBeMount: true,
    mount: { by: 'agent' },
  }));
}

function withDirectories(
  lab: LabLayout,
  directoryOf: (cluster: LabCluster) => string,
  storageOf: (directory: string) => SiteDocument['clusters'][number]['storage'],
): SiteDocument {
  const site = labSite(lab);
  const clusters = labClusters.map((cluster, at) => {
    const directory = directoryOf(cluster);
    const shared = site.clusters[at]!;
    return {
      ...shared,
      storage: storageOf(directory),
      members: shared.members.map((member) => ({
        ...member,
        engine: { ...member.engine, workingDirectory: directory },
      })),
    };
  });
  return SiteDocument.parse({ ...site, clusters });
}

/** The site the product is told about: two members, a witness, HAProxy, both clusters. */
export function labSite(lab: LabLayout): SiteDocument {
  return SiteDocument.parse({
    schema: 1,
    id: siteId,
    name: `Lab ${lab.id}`,
    version: 1,
    servers: ([...memberPair, 'wit', 'lb'] as const).map((id) => ({
      id,
      name: id,
      address: address(lab, id),
    })),
    clusters: labClusters.map((cluster) => ({
      id: cluster.id,
      title: `Lab cluster ${cluster.id}`,
      index: cluster.index,
      timing: cluster.timing,
      storage: { kind: 'shared', directory: `/share/${cluster.share}`, mustBeMount: true },
      listeners: [cluster.listener],
      pollers: [cluster.poller],
      members: memberPair.map((server) => ({
        server,
        preferred: server === cluster.preferred,
        engine: {
          service: { kind: 'systemd', unit: cluster.unit },
          apiPort: cluster.apiPort,
          apiUser: engineApi.user,
          workingDirectory: `/share/${cluster.share}`,
        },
      })),
      localRestarts: 2,
      // Scenarios break one site again and again; the block has a scenario of its own.
      failoversPerHour: 1_000,
    })),
    leaseStore: { kind: 'witness', server: 'wit', port: 7660 },
    loadBalancer: { kind: 'haproxy', server: 'lb' },
  });
}

/** Address and port at which senders reach a cluster: the balancer's. */
export function frontend(lab: LabLayout, cluster: LabCluster): { address: string; port: number } {
  return { address: address(lab, 'lb'), port: cluster.listener.frontendPort };
}
