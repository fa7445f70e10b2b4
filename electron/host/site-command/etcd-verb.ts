import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { EtcdSight } from '../../../shared/site/etcd-sight.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import { checkEtcd } from '../etcd/check-etcd.ts';
import type { LookAtEtcd } from '../etcd/look-from-here.ts';
import { readEtcdSecrets } from '../install/etcd-secrets.ts';
import type { SiteInstallFile } from '../install/install-file.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { SshTarget } from '../ssh/server-connection.ts';

interface EtcdVerbInputs {
  readonly look: LookAtEtcd;
  readonly connect: ConnectServer;
  readonly target: (server: Server) => Promise<Result<SshTarget, ProductError>>;
}

/** `site etcd`: whether the etcd of a site may keep its leases, as far as it can be seen without installing anything. */
export async function showEtcd(
  document: SiteInstallFile,
  { look, connect, target }: EtcdVerbInputs,
): Promise<Result<string[], ProductError[]>> {
  const { site } = document;
  const { leaseStore } = site;
  if (leaseStore.kind !== 'etcd') {
    return fail([productError('request.invalid', 'A witness keeps the leases of this site, not an etcd.')]);
  }
  const secrets = await readEtcdSecrets(document, new Date());
  if (!secrets.ok) return fail([secrets.error]);
  const members = new Set(site.clusters.flatMap((cluster) => cluster.members.map(({ server }) => server)));
  const seen = await checkEtcd({
    store: leaseStore,
    secrets: secrets.value,
    clusters: site.clusters.map(({ id }) => id),
    look,
    members: site.servers
      .filter(({ id }) => members.has(id))
      .map((server) => async () => {
        const way = await target(server);
        return way.ok ? connect(way.value) : way;
      }),
  });
  if (!seen.ok) return seen;
  const lines = sightLines(seen.value);
  if (seen.value.refusals.length === 0) return succeed(lines);
  const said = 'This etcd cannot keep the leases of the site.';
  return fail([productError('install.store-unfit', said, [...seen.value.refusals, ...lines])]);
}

/** An etcd as text, endpoint by endpoint. Pure. */
function sightLines({ endpoints, ways }: EtcdSight): string[] {
  return [
    ...endpoints.map(({ endpoint, version, why, roundTripMs }) =>
      why === null
        ? `${endpoint}: version ${version ?? 'not told'}, a confirmed write and read in ${(roundTripMs ?? 0).toFixed(0)} ms`
        : `${endpoint}: ${why}`,
    ),
    ...ways.map(({ from, endpoint, rttMs }) =>
      rttMs === null
        ? `${from} does not reach ${endpoint}`
        : `${from} reaches ${endpoint} in ${rttMs.toFixed(1)} ms`,
    ),
  ];
}
