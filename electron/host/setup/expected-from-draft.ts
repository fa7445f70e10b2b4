import { mountUnitOf } from '../../../shared/storage/mount-control.ts';
import { usualSshPort } from '../../../shared/site/member-config.ts';
import type {
  ExpectedEngine,
  ExpectedServer,
  ListeningPort,
  NeededPort,
} from '../../../shared/preflight/expected-server.ts';
import {
  asUsual,
  type DraftCluster,
  type DraftServer,
  type SetupDraft,
} from '../../../shared/setup/draft.ts';
import { draftDirectory } from '../../../shared/setup/draft-storage.ts';
import { isServiceUnit } from '../../../shared/setup/gaps.ts';
import { isAddress, isEntityId } from '../../../shared/setup/site-from-draft.ts';
import { gatePath, unitsOf, witnessUnit } from '../install/server-paths.ts';

/**
 * What a server of a draft shall run, as far as it was said. Before the clusters are said every member may get one, and
 * every other server may become balancer or keep the leases. Pure.
 */
export function expectedFromDraft(draft: SetupDraft, server: DraftServer): ExpectedServer {
  const { id, name, address } = server;
  const { balancer } = draft;
  const isMember = server.purpose === 'member';
  const { leaseStore } = draft;
  const isWitness = leaseStore.kind === 'witness' && !isMember && [null, id].includes(leaseStore.server);
  const isBalancer = balancer.kind === 'haproxy' && balancer.server === id;
  const clusters = draft.clusters.filter(({ members }) => members.some((member) => member.server === id));
  return {
    server: { id, name, address },
    site: draft.site.id,
    version: null,
    isMember,
    isWitness,
    isBalancer,
    mayBeBalancer: !isMember && balancer.kind === 'haproxy' && balancer.server === null,
    units: [
      ...clusters.flatMap((cluster) => [...unitsOf(cluster.id).guards, unitsOf(cluster.id).agent]),
      ...(isWitness ? [witnessUnit] : []),
    ],
    engines: clusters.flatMap((cluster) => engineOf(draft, cluster, id)),
    ports: [
      ...(isMember ? memberPorts(draft, id, clusters) : []),
      ...(isWitness ? storePort(draft, id) : []),
    ],
    frontends: isBalancer ? frontendsOf(draft.clusters) : [],
    directories: [],
    ...(draft.observe && { observes: true }),
    etcdEndpoints: isMember ? etcdEndpoints(draft) : [],
    files: [],
  };
}

/** Only what was said completely can be looked for. */
function engineOf({ site, servers }: SetupDraft, cluster: DraftCluster, server: string): ExpectedEngine[] {
  const member = cluster.members.find((candidate) => candidate.server === server);
  const directory = draftDirectory(cluster, server).replace(/(?<=.)\/+$/, '');
  if (!member || member.apiPort === null || !isEntityId(cluster.id) || !isServiceUnit(member.unit)) return [];
  if (!member.workingDirectory.startsWith('/') || !directory.startsWith('/')) return [];
  return [
    {
      cluster: cluster.id,
      unit: member.unit,
      gate: gatePath(member.unit),
      apiPort: member.apiPort,
      apiUser: member.apiUser.trim(),
      pollers: cluster.pollers.map((name) => name.trim()).filter(Boolean),
      listeners: portsOf(cluster, 'port'),
      workingDirectory: member.workingDirectory,
      storage: {
        directory,
        mustBeMount: cluster.mustBeMount,
        mark: `${site.id} ${cluster.id}\n`,
        ...copiedTo(cluster, server, servers),
        ...cutBy(cluster),
        ...mountedBy(cluster),
      },
    },
  ];
}

/** Only those that were said. */
function portsOf({ id, listeners }: DraftCluster, side: 'port' | 'frontendPort'): ListeningPort[] {
  return listeners.flatMap(({ name, [side]: port }) =>
    port === null ? [] : [{ port, what: `${name.trim() || 'a listener'} of ${id}` }],
  );
}

function frontendsOf(clusters: readonly DraftCluster[]): ListeningPort[] {
  return clusters.flatMap((cluster) => portsOf(cluster, 'frontendPort'));
}

/** Once the other member was chosen: only then there is a way to look for. */
function copiedTo(
  { storage, members, copy = asUsual }: DraftCluster,
  server: string,
  servers: SetupDraft['servers'],
): Pick<ExpectedEngine['storage'], 'copied'> {
  const other = members.find((member) => member.server !== server);
  const peer = servers.find(({ id }) => id === other?.server);
  return storage === 'copied' && peer ? { copied: { peer, sshPort: copy.sshPort ?? usualSshPort } } : {};
}

function cutBy({
  storage = 'shared',
  cutProgram = '',
}: DraftCluster): Pick<ExpectedEngine['storage'], 'cutProgram'> {
  const path = cutProgram.trim();
  return storage === 'shared' && path.startsWith('/') ? { cutProgram: path } : {};
}

function mountedBy({
  storage = 'shared',
  agentMounts,
  directory,
}: DraftCluster): Pick<ExpectedEngine['storage'], 'mountUnit'> {
  const isGoverned = storage === 'shared' && agentMounts === true && directory.trim().startsWith('/');
  return isGoverned ? { mountUnit: mountUnitOf(directory.trim()) } : {};
}

function memberPorts(draft: SetupDraft, server: string, clusters: readonly DraftCluster[]): NeededPort[] {
  const { servers, balancer } = draft;
  const everyMember = servers.filter(({ purpose }) => purpose === 'member').map(({ id }) => id);
  const balancers = servers
    .filter(
      ({ id, purpose }) =>
        balancer.kind === 'haproxy' &&
        (balancer.server === null ? purpose === 'other' : id === balancer.server),
    )
    .map(({ id }) => id);
  const planned =
    draft.clusters.length > 0
      ? clusters.map(({ id, index, members }) => ({ id, index, members: members.map((one) => one.server) }))
      : [{ id: 'the first cluster', index: 0, members: everyMember }];
  return planned.flatMap(({ id, index, members }) => [
    {
      port: 7670 + 10 * index,
      what: `the agent of ${id}`,
      from: members.filter((member) => member !== server),
      fromConsole: true,
    },
    { port: 7671 + 10 * index, what: `/active of ${id}`, from: balancers, fromConsole: false },
  ]);
}

/** Those that were said completely. */
function etcdEndpoints({ leaseStore }: SetupDraft): ExpectedServer['etcdEndpoints'] {
  if (leaseStore.kind !== 'etcd') return [];
  return leaseStore.endpoints.flatMap(({ address, port }) =>
    isAddress(address) && port !== null ? [{ address, port }] : [],
  );
}

function storePort({ servers, leaseStore }: SetupDraft, store: string): NeededPort[] {
  if (leaseStore.kind !== 'witness' || leaseStore.port === null) return [];
  const from = servers.filter(({ id, purpose }) => purpose === 'member' && id !== store).map(({ id }) => id);
  return [{ port: leaseStore.port, what: 'the witness', from, fromConsole: true }];
}
