import type { StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ReadinessAction } from '../../shared/readiness/kept-readiness.ts';
import type { ReadinessView } from '../../shared/readiness/readiness-view.ts';
import { createHostWork, type HostWork } from './host-work.ts';

/** How ready the site is, as the host has it. */
export type Readiness = StoreApi<HostWork<ReadinessView, ReadinessAction>>;

/** Made once per page. */
export function createReadiness(client: ConsoleClient, now: () => number): Readiness {
  return createHostWork<ReadinessView, ReadinessAction>(
    {
      listen: (take) => client.on('readiness', take),
      get: () => client.call('getReadiness', {}),
      act: (action) => client.call('actOnReadiness', { action }),
    },
    now,
  );
}
