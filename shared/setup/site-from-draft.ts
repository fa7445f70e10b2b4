import { Address, CertificateName, EntityId, etcdAccess, SiteDocument } from '../site/site-document.ts';
import * as z from 'zod/mini';
import { draftPolicy } from './draft-timing.ts';
import {
  asUsual,
  witnessPort,
  type DraftBalancer,
  type DraftCluster,
  type DraftLeaseStore,
  type SetupDraft,
} from './draft.ts';

/**
 * The site document that a draft describes, or null while a part of it is missing or not well-formed; `setupGaps` says
 * which. Its first version is 1; a site that exists already names the version before.
 */
export function siteFromDraft(draft: SetupDraft, versionBefore = 0): SiteDocument | null {
  const { timing, leaseStore } = draft;
  const ids = siteServerIds(draft);
  const idOf = (key: string | null) => (key === null ? null : (ids.get(key) ?? null));
  const parsed = z.safeParse(SiteDocument, {
    schema: 1,
    id: draft.site.id,
    name: draft.site.name,
    version: versionBefore + 1,
    servers: draft.servers.map(({ id, name, address }) => ({ id: ids.get(id), name, address })),
    clusters: draft.clusters.map((cluster) => ({
      id: cluster.id,
      title: cluster.title,
      index: cluster.index,
      timing: typeof timing === 'string' ? timing : draftPolicy(timing),
      storage: storageOf(cluster, idOf),
      listeners: cluster.listeners,
      pollers: cluster.pollers,
      members: cluster.members.map((member) => ({
        server: idOf(member.server),
        preferred: member.preferred,
        engine: {
          service: { kind: 'systemd', unit: member.unit },
          apiPort: member.apiPort,
          apiUser: member.apiUser,
          workingDirectory: member.workingDirectory,
        },
      })),
      localRestarts: 3,
    })),
    leaseStore: documentLeaseStore(leaseStore, idOf),
    loadBalancer: balancerOf(draft, idOf),
    ...(draft.observe && { mode: 'observe' }),
  });
  return parsed.success ? parsed.data : null;
}

/** A lease store as the site's document has it; `idOf` names servers there. Pure. */
export function documentLeaseStore(leaseStore: DraftLeaseStore, idOf: (key: string | null) => string | null) {
  if (leaseStore.kind === 'witness') return { ...leaseStore, server: idOf(leaseStore.server) };
  const { kind, endpoints, prefix, user } = leaseStore;
  return {
    kind,
    endpoints: endpoints.map(({ address, port, certificateName }) => ({
      address,
      port,
      ...(certificateName !== '' && { certificateName }),
    })),
    prefix,
    ...(user !== '' && { user }),
  };
}

/** What was left as usual is left out. */
function storageOf(
  { storage = 'shared', directory, mustBeMount, cutProgram = '', agentMounts, copy = asUsual }: DraftCluster,
  idOf: (key: string | null) => string | null,
) {
  const { everySeconds, lagLimitSeconds, sshPort } = copy;
  const elsewhere = Object.entries(copy.directories).filter(([, path]) => path.trim() !== '');
  return {
    kind: storage,
    directory,
    mustBeMount: mustBeMount || (storage === 'shared' && agentMounts === true),
    ...(storage === 'shared' && agentMounts === true && { mount: { by: 'agent' as const } }),
    ...(storage === 'shared' && cutProgram.trim() !== '' && { cut: { program: cutProgram.trim() } }),
    ...(storage === 'copied' && {
      ...(elsewhere.length > 0 && {
        directories: Object.fromEntries(elsewhere.map(([key, path]) => [idOf(key) ?? key, path])),
      }),
      ...(everySeconds !== null && { everySeconds }),
      ...(lagLimitSeconds !== null && { lagLimitSeconds }),
      ...(sshPort !== null && { sshPort }),
    }),
  };
}

function balancerOf({ balancer, clusters }: SetupDraft, idOf: (key: string | null) => string | null) {
  const { kind, server } = balancer;
  if (kind === 'haproxy') return { kind, server: idOf(server) };
  const addresses = clusters.map((cluster) => [cluster.id, draftSenderAddress(balancer, cluster)]);
  return { kind, addresses: Object.fromEntries(addresses) as Record<string, string> };
}

/**
 * The same as far as a load balancer is concerned: what later steps choose is of no matter to it and stood in for.
 * Null while clusters or addresses are missing.
 */
export function balancedSite(draft: SetupDraft): SiteDocument | null {
  return siteFromDraft({
    ...draft,
    timing: 'normal',
    leaseStore: { kind: 'witness', server: draft.servers[0]?.id ?? null, port: witnessPort },
    clusters: draft.clusters.map((cluster) => ({ ...cluster, directory: `/${cluster.index}` })),
  });
}

/** The address that the senders of a cluster know, as far as it was said. An address that moves belongs to one cluster. */
export function draftSenderAddress(
  { kind, address, addresses }: DraftBalancer,
  { index }: Pick<DraftCluster, 'index'>,
): string {
  return kind === 'keepalived' ? (addresses[index] ?? '') : address;
}

/** Short names of the servers in the site's document, by their place in the draft. */
export function siteServerIds({ servers }: SetupDraft): Map<string, string> {
  const ids = new Map<string, string>();
  const kept = servers.flatMap(({ shortName }) => shortName ?? []);
  for (const { id, name, shortName } of servers)
    ids.set(id, shortName ?? idFromName(name, [...kept, ...ids.values()]));
  return ids;
}

/** A name for paths and certificates made from what a person calls something; a number keeps it apart from `taken`. */
export function idFromName(name: string, taken: readonly string[]): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/-+$/, '')
    .slice(0, 28);
  const base = plain === '' ? 'server' : plain;
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number += 1) {
    if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
  }
}

/** Whether a text is a numeric address, as agents need it. */
export function isAddress(text: string): boolean {
  return z.safeParse(Address, text).success;
}

export function isCertificateName(text: string): boolean {
  return z.safeParse(CertificateName, text).success;
}

export function isEtcdPrefix(text: string): boolean {
  return z.safeParse(etcdAccess.prefix, text).success;
}

export function isEntityId(text: string): boolean {
  return z.safeParse(EntityId, text).success;
}
