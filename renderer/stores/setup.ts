import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { SetupDraft } from '../../shared/setup/draft.ts';
import type { SetupAction, SetupView } from '../../shared/setup/setup-view.ts';
import { productErrorOf } from '../ipc/console-client.ts';

/** The setup as the host has it, and what this page has changed beside. */
export interface SetupState {
  readonly view: SetupView | null;
  readonly arrivedAtMs: number;
  /** What the page shows: the host's draft with the changes that are still on their way. */
  readonly draft: SetupDraft | null;
  /** Changes are on their way to the host. */
  readonly saving: boolean;
  /** Why the last thing asked for was not done; null: it was. */
  readonly error: ProductError | null;
  /** Asks for the setup, and hears of its changes from then on. */
  open(): void;
  /** Changes the draft at once, and has it kept. */
  edit(change: (draft: SetupDraft) => SetupDraft): void;
  /** Asks the host for something, after all changes before it were kept. True: it was accepted. */
  act(action: Exclude<SetupAction, { act: 'save' }>): Promise<boolean>;
}

export type Setup = StoreApi<SetupState>;

/** Made once per page. One change travels at a time, so that the host never sees them out of order. */
export function createSetup(client: ConsoleClient, now: () => number): Setup {
  let listening = false;
  /** Settles when nothing is on its way. */
  let kept: Promise<void> = Promise.resolve();
  /** The host's revision that the page's draft was made from: another page's change must not be written over. */
  let base = 0;
  return createStore<SetupState>()((set, get) => {
    const take = (view: SetupView) => {
      const { saving, draft } = get();
      if (!saving || !draft) base = view.draft.revision;
      set({ view, arrivedAtMs: now(), draft: saving && draft ? draft : view.draft });
    };
    const send = async (action: SetupAction): Promise<boolean> => {
      try {
        const view = await client.call('setUp', { action });
        set({ view, arrivedAtMs: now(), error: null });
        return true;
      } catch (thrown) {
        set({ error: productErrorOf(thrown) });
        return false;
      }
    };
    /** Sends the draft until what was sent is what is shown. A refused change gives way to the host's draft. */
    const keep = async (): Promise<void> => {
      while (true) {
        const { draft } = get();
        if (!draft) return;
        const accepted = await send({ act: 'save', draft: { ...draft, revision: base } });
        const latest = get();
        const revision = latest.view?.draft.revision ?? 0;
        if (accepted) base = revision;
        if (accepted && latest.draft !== draft) continue;
        base = revision;
        set({ saving: false, draft: latest.view?.draft ?? null });
        if (!accepted) reload();
        return;
      }
    };
    const reload = () => {
      client.call('getSetup', {}).then(take, (thrown: unknown) => set({ error: productErrorOf(thrown) }));
    };
    return {
      view: null,
      arrivedAtMs: 0,
      draft: null,
      saving: false,
      error: null,
      open() {
        if (!listening) {
          listening = true;
          client.on('setup', take);
        }
        reload();
      },
      edit(change) {
        const { draft, saving } = get();
        if (!draft) return;
        set({ draft: change(draft) });
        if (saving) return;
        set({ saving: true });
        kept = keep();
      },
      async act(action) {
        await kept;
        const accepted = await send(action);
        const { view } = get();
        if (accepted && view) take(view);
        return accepted;
      },
    };
  });
}
