import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { SiteDocument, type Server } from '../../../shared/site/site-document.ts';
import { siteRefusals, witnessServerOf } from '../../../shared/site/site-rules.ts';
import { NotificationSecretFiles, secretFileRefusals } from '../notifications/notification-secrets.ts';
import { ExportMark } from '../site-file/export-mark.ts';
import { fieldsInError } from '../zod-fields.ts';
import { accessRefusals, EtcdFiles, LocalPath, siteAccessFields, type SiteAccess } from './server-access.ts';

/** What `site install` reads: the site, the way to its servers, and the engine's API password by file. */
export const SiteInstallFile = z.strictObject({
  site: SiteDocument,
  ...siteAccessFields,
  engineApi: z.strictObject({ passwordFile: LocalPath }),
  /** What members sign in to the etcd with that keeps their leases. */
  etcd: z.optional(EtcdFiles),
  /** What members reach notification targets with: given to them by `site notify-secrets`. */
  notificationSecrets: z.optional(NotificationSecretFiles),
  /** Who exported it, and the proof: for other workstations that open it. Works on servers do not use it. */
  exported: z.optional(ExportMark),
});
export type SiteInstallFile = z.infer<typeof SiteInstallFile>;

/** A site and the ways to its servers, without any secret. */
export type SiteDescription = Omit<SiteInstallFile, 'engineApi' | 'exported'>;

/**
 * Reads and checks a site file. Errors: site.missing, site.damaged (every broken field named),
 * site.unsafe (every refusal named).
 */
export async function readInstallFile(path: string): Promise<Result<SiteInstallFile, ProductError>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) {
    return fail(
      text.code === 'ENOENT'
        ? productError('site.missing', `There is no file ${path}.`)
        : productError('site.damaged', `${path} cannot be read (${text.code ?? text.message}).`),
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return fail(productError('site.damaged', `${path} is not valid JSON.`, [(cause as Error).message]));
  }
  const parsed = z.safeParse(SiteInstallFile, value);
  if (!parsed.success) {
    return fail(productError('site.damaged', `${path} has invalid fields.`, fieldsInError(parsed.error)));
  }
  const refusals = installRefusals(parsed.data);
  if (refusals.length > 0) {
    return fail(
      productError('site.unsafe', `The site in ${path} cannot be installed as described.`, refusals),
    );
  }
  return succeed(parsed.data);
}

/** The part of a site file that tells how its servers are reached. */
export function waysOf({ access, jumpHosts, revokedHostKeys, etcd }: SiteDescription): SiteAccess {
  return {
    access,
    ...(jumpHosts && { jumpHosts }),
    ...(revokedHostKeys && { revokedHostKeys }),
    ...(etcd && { etcd }),
  };
}

/** A site and how a profile says that its servers are reached, as a site file has them. */
export function siteDescription(
  site: SiteDocument,
  { access, jumpHosts, revokedHostKeys, etcd }: SiteAccess,
): SiteDescription {
  return {
    site,
    access: { ...access },
    ...(jumpHosts && { jumpHosts: { ...jumpHosts } }),
    ...(revokedHostKeys && { revokedHostKeys: [...revokedHostKeys] }),
    ...(etcd && { etcd }),
  };
}

/** Servers that the installer has something to do on: members, HAProxy, and the witness where there is one. */
export function serversInUse(site: SiteDocument): string[] {
  const named = [
    ...[witnessServerOf(site) ?? []].flat(),
    ...site.clusters.flatMap((cluster) => cluster.members.map((member) => member.server)),
    ...(site.loadBalancer.kind === 'haproxy' ? [site.loadBalancer.server] : []),
  ];
  return [...new Set(named)];
}

/** The same servers as the site describes them, in its order. */
export function usedServers(site: SiteDocument): Server[] {
  const used = serversInUse(site);
  return site.servers.filter(({ id }) => used.includes(id));
}

/** Every reason not to install this file, as sentences. Pure. */
export function installRefusals(file: SiteInstallFile): string[] {
  const used = serversInUse(file.site);
  const engines = file.site.clusters.flatMap((cluster) =>
    cluster.members.map((member) => ({ cluster, member, service: member.engine.service })),
  );
  return [
    ...siteRefusals(file.site),
    ...used.filter((id) => !file.access[id]).map((id) => `access: server ${id} has no entry`),
    ...Object.keys(file.access)
      .filter((id) => !file.site.servers.some((server) => server.id === id))
      .map((id) => `access: ${id} is no server of the site`),
    ...accessRefusals(waysOf(file)),
    ...etcdFileRefusals(file),
    ...secretFileRefusals(file.site.notifications, file.notificationSecrets),
    ...engines
      .filter(({ service }) => service.kind !== 'systemd')
      .map(
        ({ cluster, member }) => `${cluster.id} on ${member.server}: the engine must be a systemd service`,
      ),
    ...sharedEngines(file.site),
    ...(file.site.loadBalancer.kind === 'demo' ? ['the balancer of the demo cannot be installed'] : []),
  ];
}

function etcdFileRefusals({ site: { leaseStore }, etcd }: SiteInstallFile): string[] {
  if (leaseStore.kind === 'witness') {
    return etcd === undefined
      ? []
      : ['etcd: a witness keeps the leases of this site, so these files are not used'];
  }
  if (etcd === undefined) return ['etcd: the files that members sign in with are missing'];
  const hasPassword = etcd.passwordFile !== undefined;
  if (leaseStore.user !== undefined && !hasPassword)
    return [`etcd: the user ${leaseStore.user} has no passwordFile`];
  return leaseStore.user === undefined && hasPassword
    ? ['etcd: it has a passwordFile, but the lease store no user']
    : [];
}

function sharedEngines(site: SiteDocument): string[] {
  const uses = site.clusters.flatMap((cluster) =>
    cluster.members.map((member) => {
      const { service } = member.engine;
      return `${service.unit} on ${member.server}`;
    }),
  );
  const twice = uses.filter((use, index) => uses.indexOf(use) !== index);
  return [...new Set(twice)].map((use) => `the service ${use} is used by two clusters`);
}
