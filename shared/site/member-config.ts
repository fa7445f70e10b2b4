import * as z from 'zod/mini';
import { TimingPolicy } from '../lease/timing.ts';
import { NotificationPolicy } from '../notifications/policy.ts';
import { storageDirectory } from './directory-rules.ts';
import {
  Address,
  EngineService,
  EntityId,
  etcdAccess,
  Port,
  SharedStorage,
  type Cluster,
  type SiteDocument,
  type Storage,
} from './site-document.ts';
import { clusterTiming, isObserved, memberPorts } from './site-rules.ts';

const Endpoint = z.strictObject({ server: EntityId, address: Address, port: Port });
export type Endpoint = z.infer<typeof Endpoint>;

/** An etcd as the lease store of one member. */
export const EtcdStore = z.strictObject({
  ...etcdAccess,
  /** Folder with `authority.pem`, `certificate.pem` and `key.pem`: etcd's own authority, not the site's. */
  certificates: z.string(),
  /** File with the password of `user`. */
  passwordFile: z.optional(z.string()),
  /** Automatic failovers within an hour, after which further ones wait for a person; absent: the usual number. */
  failoversPerHour: z.optional(z.int().check(z.minimum(1))),
});
export type EtcdStore = z.infer<typeof EtcdStore>;

/** A copied directory as one member has it: its own, and the way to the other's server. */
export const CopiedStorage = z.strictObject({
  kind: z.literal('copied'),
  directory: z.string(),
  mustBeMount: z.boolean(),
  everySeconds: z.number(),
  lagLimitSeconds: z.number(),
  /** Folder with `key` and `known_hosts`. */
  keys: z.string(),
  peer: z.strictObject({ address: Address, port: Port, user: z.string() }),
});
export type CopiedStorage = z.infer<typeof CopiedStorage>;

const MemberStorage = z.union([SharedStorage, CopiedStorage]);

/** Files of one member on its server. `state` must survive a boot, `run` must not. */
export const MemberPaths = z.strictObject({
  /** `/var/lib/ixha/<cluster>`: durable state and journal. */
  state: z.string(),
  /** `/run/ixha/<cluster>`: deadline and beats, on a memory file system. */
  run: z.string(),
  /** Folder with `authority.pem`, `certificate.pem` and `key.pem`. */
  certificates: z.string(),
  /** Folder with the scripts of `resources/agent`. */
  scripts: z.string(),
  /** File with the password of the engine's API account. */
  enginePasswordFile: z.string(),
});

/** A member that does not do everything: `observe` only looks, `arming` takes the engine over that runs already. */
export const MemberMode = z.enum(['observe', 'arming']);
export type MemberMode = z.infer<typeof MemberMode>;

/** What one member's agent is told: its part of the site document, written by the installer. */
export const MemberConfig = z.strictObject({
  schema: z.literal(1),
  siteId: EntityId,
  siteVersion: z.int(),
  cluster: EntityId,
  server: EntityId,
  serverName: z.string(),
  timing: TimingPolicy,
  listen: z.strictObject({ address: Address, apiPort: Port, activePort: Port }),
  peer: z.extend(Endpoint, { serverName: z.string(), preferred: z.optional(z.boolean()) }),
  /** A witness has no kind: it was the only one. */
  store: z.union([Endpoint, EtcdStore]),
  preferred: z.boolean(),
  mustNot: z.optional(z.boolean()),
  /** Absent: no automatic failback. */
  failbackAfterMinutes: z.optional(z.number()),
  localRestarts: z.int(),
  engine: z.strictObject({
    service: EngineService,
    apiPort: Port,
    apiUser: z.string(),
    workingDirectory: z.string(),
    listeners: z.record(z.string(), Port),
    pollers: z.array(z.string()),
  }),
  storage: MemberStorage,
  /** Absent: armed. */
  mode: z.optional(MemberMode),
  /** Absent: nobody is told anything. */
  notifications: z.optional(NotificationPolicy),
  paths: MemberPaths,
});
export type MemberConfig = z.infer<typeof MemberConfig>;

/** What the witness is told: the clusters it keeps leases for. */
export const WitnessConfig = z.strictObject({
  schema: z.literal(1),
  siteId: EntityId,
  server: EntityId,
  listen: z.strictObject({ address: Address, port: Port }),
  clusters: z.array(
    z.strictObject({
      id: EntityId,
      T: z.number(),
      members: z.array(EntityId),
      failoversPerHour: z.optional(z.int()),
    }),
  ),
  paths: z.strictObject({ state: z.string(), certificates: z.string() }),
});
export type WitnessConfig = z.infer<typeof WitnessConfig>;

/** Where a connection really goes, by `server:port`; the demo's network of cuttable links uses it. */
export type Routes = Readonly<Record<string, { address: string; port: number }>>;

export interface MemberConfigOptions {
  readonly paths: z.infer<typeof MemberPaths>;
  readonly routes?: Routes;
  /** Where this member has what it reaches an etcd with; needed where the site's leases are kept by one. */
  readonly etcd?: Pick<EtcdStore, 'certificates' | 'passwordFile'>;
  /** Folder of the keys that a copied directory is sent with; needed where the cluster has one. */
  readonly copyKeys?: string;
  /** The engine that runs there already is being taken over. */
  readonly arming?: boolean;
  /** Address to listen on; the server's own address when absent. */
  readonly listenAddress?: string;
}

