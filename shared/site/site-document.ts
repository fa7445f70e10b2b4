import * as z from 'zod/mini';
import { TimingPolicy, TimingPresetName } from '../lease/timing.ts';
import { NotificationPolicy } from '../notifications/policy.ts';

/** Names that appear in paths, unit names and certificates: letters, digits, `-` and `_`. */
export const EntityId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/));
/** A numeric address. Lease and heartbeat traffic never waits for a name look-up. */
export const Address = z.union([z.ipv4(), z.ipv6()]);
export const Port = z.int().check(z.minimum(1), z.maximum(65535));
const AbsolutePath = z.string().check(z.regex(/^\/[^\0\n]{0,200}$/));
const Title = z.string().check(z.minLength(1), z.maxLength(200));
const UnitName = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9@._-]{0,80}\.service$/));

export const Server = z.strictObject({ id: EntityId, name: Title, address: Address });
export type Server = z.infer<typeof Server>;

/** How the engine of one member is started and stopped. */
export const EngineService = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('systemd'), unit: UnitName }),
  /** The demo's stand-in for systemd: a process manager listening on a Unix socket. */
  z.strictObject({ kind: z.literal('process'), socket: AbsolutePath, unit: EntityId }),
]);
export type EngineService = z.infer<typeof EngineService>;

/** One LLP (MLLP) listener of the engine, balanced by the load balancer. */
export const Listener = z.strictObject({
  name: Title,
  /** Port on each member's server, unless the member overrides it. */
  port: Port,
  /** Port on the load balancer. */
  frontendPort: Port,
});
export type Listener = z.infer<typeof Listener>;

export const Member = z.strictObject({
  server: EntityId,
  preferred: z.boolean(),
  /** It never becomes Active, neither by rule nor by command; absent: it may. */
  mustNot: z.optional(z.boolean()),
  engine: z.strictObject({
    service: EngineService,
    /** Port of the engine's own HTTP API on this server. */
    apiPort: Port,
    apiUser: z.string(),
    workingDirectory: AbsolutePath,
  }),
  /** Overrides of the ports that follow from the cluster's index, by listener name for `listeners`. */
  ports: z.optional(
    z.strictObject({
      api: z.optional(Port),
      active: z.optional(Port),
      listeners: z.optional(z.record(z.string(), Port)),
    }),
  ),
});
export type Member = z.infer<typeof Member>;

/** For so long a takeover waits for that program unless the site says otherwise. */
export const usualCutSeconds = 3;

/** How whoever takes over has the storage withdrawn from the other member's server: docs/storage-cut.md. */
export const StorageCut = z.strictObject({
  /** A program of the site's own on each member's server, in the hands of root alone. */
  program: AbsolutePath,
  /** For so many seconds at most a takeover waits for it; absent: as usual. */
  seconds: z.optional(z.int().check(z.minimum(1), z.maximum(30))),
});
export type StorageCut = z.infer<typeof StorageCut>;

/** For so long a takeover waits for the mount of its directory unless the site says otherwise. */
export const usualMountSeconds = 10;

/** The agents have the directory mounted while they are Active, and only then: docs/storage-mount.md. */
export const StorageMount = z.strictObject({
  by: z.literal('agent'),
  /** For so many seconds at most a takeover waits for it; absent: as usual. */
  seconds: z.optional(z.int().check(z.minimum(1), z.maximum(60))),
});
export type StorageMount = z.infer<typeof StorageMount>;

export const SharedStorage = z.strictObject({
  kind: z.literal('shared'),
  /** The shared directory as mounted on each member's server. */
  directory: AbsolutePath,
  /** True: it must be a mount of its own; a plain directory below a lost mount is refused. */
  mustBeMount: z.boolean(),
  /** Absent: nobody is cut off from the directory. */
  cut: z.optional(StorageCut),
  /** Absent: it is mounted on both servers all the time, by whoever sees to that. */
  mount: z.optional(StorageMount),
});

export const Storage = z.discriminatedUnion('kind', [
  SharedStorage,
  /**
   * A directory of its own on each member's server, which the Active copies to the Passive every few seconds. What was
   * written after the last complete copy is lost with the Active's server: no loss is not guaranteed.
   */
  z.strictObject({
    kind: z.literal('copied'),
    directory: AbsolutePath,
    /** Where a member has it elsewhere, by server. */
    directories: z.optional(z.record(EntityId, AbsolutePath)),
    mustBeMount: z.boolean(),
    /** Seconds from the end of one copy to the beginning of the next; absent: 5. */
    everySeconds: z.optional(z.int().check(z.minimum(1), z.maximum(3_600))),
    /** A copy that is older is told as an alarm, and no takeover is begun with it by rule; absent: 60. */
    lagLimitSeconds: z.optional(z.int().check(z.minimum(5), z.maximum(86_400))),
    /** Port of the SSH server on each member's server; absent: 22. */
    sshPort: z.optional(Port),
  }),
]);
export type Storage = z.infer<typeof Storage>;

