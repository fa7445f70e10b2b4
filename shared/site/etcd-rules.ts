import { isLoopback } from './loopback.ts';
import { repeated } from './repeated.ts';
import type { EtcdEndpoint, LeaseStore, SiteDocument } from './site-document.ts';

type EtcdLeaseStore = Extract<LeaseStore, { kind: 'etcd' }>;

/** An etcd of fewer members is no protection, of an even number no better than of one less. */
const sizes = [1, 3, 5];

/** Every reason why an etcd must not keep the leases of this site, as sentences; empty for a witness. */
export function etcdRefusals(site: SiteDocument): string[] {
  const { leaseStore } = site;
  if (leaseStore.kind !== 'etcd') return [];
  return [
    ...sizeRefusals(leaseStore),
    ...repeated('etcd endpoint', leaseStore.endpoints.map(endpointText)),
    ...loopbackRefusals(site, leaseStore),
    ...sharedFateRefusals(site, leaseStore),
    ...prefixRefusals(site, leaseStore),
  ];
}

/** How many of so many must answer. */
export function quorumOf(endpoints: number): number {
  return Math.floor(endpoints / 2) + 1;
}

/** An endpoint as people write it. */
export function endpointText({ address, port }: EtcdEndpoint): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function sizeRefusals({ endpoints }: EtcdLeaseStore): string[] {
  const { length } = endpoints;
  if (sizes.includes(length)) return [];
  const lost = length - quorumOf(length);
  const why =
    length % 2 === 0
      ? `an etcd of ${length} goes on without ${lost} of them, as one of ${length - 1} does, and has more that can fail`
      : 'more than five only make each renewal slower';
  return [`lease store: ${length} etcd endpoints are named; name 1, 3 or 5: ${why}`];
}

/** Each server would ask an etcd of its own, and both would be granted the lease. */
function loopbackRefusals({ servers }: SiteDocument, { endpoints }: EtcdLeaseStore): string[] {
  if (servers.every(({ address }) => isLoopback(address))) return [];
  return endpoints
    .filter(({ address }) => isLoopback(address))
    .map(
      (endpoint) =>
        `lease store: the etcd endpoint ${endpointText(endpoint)} means another machine on each server; give the address that all of them reach it by`,
    );
}

/** A server that is lost must not take the quorum with it: its peer could not take over. */
function sharedFateRefusals({ clusters, servers }: SiteDocument, { endpoints }: EtcdLeaseStore): string[] {
  const members = new Set(clusters.flatMap((cluster) => cluster.members.map(({ server }) => server)));
  return servers.flatMap(({ id, address }) => {
    if (!members.has(id) || isLoopback(address)) return [];
    const here = endpoints.filter((endpoint) => endpoint.address === address).length;
    if (endpoints.length - here >= quorumOf(endpoints.length)) return [];
    return [
      `lease store: ${here} of ${endpoints.length} etcd endpoints are on ${id}, which is a member; when it is lost, the rest is no quorum and its peer could not take over`,
    ];
  });
}

/** Sites that share an etcd may have clusters of the same name. */
function prefixRefusals({ id }: SiteDocument, { prefix }: EtcdLeaseStore): string[] {
  if (prefix.endsWith(`/${id}`)) return [];
  return [
    `lease store: the prefix ${prefix} must end with the site's id (such as /ixha/${id}), so that two sites on one etcd never share a lease`,
  ];
}
