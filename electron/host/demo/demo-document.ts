import type { TimingPolicy, TimingPresetName } from '../../../shared/lease/timing.ts';
import type { Routes } from '../../../shared/site/member-config.ts';
import type { Cluster, LeaseStore, SiteDocument, Storage } from '../../../shared/site/site-document.ts';
import { storageDirectory } from '../../../shared/site/directory-rules.ts';
import {
  allServers,
  clusterDesigns,
  demoSiteId,
  demoSiteName,
  engineUser,
  listenerNames,
  failoversPerHour,
  localRestarts,
  loopback,
  memberServers,
  witnessServer,
  type ClusterDesign,
} from './demo-design.ts';
import type { DemoFolders } from './demo-folders.ts';
import type { DemoPorts } from './demo-ports.ts';

/** The demo's site document: a real one, with every port overridden by the one that was free. */
export function demoDocument(
  ports: DemoPorts,
  folders: DemoFolders,
  timing: TimingPresetName | TimingPolicy,
  leaseStore: LeaseStore = { kind: 'witness', server: witnessServer, port: ports.witness },
  copied?: DemoCopied,
): SiteDocument {
  return {
    schema: 1,
    id: demoSiteId,
    name: demoSiteName,
    version: 1,
    servers: allServers.map((id) => ({ id, name: id, address: loopback })),
    clusters: clusterDesigns.map((design) => clusterDocument(design, ports, folders, timing, copied)),
    leaseStore,
    loadBalancer: { kind: 'demo', address: loopback },
  };
}

/** Copies between the directories of the demo's servers go through an SSH server outside of it. */
export interface DemoCopied {
  readonly sshPort: number;
  /** Folder with the keys of a member. */
  keys(server: string, cluster: string): string;
}

function storageOf(cluster: string, folders: DemoFolders, copied: DemoCopied | undefined): Storage {
  if (copied === undefined) {
    return { kind: 'shared', directory: folders.shared(cluster), mustBeMount: false };
  }
  const directories = Object.fromEntries(
    memberServers.map((server) => [server, folders.copied(server, cluster)]),
  );
  const directory = folders.copied(memberServers[0], cluster);
  return {
    kind: 'copied',
    directory,
    directories,
    mustBeMount: false,
    everySeconds: 1,
    sshPort: copied.sshPort,
  };
}

/** The same site, with a program that cuts the other server off. */
export function cutBy(site: SiteDocument, program: string | undefined): SiteDocument {
  if (program === undefined) return site;
  const clusters = site.clusters.map((cluster) =>
    cluster.storage.kind === 'shared'
      ? { ...cluster, storage: { ...cluster.storage, cut: { program } } }
      : cluster,
  );
  return { ...site, clusters };
}

function clusterDocument(
  design: ClusterDesign,
  ports: DemoPorts,
  folders: DemoFolders,
  timing: TimingPresetName | TimingPolicy,
  copied: DemoCopied | undefined,
): Cluster {
  const storage = storageOf(design.id, folders, copied);
  const { frontends, members } = ports.clusters[design.id]!;
  return {
    id: design.id,
    title: design.title,
    index: design.index,
    timing,
    storage,
    listeners: listenerNames.map((name) => ({
      name,
      port: members[memberServers[0]]!.listeners[name],
      frontendPort: frontends[name],
    })),
    pollers: [design.poller],
    members: memberServers.map((server) => {
      const { api, active, engineApi, listeners } = members[server]!;
      return {
        server,
        preferred: server === design.preferred,
        engine: {
          service: { kind: 'process', socket: folders.server(server).socket, unit: `engine-${design.id}` },
          apiPort: engineApi,
          apiUser: engineUser,
          workingDirectory: storageDirectory({ storage }, server),
        },
        ports: { api, active, listeners: { ...listeners } },
      };
    }),
    localRestarts,
    failoversPerHour,
  };
}

/** Where a member on `server` really connects to: every path to another server leads through the demo network. */
export function routesFrom(server: string, ports: DemoPorts): Routes {
  return Object.fromEntries(
    ports.links
      .filter((link) => link.from === server)
      .map((link) => [`${link.to}:${link.targetPort}`, { address: loopback, port: link.listenPort }]),
  );
}
