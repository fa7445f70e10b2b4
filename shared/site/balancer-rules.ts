import { repeated } from './repeated.ts';
import type { Cluster, LoadBalancer, SiteDocument } from './site-document.ts';

type KeptBalancer = Extract<LoadBalancer, { addresses: unknown }>;

/** Every reason why the load balancer of a site cannot do what is asked of it, as sentences. */
export function balancerRefusals(site: SiteDocument): string[] {
  const { loadBalancer, clusters } = site;
  if (!('addresses' in loadBalancer)) {
    return repeated(
      'balancer port',
      clusters.flatMap(({ listeners }) => listeners.map(({ frontendPort }) => String(frontendPort))),
    );
  }
  const { addresses } = loadBalancer;
  const known = new Set(clusters.map(({ id }) => id));
  return [
    ...clusters
      .filter(({ id }) => addresses[id] === undefined)
      .map(({ id }) => `load balancer: the address that the senders of ${id} know is missing`),
    ...Object.keys(addresses)
      .filter((id) => !known.has(id))
      .map((id) => `load balancer: ${id} has an address, but is no cluster of the site`),
    ...repeated(
      'balancer port',
      clusters.flatMap(({ id, listeners }) =>
        listeners.map(({ frontendPort }) => `${addresses[id] ?? '?'} ${frontendPort}`),
      ),
    ),
    ...memberAddressRefusals(site, loadBalancer),
    ...(loadBalancer.kind === 'keepalived' ? virtualAddressRefusals(clusters, loadBalancer) : []),
  ];
}

/** An address of a member would reach that member, whether it is Active or not. */
function memberAddressRefusals({ clusters, servers }: SiteDocument, { addresses }: KeptBalancer): string[] {
  const members = new Set(clusters.flatMap((cluster) => cluster.members.map(({ server }) => server)));
  return Object.entries(addresses).flatMap(([cluster, address]) =>
    servers
      .filter((server) => members.has(server.id) && server.address === address)
      .map(
        ({ id }) =>
          `load balancer: ${address} of ${cluster} is the address of ${id}, which is not always the Active`,
      ),
  );
}

/** An address that moves: one cluster holds it, and there is nobody who translates ports. */
function virtualAddressRefusals(clusters: readonly Cluster[], { addresses }: KeptBalancer): string[] {
  return [
    ...repeated('virtual address', Object.values(addresses)),
    ...clusters.flatMap(({ id, listeners, members }) =>
      listeners.flatMap(({ name, port, frontendPort }) =>
        members
          .filter(({ ports }) => (ports?.listeners?.[name] ?? port) !== frontendPort)
          .map(
            ({ server }) =>
              `${id}: keepalived moves an address and translates no ports, and ${name} has another port on ${server} than ${frontendPort}, which senders use`,
          ),
      ),
    ),
  ];
}
