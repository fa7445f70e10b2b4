import type { StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { PatchAction, PatchView } from '../../shared/patching/patch-view.ts';
import { createHostWork, type HostWork } from './host-work.ts';

/** The last run of this console that took a server out of service, or brought one back. */
export type Patch = StoreApi<HostWork<PatchView, PatchAction>>;

/** Made once per page. */
export function createPatch(client: ConsoleClient, now: () => number): Patch {
  return createHostWork<PatchView, PatchAction>(
    {
      listen: (take) => client.on('patch', take),
      get: () => client.call('getPatch', {}),
      act: (action) => client.call('actOnPatch', { action }),
    },
    now,
  );
}
