import type { SetupAction, SetupView } from '../../shared/setup/setup-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { openPage } from './open-page.tsx';

/** Opens a step of the setup before a host that keeps what it is sent. */
export function openSetup(step: string, first: SetupView) {
  let view = structuredClone(first);
  const acts: SetupAction[] = [];
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: `#/setup/${step}`,
    answers: {
      getSetup: () => view,
      setUp: (request) => {
        const { action } = request as { action: SetupAction };
        acts.push(action);
        if (action.act === 'save') {
          view = { ...view, draft: { ...action.draft, revision: view.draft.revision + 1 } };
        }
        return view;
      },
    },
  });
  return { page, acts, view: () => view };
}

/** What was asked for beside the keeping of the draft. */
export const acted = (acts: readonly SetupAction[]) =>
  acts.map(({ act }) => act).filter((act) => act !== 'save');
