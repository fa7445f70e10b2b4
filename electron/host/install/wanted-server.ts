import type { ListeningPort, NeededPort } from '../../../shared/preflight/expected-server.ts';
import { mountUnitOf } from '../../../shared/storage/mount-control.ts';
import type { Identity } from '../../../shared/site/identity.ts';
import type {
  Cluster,
  EtcdEndpoint,
  Member,
  Server,
  SiteDocument,
} from '../../../shared/site/site-document.ts';
import { storageDirectory } from '../../../shared/site/directory-rules.ts';
import { sshPortOf } from '../../../shared/site/member-config.ts';
import { isObserved, memberPorts, witnessServerOf } from '../../../shared/site/site-rules.ts';
import type { Bundle } from './bundle.ts';
import { gatePath, placesOf, serverPaths, unitsOf, witnessUnit, witnessUser } from './server-paths.ts';
import {
  commonFiles,
  gateFile,
  haproxyFile,
  haproxyLines,
  killMsOf,
  memberFiles,
  memberUnits,
  witnessFiles,
  type WantedDirectory,
  type WantedFile,
  type WantedInputs,
} from './wanted-files.ts';

export interface WantedEnrolment {
  readonly identity: Identity;
  readonly directory: string;
  /** Who may read the key: root, or the witness's user. */
  readonly group: string;
  readonly restarts: readonly string[];
}

/** The other member that a copied directory goes to, and its SSH server. */
export interface WantedCopy {
  readonly peer: Server;
  readonly sshPort: number;
}

/** One engine of this server, with everything that guards it. */
export interface WantedEngine {
  readonly cluster: string;
  readonly unit: string;
  readonly killMs: number;
  readonly run: string;
  /** The drop-in that holds every start back. */
  readonly gate: string;
  readonly apiPort: number;
  readonly apiUser: string;
  readonly pollers: readonly string[];
  /** Where it takes what the balancer passes on. */
  readonly listeners: readonly ListeningPort[];
  readonly workingDirectory: string;
  readonly storage: {
    readonly directory: string;
    readonly mustBeMount: boolean;
    readonly mark: string;
    /** Absent: the directory is shared. */
    readonly copied?: WantedCopy;
    /** The site's own program that cuts the other server off; nothing of it is placed. */
    readonly cutProgram?: string;
    /** The site's own unit that mounts it on the Active only; nothing of it is placed. */
    readonly mountUnit?: string;
  };
}

/** Everything that shall be true of one server. Computed from the site alone. */
export interface WantedServer {
  readonly server: Server;
  readonly site: string;
  readonly version: string;
  readonly directories: readonly WantedDirectory[];
  readonly files: readonly WantedFile[];
  readonly enrolments: readonly WantedEnrolment[];
  readonly engines: readonly WantedEngine[];
  /** The site is only observed: no gate, no guards, no mark, no balancer. */
  readonly observes?: boolean;
  readonly isMember: boolean;
  readonly isWitness: boolean;
  readonly isBalancer: boolean;
  readonly ports: readonly NeededPort[];
  /** Where senders come in, on the server of the balancer. */
  readonly frontends: readonly ListeningPort[];
  readonly balancerLines?: string;
  readonly units: readonly string[];
  /** Endpoints of the etcd that keeps the leases of its clusters; empty: a witness does, or it has no member. */
  readonly etcdEndpoints: readonly EtcdEndpoint[];
}

/** The engines that a site guards on one server; none: it is no member, or the site is only observed. Pure. */
export function guardedEngines(site: SiteDocument, serverId: string): WantedEngine[] {
  if (isObserved(site)) return [];
  return site.clusters.flatMap((cluster) =>
    cluster.members
      .filter(({ server }) => server === serverId)
      .map((member) => wantedEngine(site, cluster, member)),
  );
}

/** Works out what one server shall look like. Pure. Throws for a server that is not of the site. */
export function wantedServer(inputs: WantedInputs, serverId: string): WantedServer {
  const { site, bundle } = inputs;
  const server = site.servers.find((candidate) => candidate.id === serverId);
  if (!server) throw new Error(`no server ${serverId}`);
  const members = site.clusters.flatMap((cluster) => {
    const member = cluster.members.find((candidate) => candidate.server === serverId);
    return member ? [{ cluster, member }] : [];
  });
  const isWitness = witnessServerOf(site) === serverId;
  const observes = isObserved(site);
  const isBalancer =
    !observes && site.loadBalancer.kind === 'haproxy' && site.loadBalancer.server === serverId;
  const hasAgent = members.length > 0 || isWitness;
  const clusters = members.map(({ cluster }) => cluster.id);
  return {
    server,
    site: site.id,
    version: bundle.version,
    directories: wantedDirectories(inputs, clusters, isWitness),
    files: [
      ...(hasAgent ? commonFiles(inputs) : []),
      ...members.flatMap(({ cluster }) => memberFiles(inputs, cluster, serverId)),
      ...(members.length > 0 ? memberUnits(inputs, clusters) : []),
      ...(observes ? [] : members.map(({ cluster, member }) => gateFile(inputs, cluster, member))),
      ...(isWitness ? witnessFiles(inputs) : []),
      ...(isBalancer ? [haproxyFile(site)] : []),
    ],
    enrolments: [
      ...members.map(({ cluster }) => memberEnrolment(site.id, cluster.id, serverId)),
      ...(isWitness ? [witnessEnrolment(site.id, serverId)] : []),
    ],
    engines: members.map(({ cluster, member }) => wantedEngine(site, cluster, member)),
    ...(observes && { observes }),
    isMember: members.length > 0,
    isWitness,
    isBalancer,
    ports: wantedPorts(site, members, isWitness),
    frontends: isBalancer ? wantedFrontends(site) : [],
    ...(isBalancer && { balancerLines: haproxyLines(site) }),
    units: [
      ...members.flatMap(({ cluster: { id } }) => [
        ...(observes ? [] : unitsOf(id).guards),
        unitsOf(id).agent,
      ]),
      ...(isWitness ? [witnessUnit] : []),
    ],
    etcdEndpoints: site.leaseStore.kind === 'etcd' && members.length > 0 ? site.leaseStore.endpoints : [],
  };
}

