import { isDeepStrictEqual } from 'node:util';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { witnessServerOf } from '../../../shared/site/site-rules.ts';
import { serversInUse } from '../install/install-file.ts';

/** Every reason why this is not the move of a lease store, as sentences; empty: it is one. Pure. */
export function moveRefusals(from: SiteDocument, to: SiteDocument): string[] {
  const changed = partsOf(from).flatMap(([part, value], index) =>
    isDeepStrictEqual(value, partsOf(to)[index]![1]) ? [] : [part],
  );
  if (changed.length > 0) {
    return [
      `Beside the lease store the site file changes ${changed.join(', ')}: have that installed first, or afterwards`,
    ];
  }
  const [before, after] = [witnessServerOf(from), witnessServerOf(to)];
  if (isDeepStrictEqual(from.leaseStore, to.leaseStore))
    return ['The site file names the lease store of now'];
  return before !== undefined && before === after
    ? [`The witness would stay on ${before}: a move leads to another server`]
    : [];
}

/** Everything that a move leaves as it is. Of servers only those of members and balancer count. */
function partsOf(site: SiteDocument): [string, unknown][] {
  const stays = new Set(
    serversInUse(site).filter((id) => id !== witnessServerOf(site) || id === balancerOf(site)),
  );
  return [
    ['the name', [site.schema, site.id, site.name]],
    ['the clusters', plain(site.clusters)],
    ['the load balancer', plain(site.loadBalancer)],
    ['the servers of its members', plain(site.servers.filter(({ id }) => stays.has(id)))],
  ];
}

function balancerOf({ loadBalancer }: SiteDocument): string | undefined {
  return loadBalancer.kind === 'haproxy' ? loadBalancer.server : undefined;
}

/** Without what is only absent or undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The lease store of a site as people call it. */
export function storeName({ leaseStore, servers }: SiteDocument): string {
  if (leaseStore.kind === 'etcd') return `the etcd below ${leaseStore.prefix}`;
  const name = servers.find(({ id }) => id === leaseStore.server)?.name;
  return `the witness on ${name ?? leaseStore.server}`;
}
