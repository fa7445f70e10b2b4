import { checkTiming, timingPresets, type TimingPolicy } from '../lease/timing.ts';
import { notificationRefusals } from '../notifications/policy-rules.ts';
import { balancerRefusals } from './balancer-rules.ts';
import { directoryClashes, storageDirectory, storedCluster } from './directory-rules.ts';
import { etcdRefusals } from './etcd-rules.ts';
import { isLoopback } from './loopback.ts';
import { isWithin, plainPath } from './plain-path.ts';
import { repeated } from './repeated.ts';
import type { Cluster, Member, SiteDocument } from './site-document.ts';

/** The timing policy of a cluster, whether named by preset or written out. */
export function clusterTiming(cluster: Cluster): TimingPolicy {
  return typeof cluster.timing === 'string' ? timingPresets[cluster.timing] : cluster.timing;
}

/** Whether this site only looks: docs/adoption.md. */
export function isObserved({ mode }: Pick<SiteDocument, 'mode'>): boolean {
  return mode === 'observe';
}

/** TCP ports of one member: agent API (mutual TLS), `/active` for the balancer, LLP listeners by name. */
export interface MemberPorts {
  readonly api: number;
  readonly active: number;
  readonly listeners: Readonly<Record<string, number>>;
}

export function memberPorts(cluster: Cluster, member: Member): MemberPorts {
  const listeners = Object.fromEntries(
    cluster.listeners.map((listener) => [
      listener.name,
      member.ports?.listeners?.[listener.name] ?? listener.port,
    ]),
  );
  return {
    api: member.ports?.api ?? 7670 + 10 * cluster.index,
    active: member.ports?.active ?? 7671 + 10 * cluster.index,
    listeners,
  };
}

/**
 * Every reason why a well-formed site document must not be used, as sentences; empty when it is safe.
 * Refused: timing outside its inequality, the same identity twice, storage, engine or ports shared by two
 * clusters, a lease store that is lost together with a member's server.
 */
export function siteRefusals(site: SiteDocument): string[] {
  // The demo's servers all live on this machine.
  const addressed = site.servers.filter(({ address }) => !isLoopback(address));
  return [
    ...repeated(
      'server id',
      site.servers.map((server) => server.id),
    ),
    // A person states of a server by its name that it is off.
    ...repeated(
      'server name',
      site.servers.map((server) => server.name),
    ),
    ...repeated(
      'server address',
      addressed.map(({ address }) => address),
      addressed.map(({ name }) => name),
    ),
    ...repeated(
      'cluster id',
      site.clusters.map((cluster) => cluster.id),
    ),
    ...repeated(
      'cluster index',
      site.clusters.map((cluster) => String(cluster.index)),
    ),
    ...directoryRefusals(site),
    ...cutProgramsInStorage(site),
    ...mountsOfPlainFolders(site),
    ...balancerRefusals(site),
    ...portsUsedTwice(site),
    ...enginesUsedTwice(site),
    ...site.clusters.flatMap((cluster) => clusterRefusals(site, cluster)),
    ...unknownServers(site),
    ...etcdRefusals(site),
    ...notificationRefusals(site.notifications),
  ];
}

function clusterRefusals(site: SiteDocument, cluster: Cluster): string[] {
  const refusals: string[] = [];
  const timing = checkTiming(clusterTiming(cluster));
  if (!timing.ok) {
    refusals.push(
      ...timing.error.map((broken) => `${cluster.id}: timing breaks ${broken.formula}: ${broken.numbers}`),
    );
  }
  const servers = cluster.members.map((member) => member.server);
  refusals.push(...repeated(`member of ${cluster.id}`, servers));
  if (cluster.members.filter((member) => member.preferred).length > 1) {
    refusals.push(`${cluster.id}: more than one member is preferred`);
  }
  if (cluster.members.some((member) => member.preferred && member.mustNot === true)) {
    refusals.push(`${cluster.id}: its preferred member must not become Active`);
  }
  if (cluster.members.every((member) => member.mustNot === true)) {
    refusals.push(`${cluster.id}: none of its members may become Active`);
  }
  if (cluster.failback !== undefined && !cluster.members.some((member) => member.preferred)) {
    refusals.push(`${cluster.id}: it has a failback, but no member is preferred`);
  }
  const store = witnessServerOf(site);
  if (store !== undefined && servers.includes(store)) {
    refusals.push(
      `${cluster.id}: the lease store is on ${store}, which is a member; it must be a third machine`,
    );
  }
  return refusals;
}