function wantedDirectories(
  { bundle, site }: WantedInputs,
  clusters: readonly string[],
  isWitness: boolean,
): WantedDirectory[] {
  const hasEtcd = site.leaseStore.kind === 'etcd';
  const isCopied = (id: string) =>
    site.clusters.some((one) => one.id === id && one.storage.kind === 'copied');
  const members = clusters.flatMap((cluster) => [
    ...folders(cluster, 'root'),
    ...(hasEtcd ? [{ path: placesOf(cluster).etcd, mode: '0700', owner: 'root:root' }] : []),
    ...(isCopied(cluster) ? [{ path: placesOf(cluster).copy, mode: '0700', owner: 'root:root' }] : []),
  ]);
  const witness = [
    ...folders('witness', witnessUser),
    { path: placesOf('witness').state, mode: '0700', owner: `${witnessUser}:${witnessUser}` },
  ];
  if (clusters.length === 0 && !isWitness) return [];
  return [...commonDirectories(bundle), ...members, ...(isWitness ? witness : [])];
}

function wantedPorts(
  site: SiteDocument,
  members: readonly { readonly cluster: Cluster; readonly member: Member }[],
  isWitness: boolean,
): NeededPort[] {
  const membersOf = (cluster: Cluster) => cluster.members.map(({ server }) => server);
  const { loadBalancer, leaseStore } = site;
  const balancers = loadBalancer.kind === 'haproxy' ? [loadBalancer.server] : [];
  const askers = [...new Set(site.clusters.flatMap(membersOf))].filter((id) => id !== witnessServerOf(site));
  return [
    ...members.flatMap(({ cluster, member }) => {
      const ports = memberPorts(cluster, member);
      const others = membersOf(cluster).filter((id) => id !== member.server);
      return [
        { port: ports.api, what: `the agent of ${cluster.id}`, from: others, fromConsole: true },
        { port: ports.active, what: `/active of ${cluster.id}`, from: balancers, fromConsole: false },
      ];
    }),
    ...(isWitness && leaseStore.kind === 'witness'
      ? [{ port: leaseStore.port, what: 'the witness', from: askers, fromConsole: true }]
      : []),
  ];
}

function wantedFrontends({ clusters }: SiteDocument): ListeningPort[] {
  return clusters.flatMap(({ id, listeners }) =>
    listeners.map(({ name, frontendPort }) => ({ port: frontendPort, what: `${name} of ${id}` })),
  );
}

function wantedEngine(site: SiteDocument, cluster: Cluster, member: Member): WantedEngine {
  return {
    cluster: cluster.id,
    unit: member.engine.service.unit,
    killMs: killMsOf(cluster),
    run: placesOf(cluster.id).run,
    gate: gatePath(member.engine.service.unit),
    apiPort: member.engine.apiPort,
    apiUser: member.engine.apiUser,
    pollers: cluster.pollers,
    listeners: Object.entries(memberPorts(cluster, member).listeners).map(([name, port]) => ({
      port,
      what: `${name} of ${cluster.id}`,
    })),
    workingDirectory: member.engine.workingDirectory,
    storage: {
      directory: storageDirectory(cluster, member.server),
      mustBeMount: cluster.storage.mustBeMount,
      mark: `${site.id} ${cluster.id}\n`,
      ...wantedCopy(site, cluster, member),
    },
  };
}

function wantedCopy(
  { servers }: SiteDocument,
  cluster: Cluster,
  member: Member,
): { copied?: WantedCopy; cutProgram?: string; mountUnit?: string } {
  const { storage } = cluster;
  if (storage.kind === 'shared') {
    const { cut, mount, directory } = storage;
    return {
      ...(cut && { cutProgram: cut.program }),
      ...(mount && { mountUnit: mountUnitOf(directory) }),
    };
  }
  const other = cluster.members.find(({ server }) => server !== member.server)!;
  const peer = servers.find(({ id }) => id === other.server)!;
  return { copied: { peer, sshPort: sshPortOf(storage) } };
}

function commonDirectories(bundle: Bundle): WantedDirectory[] {
  const version = `${serverPaths.library}/${bundle.version}`;
  const { configuration, library, state, started } = serverPaths;
  const paths = [configuration, library, version, `${version}/scripts`, state, started];
  return paths.map((path) => ({ path, mode: '0755', owner: 'root:root' }));
}

function folders(name: string, group: string): WantedDirectory[] {
  const places = placesOf(name);
  return [places.configuration, places.certificates].map((path) => ({
    path,
    mode: '0750',
    owner: `root:${group}`,
  }));
}

function memberEnrolment(site: string, cluster: string, server: string): WantedEnrolment {
  return {
    identity: { kind: 'member', site, cluster, server },
    directory: placesOf(cluster).certificates,
    group: 'root',
    restarts: [unitsOf(cluster).agent],
  };
}

function witnessEnrolment(site: string, server: string): WantedEnrolment {
  return {
    identity: { kind: 'witness', site, server },
    directory: placesOf('witness').certificates,
    group: witnessUser,
    restarts: [witnessUnit],
  };
}