export const Cluster = z.strictObject({
  id: EntityId,
  title: Title,
  /** Position that fixes the ports: 7670 + 10·index and 7671 + 10·index. Never reused. */
  index: z.int().check(z.minimum(0), z.maximum(99)),
  timing: z.union([TimingPresetName, TimingPolicy]),
  storage: Storage,
  listeners: z.array(Listener).check(z.minLength(1), z.maxLength(200)),
  /** Names of components that fetch work by themselves: they run on the Active only. */
  pollers: z.array(z.string()).check(z.maxLength(500)),
  members: z.array(Member).check(z.minLength(2), z.maxLength(2)),
  /** Local restarts of a crashed engine within ten minutes before it is handed over. */
  localRestarts: z.int().check(z.minimum(0), z.maximum(10)),
  /** Automatic failovers within an hour, after which further ones wait for a person; absent: three. */
  failoversPerHour: z.optional(z.int().check(z.minimum(1), z.maximum(1_000))),
  /**
   * After an automatic failover the cluster moves back by itself to its preferred member, once that has been fit
   * without a break for so long; absent: only a person moves it back.
   */
  failback: z.optional(z.strictObject({ afterMinutes: z.number().check(z.minimum(1), z.maximum(24 * 60)) })),
});
export type Cluster = z.infer<typeof Cluster>;

export const CertificateName = z.string().check(z.regex(/^[A-Za-z0-9*]([A-Za-z0-9.*-]{0,251}[A-Za-z0-9])?$/));

export const EtcdEndpoint = z.strictObject({
  address: Address,
  port: Port,
  /** The name in its certificate; absent: the certificate carries the address. */
  certificateName: z.optional(CertificateName),
});
export type EtcdEndpoint = z.infer<typeof EtcdEndpoint>;

/** What an etcd that keeps leases is reached by; its certificates and password are files of each member. */
export const etcdAccess = {
  kind: z.literal('etcd'),
  endpoints: z.array(EtcdEndpoint).check(z.minLength(1), z.maxLength(9)),
  /** Everything of this site stands below it. */
  prefix: z.string().check(z.regex(/^(\/[A-Za-z0-9][A-Za-z0-9._-]{0,62}){1,4}$/)),
  /** Absent: etcd has no users. */
  user: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
};

export const LeaseStore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('witness'), server: EntityId, port: Port }),
  /** An etcd that the site has already; nothing of it is installed. */
  z.strictObject(etcdAccess),
]);
export type LeaseStore = z.infer<typeof LeaseStore>;

export const LoadBalancer = z.discriminatedUnion('kind', [
  /** Its configuration is written by the installer. */
  z.strictObject({ kind: z.literal('haproxy'), server: EntityId }),
  /** Kept by people, with a configuration made from this document; nothing is installed there. */
  z.strictObject({
    kind: z.enum(['own-haproxy', 'f5', 'nginx', 'nginx-plus', 'keepalived', 'generic']),
    /** The address that senders know, by cluster. */
    addresses: z.record(EntityId, Address),
  }),
  /** The demo's small TCP balancer. */
  z.strictObject({ kind: z.literal('demo'), address: Address }),
]);
export type LoadBalancer = z.infer<typeof LoadBalancer>;

/** One administrative domain: its servers, clusters, lease store and load balancer. */
export const SiteDocument = z.strictObject({
  schema: z.literal(1),
  id: EntityId,
  name: Title,
  version: z.int().check(z.minimum(1)),
  servers: z.array(Server).check(z.minLength(2), z.maxLength(200)),
  clusters: z.array(Cluster).check(z.minLength(1), z.maxLength(100)),
  leaseStore: LeaseStore,
  loadBalancer: LoadBalancer,
  /** `observe`: agents look and tell what they would decide, and nothing that exists is changed; absent: armed. */
  mode: z.optional(z.enum(['observe', 'armed'])),
  /** Whom agents tell what happens, with the console closed: docs/notifications.md; absent: nobody. */
  notifications: z.optional(NotificationPolicy),
});
export type SiteDocument = z.infer<typeof SiteDocument>;
