import type { TimingPolicy, TimingPresetName } from '../../../shared/lease/timing.ts';
import type { Routes } from '../../../shared/site/member-config.ts';
import type { Cluster, LeaseStore, SiteDocument } from '../../../shared/site/site-document.ts';
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
): SiteDocument {
  return {
    schema: 1,
    id: demoSiteId,
    name: demoSiteName,
    version: 1,
    servers: allServers.map((id) => ({ id, name: id, address: loopback })),
    clusters: clusterDesigns.map((design) => clusterDocument(design, ports, folders, timing)),
    leaseStore,
    loadBalancer: { kind: 'demo', address: loopback },
  };
}

function clusterDocument(
  design: ClusterDesign,
  ports: DemoPorts,
  folders: DemoFolders,
  timing: TimingPresetName | TimingPolicy,
): Cluster {
  const { frontends, members } = ports.clusters[design.id]!;
  return {
    id: design.id,
    title: design.title,
    index: design.index,
    timing,
    storage: { kind: 'shared', directory: folders.shared(design.id), mustBeMount: false },
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
          workingDirectory: folders.shared(design.id),
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
