import { fail, succeed, type Result } from '../../../shared/result.ts';
import {
  asUsual,
  emptyDraft,
  noBalancer,
  type DraftCluster,
  type DraftJumpHost,
  type DraftLeaseStore,
  type DraftServer,
  type SetupDraft,
} from '../../../shared/setup/draft.ts';
import { siteFromDraft, siteServerIds } from '../../../shared/setup/site-from-draft.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import type { Cluster, SiteDocument } from '../../../shared/site/site-document.ts';
import type { SiteInstallFile } from '../install/install-file.ts';
import type { JumpHost, ServerAccess } from '../install/server-access.ts';

/**
 * A site file as the setup on the screen has it, without any secret. The error: every field that the screen cannot hold,
 * since it would be lost with the next installation. Pure.
 */
export function draftFromFile(file: SiteInstallFile): Result<SetupDraft, readonly string[]> {
  const { site } = file;
  const named = withShortNames({
    ...emptyDraft(),
    site: { id: site.id, name: site.name },
    servers: site.servers.map((server) => draftServer(file, server)),
    jumpHosts: Object.entries(file.jumpHosts ?? {}).map(([id, host]) => draftJumpHost(id, host)),
    revokedHostKeys: [...(file.revokedHostKeys ?? [])],
    design: site.clusters.length > 1 ? 'multi-cluster' : 'active-passive',
    clusters: site.clusters.map(draftCluster),
    balancer: balancerOf(site),
    leaseStore: leaseStoreOf(file),
    timing: site.clusters[0]!.timing,
    observe: site.mode === 'observe',
  });
  const again = siteFromDraft(named, site.version - 1);
  const lost = again === null ? ['it is not complete'] : documentChanges(again, site);
  return lost.length === 0 ? succeed(named) : fail(lost);
}

/** The site's document names its servers already: their names do not change that. */
function withShortNames(draft: SetupDraft): SetupDraft {
  const made = siteServerIds(draft);
  const fits = draft.servers.every(({ id }) => made.get(id) === id);
  if (fits) return draft;
  return { ...draft, servers: draft.servers.map((server) => ({ ...server, shortName: server.id })) };
}

function draftServer(
  { site, access }: SiteInstallFile,
  { id, name, address }: SiteDocument['servers'][number],
): DraftServer {
  const isMember = site.clusters.some(({ members }) => members.some(({ server }) => server === id));
  const way = access[id];
  return {
    id,
    name,
    address,
    purpose: isMember ? 'member' : 'other',
    ssh: {
      ...signIn(way),
      sudo: way?.sudo ?? 'root',
      ...(way?.jump !== undefined && { jump: way.jump }),
      ...(way?.agentsThroughSsh === true && { agentsThroughSsh: true }),
    },
  };
}

function draftJumpHost(id: string, host: JumpHost): DraftJumpHost {
  return { id, name: id, address: host.address, ssh: signIn(host) };
}

/** Of several pinned keys the first is enough to be let through. */
function signIn(way: ServerAccess | JumpHost | undefined): DraftJumpHost['ssh'] {
  return {
    user: way?.user ?? 'root',
    port: way?.port ?? 22,
    login: loginOf(way),
    hostKey: [way?.hostKey ?? null].flat()[0] ?? null,
    ...(way?.legacyAlgorithms && { legacyAlgorithms: way.legacyAlgorithms }),
  };
}

function loginOf(way: ServerAccess | JumpHost | undefined): DraftJumpHost['ssh']['login'] {
  if (way?.identityFile !== undefined) return { kind: 'key', file: way.identityFile };
  return { kind: way?.sshAgent === true ? 'ssh-agent' : 'password' };
}

function draftCluster({ id, title, index, members, listeners, pollers, storage }: Cluster): DraftCluster {
  const { directory, mustBeMount } = storage;
  return {
    id,
    title,
    index,
    members: members.map(({ server, preferred, engine }) => ({
      server,
      preferred,
      unit: engine.service.unit,
      apiPort: engine.apiPort,
      apiUser: engine.apiUser,
      workingDirectory: engine.workingDirectory,
    })),
    listeners,
    pollers,
    storage: storage.kind,
    directory,
    mustBeMount,
    ...(storage.kind === 'shared'
      ? {
          ...(storage.cut && { cutProgram: storage.cut.program }),
          ...(storage.mount && { agentMounts: true }),
        }
      : {
          copy: {
            everySeconds: storage.everySeconds ?? asUsual.everySeconds,
            lagLimitSeconds: storage.lagLimitSeconds ?? asUsual.lagLimitSeconds,
            sshPort: storage.sshPort ?? asUsual.sshPort,
            directories: storage.directories ?? asUsual.directories,
          },
        }),
  };
}

function balancerOf({ loadBalancer, clusters }: SiteDocument): SetupDraft['balancer'] {
  if (loadBalancer.kind === 'demo') return noBalancer;
  if (loadBalancer.kind === 'haproxy') return { ...noBalancer, server: loadBalancer.server };
  const { kind, addresses } = loadBalancer;
  const own = clusters.map(({ id, index }) => [String(index), addresses[id] ?? '']);
  return {
    ...noBalancer,
    kind,
    address: kind === 'keepalived' ? '' : (addresses[clusters[0]!.id] ?? ''),
    addresses: kind === 'keepalived' ? (Object.fromEntries(own) as Record<string, string>) : {},
  };
}

function leaseStoreOf({ site: { leaseStore }, etcd }: SiteInstallFile): DraftLeaseStore {
  if (leaseStore.kind === 'witness') return { ...leaseStore };
  return {
    kind: 'etcd',
    endpoints: leaseStore.endpoints.map(({ address, port, certificateName = '' }) => ({
      address,
      port,
      certificateName,
    })),
    prefix: leaseStore.prefix,
    user: leaseStore.user ?? '',
    authorityFile: etcd?.authorityFile ?? '',
    certificateFile: etcd?.certificateFile ?? '',
    keyFile: etcd?.keyFile ?? '',
  };
}
