import type { StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { DrillAction, DrillsView } from '../../shared/drills/drills-view.ts';
import { createHostWork, type HostWork } from './host-work.ts';

/** The drills of the site, as the host has them. */
export type Drills = StoreApi<HostWork<DrillsView, DrillAction>>;

/** Made once per page. */
export function createDrills(client: ConsoleClient, now: () => number): Drills {
  return createHostWork<DrillsView, DrillAction>(
    {
      listen: (take) => client.on('drills', take),
      get: () => client.call('getDrills', {}),
      act: (action) => client.call('actOnDrills', { action }),
    },
    now,
  );
}
