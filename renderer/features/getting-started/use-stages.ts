import { useEffect } from 'react';
import { useStore } from 'zustand';
import { stages, type Stage } from '../../../shared/getting-started/stages.ts';
import { useConsole, useSetupBegun, useSnapshot } from '../../app/console-context.tsx';

/** The four stages of the site shown, or of the one being set up where none or only the demo is shown. */
export function useStages(): { readonly stages: Stage[]; readonly about: string } {
  const { advisor, plan, readiness, setup } = useConsole();
  const site = useSnapshot()?.site ?? null;
  const own = site === null || site.demo ? null : site;
  const hasSite = own !== null;
  const setupBegun = useSetupBegun();
  const of = hasSite ? 'site' : 'setup';
  useEffect(() => {
    advisor.getState().open();
    plan.getState().open(of);
    if (hasSite) readiness.getState().open();
  }, [advisor, plan, readiness, of, hasSite, own?.id]);
  const setupView = useStore(setup, ({ view }) => view);
  const planView = useStore(plan, ({ view }) => view);
  const checks = useStore(readiness, ({ view }) => view?.checks ?? null);
  const facts = {
    hasSite,
    advisor: useStore(advisor, ({ view }) => view),
    setup: setupBegun ? setupView : null,
    plan: planView?.of === of ? planView : null,
    checks: hasSite && checks !== null ? checks.map(({ result }) => result) : [],
  };
  const name = setupView?.draft.site.name ?? '';
  return {
    stages: stages(facts),
    about:
      own?.name ?? (setupBegun && name !== '' ? `${name}, being set up` : 'a site that is still to come'),
  };
}
