import type { Cluster, SiteDocument } from '../site/site-document.ts';
import { memberPorts } from '../site/site-rules.ts';

/** One listener as a load balancer sees it: where senders come in, and the two members behind it. */
export interface BalancedListener {
  readonly cluster: string;
  /** Name of sections and objects: of letters, digits, `-` and `_` only, unique within the site. */
  readonly section: string;
  /** The section of the cluster's first listener: what it knows of the members is true for all others. */
  readonly checkedBy: string;
  /** What people call it, fit for a comment of one line. */
  readonly words: string;
  /** Where senders come in. */
  readonly address: string;
  readonly port: number;
  readonly members: readonly BalancedMember[];
}

export interface BalancedMember {
  readonly server: string;
  readonly name: string;
  readonly address: string;
  /** Port of this listener's engine. */
  readonly port: number;
  /** Port that answers GET /active. */
  readonly activePort: number;
}

/** Every listener of a site with what stands behind it, in the order of the document. Pure. */
export function balancedListeners(site: SiteDocument): BalancedListener[] {
  return site.clusters.flatMap((cluster) =>
    cluster.listeners.map(({ name, frontendPort }, index) => ({
      cluster: cluster.id,
      // Listener names are free text; section names must not be.
      section: `${cluster.id}-${index + 1}`,
      checkedBy: `${cluster.id}-1`,
      words: `${cluster.id}: ${commentText(name)}`,
      address: senderAddress(site, cluster),
      port: frontendPort,
      members: cluster.members.map((member) => {
        const ports = memberPorts(cluster, member);
        const server = site.servers.find(({ id }) => id === member.server);
        return {
          server: member.server,
          name: commentText(server?.name ?? member.server),
          address: server?.address ?? '',
          port: ports.listeners[name]!,
          activePort: ports.active,
        };
      }),
    })),
  );
}

/** The address that the senders of a cluster know; empty where none is said. */
export function senderAddress({ loadBalancer, servers }: SiteDocument, { id }: Cluster): string {
  switch (loadBalancer.kind) {
    case 'haproxy':
      return servers.find((server) => server.id === loadBalancer.server)?.address ?? '';
    case 'demo':
      return loadBalancer.address;
    default:
      return loadBalancer.addresses[id] ?? '';
  }
}

/** An address with its port, as most configurations want it. */
export function atPort(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Free text for a comment: nothing in it ends the line or is anything else than text. */
function commentText(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?');
}
