import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProductError } from '../../shared/errors.ts';
import { productErrorOf } from '../ipc/console-client.ts';

/** Something that the host does and tells of, and how a page asks for it. */
export interface HostWork<View, Action> {
  readonly view: View | null;
  readonly arrivedAtMs: number;
  /** Why the last thing asked for was not done; null: it was. */
  readonly error: ProductError | null;
  /** Asks how it stands, and hears of it from then on. */
  open(): void;
  /** Answers whether it was taken. */
  act(action: Action): Promise<boolean>;
}

/** The calls to the host that one piece of work is made of. */
export interface HostWorkCalls<View, Action> {
  listen(take: (view: View) => void): void;
  get(): Promise<View>;
  act(action: Action): Promise<View>;
}

export function createHostWork<View, Action>(
  calls: HostWorkCalls<View, Action>,
  now: () => number,
): StoreApi<HostWork<View, Action>> {
  let listening = false;
  return createStore<HostWork<View, Action>>()((set) => {
    const take = (view: View) => {
      set({ view, arrivedAtMs: now(), error: null });
      return true;
    };
    const refuse = (thrown: unknown) => {
      set({ error: productErrorOf(thrown) });
      return false;
    };
    return {
      view: null,
      arrivedAtMs: 0,
      error: null,
      open() {
        // What is told unasked does not take back why the last thing was refused.
        if (!listening) calls.listen((view) => set({ view, arrivedAtMs: now() }));
        listening = true;
        void calls.get().then(take, refuse);
      },
      act: (action) => calls.act(action).then(take, refuse),
    };
  });
}