/** The lease store of a member in words: equal words mean that it asks the same one. */
export function storePlace(store: MemberConfig['store']): string {
  if (!('kind' in store)) return `the witness on ${store.server} (${store.address}:${store.port})`;
  const endpoints = store.endpoints.map(({ address, port }) => `${address}:${port}`);
  return `the etcd at ${endpoints.join(', ')} below ${store.prefix}`;
}

/** Cuts one member's configuration out of the site document. Throws when the member does not exist. */
export function memberConfig(
  site: SiteDocument,
  clusterId: string,
  serverId: string,
  options: MemberConfigOptions,
): MemberConfig {
  const cluster = site.clusters.find((candidate) => candidate.id === clusterId);
  const member = cluster?.members.find((candidate) => candidate.server === serverId);
  const other = cluster?.members.find((candidate) => candidate.server !== serverId);
  if (!cluster || !member || !other) throw new Error(`no member ${clusterId} on ${serverId}`);
  const server = requireServer(site, serverId);
  const peer = requireServer(site, other.server);
  const ports = memberPorts(cluster, member);
  return {
    schema: 1,
    siteId: site.id,
    siteVersion: site.version,
    cluster: cluster.id,
    server: server.id,
    serverName: server.name,
    timing: clusterTiming(cluster),
    listen: {
      address: options.listenAddress ?? server.address,
      apiPort: ports.api,
      activePort: ports.active,
    },
    peer: {
      server: peer.id,
      serverName: peer.name,
      ...(other.preferred ? { preferred: true } : {}),
      ...routed(options.routes, peer.id, peer.address, memberPorts(cluster, other).api),
    },
    store: storeOf(site, cluster, options),
    preferred: member.preferred,
    ...(member.mustNot === true ? { mustNot: true } : {}),
    ...(cluster.failback === undefined ? {} : { failbackAfterMinutes: cluster.failback.afterMinutes }),
    localRestarts: cluster.localRestarts,
    engine: {
      service: member.engine.service,
      apiPort: member.engine.apiPort,
      apiUser: member.engine.apiUser,
      workingDirectory: member.engine.workingDirectory,
      listeners: { ...ports.listeners },
      pollers: cluster.pollers,
    },
    storage: storageOf(cluster, server.id, peer.address, options),
    ...modeOf(site, options),
    ...(site.notifications === undefined ? {} : { notifications: site.notifications }),
    paths: options.paths,
  };
}

function modeOf(site: SiteDocument, { arming }: MemberConfigOptions): Pick<MemberConfig, 'mode'> {
  if (isObserved(site)) return { mode: 'observe' };
  return arming === true ? { mode: 'arming' } : {};
}

const copyDefaults = { everySeconds: 5, lagLimitSeconds: 60, user: 'root' } as const;
export const usualSshPort = 22;

/** Port of the SSH servers that a copied directory goes through. */
export function sshPortOf(storage: Extract<Storage, { kind: 'copied' }>): number {
  return storage.sshPort ?? usualSshPort;
}

function storageOf(
  cluster: Cluster,
  server: string,
  peerAddress: string,
  { copyKeys }: MemberConfigOptions,
): MemberConfig['storage'] {
  const { storage } = cluster;
  if (storage.kind === 'shared') return storage;
  if (copyKeys === undefined) throw new Error(`no keys to copy the directory of ${cluster.id} with`);
  return {
    kind: 'copied',
    directory: storageDirectory(cluster, server),
    mustBeMount: storage.mustBeMount,
    everySeconds: storage.everySeconds ?? copyDefaults.everySeconds,
    lagLimitSeconds: storage.lagLimitSeconds ?? copyDefaults.lagLimitSeconds,
    keys: copyKeys,
    peer: { address: peerAddress, port: sshPortOf(storage), user: copyDefaults.user },
  };
}

function storeOf(site: SiteDocument, cluster: Cluster, options: MemberConfigOptions): MemberConfig['store'] {
  const { leaseStore } = site;
  if (leaseStore.kind === 'witness') {
    const server = requireServer(site, leaseStore.server);
    return { server: server.id, ...routed(options.routes, server.id, server.address, leaseStore.port) };
  }
  if (options.etcd === undefined) throw new Error(`no access to the etcd of ${site.id}`);
  const { failoversPerHour } = cluster;
  return { ...leaseStore, ...options.etcd, ...(failoversPerHour === undefined ? {} : { failoversPerHour }) };
}

/** Cuts the witness's configuration out of the site document. Throws where the site has none. */
export function witnessConfig(
  site: SiteDocument,
  paths: WitnessConfig['paths'],
  listenAddress?: string,
): WitnessConfig {
  const { leaseStore } = site;
  if (leaseStore.kind !== 'witness') throw new Error(`no witness in ${site.id}`);
  const server = requireServer(site, leaseStore.server);
  return {
    schema: 1,
    siteId: site.id,
    server: server.id,
    listen: { address: listenAddress ?? server.address, port: leaseStore.port },
    clusters: site.clusters.map((cluster) => ({
      id: cluster.id,
      T: clusterTiming(cluster).T,
      members: cluster.members.map((member) => member.server),
      ...(cluster.failoversPerHour === undefined ? {} : { failoversPerHour: cluster.failoversPerHour }),
    })),
    paths,
  };
}

function requireServer(site: SiteDocument, id: string) {
  const server = site.servers.find((candidate) => candidate.id === id);
  if (!server) throw new Error(`no server ${id}`);
  return server;
}

function routed(routes: Routes | undefined, server: string, address: string, port: number) {
  return routes?.[`${server}:${port}`] ?? { address, port };
}
