import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { ServersView } from '../../../shared/servers/servers-view.ts';

/** Only the secrets of this server have to be at hand. */
export function ofServer(view: ServersView, server: string): ServersView {
  return { ...view, access: view.access.filter((one) => one.server === server) };
}

/** Those that run something of the product, as far as this workstation has a way to them. */
export function serversWithAgents(view: ServersView, { site }: SiteSight) {
  const known = new Set(view.access.map(({ server }) => server));
  return site.servers.filter(({ id, part }) => (part === 'member' || part === 'witness') && known.has(id));
}
