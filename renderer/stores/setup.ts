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
  return createStore<SetupState>()((set, get) => {
    const line = new HostLine(client, now, { get, set });
    return {
      view: null,
      arrivedAtMs: 0,
      draft: null,
      saving: false,
      error: null,
      open: () => line.open(),
      edit(change) {
        const { draft } = get();
        if (!draft) return;
        set({ draft: change(draft) });
        line.keep();
      },
      act: (action) => line.act(action),
    };
  });
}

/** The way of the setup to the host and back. */
class HostLine {
  readonly #client: ConsoleClient;
  readonly #now: () => number;
  readonly #state: { get: () => SetupState; set: (part: Partial<SetupState>) => void };
  #listening = false;
  /** Settles when nothing is on its way. */
  #kept: Promise<void> = Promise.resolve();
  /** The host's revision that the page's draft was made from: another page's change must not be written over. */
  #base = 0;

  constructor(
    client: ConsoleClient,
    now: () => number,
    state: { get: () => SetupState; set: (part: Partial<SetupState>) => void },
  ) {
    this.#client = client;
    this.#now = now;
    this.#state = state;
  }

  open(): void {
    if (!this.#listening) {
      this.#listening = true;
      this.#client.on('setup', (view) => this.#take(view));
    }
    this.#reload();
  }

  /** Has the page's draft kept, unless that is under way: then it takes the newest. */
  keep(): void {
    if (this.#state.get().saving) return;
    this.#state.set({ saving: true });
    this.#kept = this.#keepAll();
  }

  async act(action: Exclude<SetupAction, { act: 'save' }>): Promise<boolean> {
    await this.#kept;
    const accepted = await this.#send(action);
    const { view } = this.#state.get();
    if (accepted && view) this.#take(view);
    return accepted;
  }

  /** Sends the draft until what was sent is what is shown. A refused change gives way to the host's draft. */
  async #keepAll(): Promise<void> {
    while (true) {
      const { draft } = this.#state.get();
      if (!draft) return;
      const accepted = await this.#send({ act: 'save', draft: { ...draft, revision: this.#base } });
      const latest = this.#state.get();
      this.#base = latest.view?.draft.revision ?? 0;
      if (accepted && latest.draft !== draft) continue;
      this.#state.set({ saving: false, draft: latest.view?.draft ?? null });
      if (!accepted) this.#reload();
      return;
    }
  }

  async #send(action: SetupAction): Promise<boolean> {
    try {
      const view = await this.#client.call('setUp', { action });
      this.#state.set({ view, arrivedAtMs: this.#now(), error: null });
      return true;
    } catch (thrown) {
      this.#state.set({ error: productErrorOf(thrown) });
      return false;
    }
  }

  #take(view: SetupView): void {
    const { saving, draft } = this.#state.get();
    if (saving && draft) return this.#state.set({ view, arrivedAtMs: this.#now() });
    this.#base = view.draft.revision;
    this.#state.set({ view, arrivedAtMs: this.#now(), draft: view.draft });
  }

  #reload(): void {
    this.#client.call('getSetup', {}).then(
      (view) => this.#take(view),
      (thrown: unknown) => this.#state.set({ error: productErrorOf(thrown) }),
    );
  }
}
