import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { ServersAction, ServersView } from '../../shared/servers/servers-view.ts';
import { productErrorOf } from '../ipc/console-client.ts';

/** What can be done on the servers, as the host has it. */
export interface ServersState {
  readonly view: ServersView | null;
  readonly arrivedAtMs: number;
  /** Why the last thing asked for was not begun; null: it was. */
  readonly error: ProductError | null;
  /** Asks how far it got, and hears of it from then on. */
  open(): void;
  act(action: ServersAction): Promise<void>;
}

export type Servers = StoreApi<ServersState>;

/** Made once per page. */
export function createServers(client: ConsoleClient, now: () => number): Servers {
  let listening = false;
  return createStore<ServersState>()((set) => {
    const take = (view: ServersView) => set({ view, arrivedAtMs: now(), error: null });
    const refuse = (thrown: unknown) => set({ error: productErrorOf(thrown) });
    return {
      view: null,
      arrivedAtMs: 0,
      error: null,
      open() {
        if (!listening) client.on('servers', (view) => set({ view, arrivedAtMs: now() }));
        listening = true;
        client.call('getServers', {}).then(take, refuse);
      },
      act: (action) => client.call('actOnServers', { action }).then(take, refuse),
    };
  });
}
