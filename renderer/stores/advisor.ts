import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AdvisorAction, AdvisorView } from '../../shared/advisor/advisor-view.ts';
import type { AdvisorAnswers } from '../../shared/advisor/answers.ts';
import type { ConsoleClient } from '../../shared/console-ipc/console-contract.ts';
import type { ProductError } from '../../shared/errors.ts';
import type { SiteDesign } from '../../shared/setup/draft.ts';
import { productErrorOf } from '../ipc/console-client.ts';

/** The advisor's answers as the host has them, and what this page has changed beside. */
export interface AdvisorState {
  readonly view: AdvisorView | null;
  /** What the page shows: the kept answers with the changes that are still on their way. */
  readonly answers: AdvisorAnswers | null;
  /** Changes are on their way to the host. */
  readonly saving: boolean;
  /** Why the last thing asked for was not done; null: it was. */
  readonly error: ProductError | null;
  open(): void;
  /** Changes the answers at once, and has them kept. */
  edit(change: (answers: AdvisorAnswers) => AdvisorAnswers): void;
  /** Keeps a design, after all changes before it. True: it was accepted. */
  decide(design: SiteDesign, reason: string): Promise<boolean>;
  beginAnew(): Promise<boolean>;
}

export type Advisor = StoreApi<AdvisorState>;

/** Made once per page. One change travels at a time: the newest answers go when the ones before have arrived. */
export function createAdvisor(client: ConsoleClient): Advisor {
  let kept: Promise<void> = Promise.resolve();
  return createStore<AdvisorState>()((set, get) => {
    const revision = () => get().view?.record.revision ?? 0;
    const take = (view: AdvisorView) => set({ view, answers: view.record.answers });
    const load = () =>
      client.call('getAdvisor', {}).then(take, (thrown: unknown) => set({ error: productErrorOf(thrown) }));
    const send = async (action: AdvisorAction): Promise<AdvisorView | null> => {
      try {
        const view = await client.call('actOnAdvisor', { action });
        set({ view, error: null });
        return view;
      } catch (thrown) {
        set({ error: productErrorOf(thrown) });
        return null;
      }
    };
    const keepAll = async (): Promise<void> => {
      for (;;) {
        const { answers } = get();
        if (!answers) break;
        const view = await send({ act: 'answer', revision: revision(), answers });
        if (view === null) await load();
        if (view === null || get().answers === answers) break;
      }
      set({ saving: false });
    };
    const afterAll = async (action: () => AdvisorAction): Promise<boolean> => {
      await kept;
      const view = await send(action());
      if (view) take(view);
      return view !== null;
    };
    return {
      view: null,
      answers: null,
      saving: false,
      error: null,
      open: () => void load(),
      edit(change) {
        const { answers, saving } = get();
        if (!answers) return;
        set({ answers: change(answers), saving: true });
        if (!saving) kept = keepAll();
      },
      decide: (design, reason) => afterAll(() => ({ act: 'decide', revision: revision(), design, reason })),
      beginAnew: () => afterAll(() => ({ act: 'begin-anew', revision: revision() })),
    };
  });
}
