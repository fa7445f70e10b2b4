import { describe, expect, it, vi } from 'vitest';
import { createSetup } from '../../../renderer/stores/setup.ts';
import type { ConsoleClient } from '../../../shared/console-ipc/console-contract.ts';
import { productError } from '../../../shared/errors.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import type { SetupAction, SetupView } from '../../../shared/setup/setup-view.ts';
import { CallFailure } from '../../../renderer/ipc/console-client.ts';
import { setupFixtures } from '../../screens/setup-fixtures.ts';

const named = (name: string) => (draft: SetupDraft) => ({ ...draft, site: { ...draft.site, name } });

/** A host that keeps drafts, answers when the test lets it, and can say something by itself. */
function openStore() {
  let view: SetupView = structuredClone(setupFixtures.empty);
  let listener: (view: SetupView) => void = () => undefined;
  const waiting: { action: SetupAction; go: () => void }[] = [];
  const client = {
    call(name: string, request: { action: SetupAction }) {
      if (name === 'getSetup') return Promise.resolve(view);
      const { promise, resolve, reject } = Promise.withResolvers<SetupView>();
      const { action } = request;
      const go = () => {
        if (action.act === 'save') {
          if (action.draft.revision !== view.draft.revision) {
            return reject(new CallFailure(productError('setup.changed', 'Changed elsewhere.')));
          }
          view = { ...view, draft: { ...action.draft, revision: view.draft.revision + 1 } };
        }
        resolve(view);
      };
      waiting.push({ action, go });
      return promise;
    },
    on(_name: string, heard: (view: SetupView) => void) {
      listener = heard;
      return () => undefined;
    },
    onConnection: () => () => undefined,
  } as unknown as ConsoleClient;
  const store = createSetup(client, () => 0);
  store.getState().open();
  return {
    store,
    waiting,
    say: (next: SetupView) => {
      view = next;
      listener(next);
    },
    /** Another page changes the draft, of which this one has not heard yet. */
    change: (draft: SetupDraft) => {
      view = { ...view, draft };
    },
    view: () => view,
  };
}

describe('the setup in the page', () => {
  it('shows a change at once and sends one at a time, the last one wins', async () => {
    const { store, waiting, view } = openStore();
    await vi.waitFor(() => expect(store.getState().draft).not.toBeNull());
    store.getState().edit(named('A'));
    store.getState().edit(named('AB'));
    store.getState().edit(named('ABC'));
    expect(store.getState()).toMatchObject({ saving: true, draft: { site: { name: 'ABC' } } });
    expect(waiting.length).toBe(1);
    waiting[0]!.go();
    await vi.waitFor(() => expect(waiting.length).toBe(2));
    waiting[1]!.go();
    await vi.waitFor(() => expect(store.getState().saving).toBe(false));
    expect(view().draft).toMatchObject({ revision: 2, site: { name: 'ABC' } });
    expect(store.getState().draft).toEqual(view().draft);
  });

  it('keeps what is being typed when the host says something meanwhile', async () => {
    const { store, waiting, say, view } = openStore();
    await vi.waitFor(() => expect(store.getState().draft).not.toBeNull());
    store.getState().edit(named('Clinic'));
    say({ ...view(), savedMs: 5 });
    expect(store.getState().draft?.site.name).toBe('Clinic');
    waiting[0]!.go();
    await vi.waitFor(() => expect(store.getState().saving).toBe(false));
  });

  it('gives way to what another page has changed, and says so', async () => {
    const { store, waiting, view, change } = openStore();
    await vi.waitFor(() => expect(store.getState().draft).not.toBeNull());
    store.getState().edit(named('mine'));
    change({ ...view().draft, revision: 7, site: { id: 'x', name: 'theirs' } });
    waiting[0]!.go();
    await vi.waitFor(() => expect(store.getState().error?.code).toBe('setup.changed'));
    await vi.waitFor(() => expect(store.getState().draft?.site.name).toBe('theirs'));
    expect(store.getState().saving).toBe(false);
  });

  it('does not write over a change of another page that it has heard of while typing', async () => {
    const { store, waiting, say, view } = openStore();
    await vi.waitFor(() => expect(store.getState().draft).not.toBeNull());
    store.getState().edit(named('mine'));
    say({ ...view(), draft: { ...view().draft, revision: 9, site: { id: 'x', name: 'theirs' } } });
    waiting[0]!.go();
    await vi.waitFor(() => expect(store.getState().error?.code).toBe('setup.changed'));
    expect(view().draft.site.name).toBe('theirs');
  });

  it('asks for something only after all changes before it were kept', async () => {
    const { store, waiting } = openStore();
    await vi.waitFor(() => expect(store.getState().draft).not.toBeNull());
    store.getState().edit(named('Clinic'));
    const asked = store.getState().act({ act: 'plan' });
    expect(waiting.map(({ action }) => action.act)).toEqual(['save']);
    waiting[0]!.go();
    await vi.waitFor(() => expect(waiting.map(({ action }) => action.act)).toEqual(['save', 'plan']));
    waiting[1]!.go();
    expect(await asked).toBe(true);
  });
});
