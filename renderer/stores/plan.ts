import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PlanSubject, PlanView } from '../../shared/behaviour/plan-view.ts';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import { productErrorOf } from '../ipc/console-client.ts';

/** The failover plan of the site shown or set up, as the host has it. */
export interface PlanState {
  readonly view: PlanView | null;
  /** Why the last thing asked for was not done; null: it was. */
  readonly error: ProductError | null;
  open(of: PlanSubject): void;
  /** True: it is kept. */
  accept(of: PlanSubject, owner: string, note: string): Promise<boolean>;
}

export type Plan = StoreApi<PlanState>;

/** Made once per page. */
export function createPlan(client: ConsoleClient): Plan {
  return createStore<PlanState>()((set) => {
    const take = (view: PlanView) => {
      set({ view, error: null });
      return true;
    };
    const refuse = (thrown: unknown) => {
      set({ error: productErrorOf(thrown) });
      return false;
    };
    return {
      view: null,
      error: null,
      open: (of) => void client.call('getFailoverPlan', { of }).then(take, refuse),
      accept: (of, owner, note) => client.call('acceptFailoverPlan', { of, owner, note }).then(take, refuse),
    };
  });
}