/** The server that the witness runs on; undefined where an etcd keeps the leases. */
export function witnessServerOf({ leaseStore }: SiteDocument): string | undefined {
  return leaseStore.kind === 'witness' ? leaseStore.server : undefined;
}

function unknownServers(site: SiteDocument): string[] {
  const known = new Set(site.servers.map((server) => server.id));
  const named = [
    ...site.clusters.flatMap((cluster) => cluster.members.map((member) => member.server)),
    ...[witnessServerOf(site) ?? []].flat(),
    ...(site.loadBalancer.kind === 'haproxy' ? [site.loadBalancer.server] : []),
  ];
  return [...new Set(named)]
    .filter((id) => !known.has(id))
    .map((id) => `server ${id} is named but not listed`);
}

/** One engine has one gate, one deadline and one writer: two clusters on it would start and kill each other's. */
function enginesUsedTwice(site: SiteDocument): string[] {
  const members = site.clusters.flatMap((cluster) => cluster.members);
  const services = members.map(({ server, engine: { service } }) =>
    service.kind === 'systemd' ? `${server} ${service.unit}` : `${server} ${service.socket} ${service.unit}`,
  );
  const directories = members.map(({ server, engine }) => `${server} ${plainPath(engine.workingDirectory)}`);
  return [
    ...repeated('engine service', services),
    ...repeated('working directory of an engine', directories),
  ];
}

function directoryRefusals(site: SiteDocument): string[] {
  const known = new Set(site.servers.map(({ id }) => id));
  return [
    ...directoryClashes(site.clusters.map(storedCluster)).map(({ reason }) => reason),
    ...site.clusters.flatMap(({ id, storage }) =>
      Object.keys((storage.kind === 'copied' && storage.directories) || {})
        .filter((server) => !known.has(server))
        .map((server) => `${id}: it has a directory on ${server}, which is no server of the site`),
    ),
  ];
}

/** A program that is gone with the storage could not be run when it is needed. */
function cutProgramsInStorage({ clusters }: SiteDocument): string[] {
  const directories = clusters.map((cluster) => storageDirectory(cluster, ''));
  return clusters.flatMap(({ id, storage }) => {
    const program = storage.kind === 'shared' ? storage.cut?.program : undefined;
    const within = directories.find((directory) => program !== undefined && isWithin(program, directory));
    return within === undefined ? [] : [`${id}: ${program} must lie elsewhere than in the storage ${within}`];
  });
}

/** Where the agents mount a directory, the folder below it must never be taken for it. */
function mountsOfPlainFolders({ clusters }: SiteDocument): string[] {
  return clusters.flatMap(({ id, storage }) =>
    storage.kind === 'shared' && storage.mount !== undefined && !storage.mustBeMount
      ? [`${id}: the agents mount ${storage.directory}, so it must be a mount of its own (mustBeMount)`]
      : [],
  );
}

function portsUsedTwice(site: SiteDocument): string[] {
  const uses = site.clusters.flatMap((cluster) =>
    cluster.members.flatMap((member) => {
      const ports = memberPorts(cluster, member);
      const address = site.servers.find((server) => server.id === member.server)?.address ?? member.server;
      return [ports.api, ports.active, member.engine.apiPort, ...Object.values(ports.listeners)].map(
        (port) => `${address} port ${port}`,
      );
    }),
  );
  return repeated('port of a member', uses);
}
