import type { StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ServersAction, ServersView } from '../../shared/servers/servers-view.ts';
import { createHostWork, type HostWork } from './host-work.ts';

/** What can be done on the servers, as the host has it. */
export type Servers = StoreApi<HostWork<ServersView, ServersAction>>;

/** Made once per page. */
export function createServers(client: ConsoleClient, now: () => number): Servers {
  return createHostWork<ServersView, ServersAction>(
    {
      listen: (take) => client.on('servers', take),
      get: () => client.call('getServers', {}),
      act: (action) => client.call('actOnServers', { action }),
    },
    now,
  );
}
