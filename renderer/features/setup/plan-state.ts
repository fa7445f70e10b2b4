import type { SetupView } from '../../../shared/setup/setup-view.ts';

/** Whether what an installation would change is known, of the setup as it is now. */
export function isPlanned({ plan, draft }: SetupView): boolean {
  return plan.work.state === 'done' && plan.revision === draft.revision;
}

/** Whether a plan should be made now: there is none of the setup as it is, and nothing else is at work. */
export function isPlanDue(view: SetupView): boolean {
  const { plan, draft, preflight, install, sharedSecrets } = view;
  const isAtWork = [plan, preflight, install].some(({ work }) => work.state === 'running');
  return (
    sharedSecrets.includes('engine-password') &&
    plan.revision !== draft.revision &&
    !isAtWork &&
    !isPreflightOld(view)
  );
}

/** Whether the servers were looked at, but not for what the setup says now. */
export function isPreflightOld({ preflight }: SetupView): boolean {
  return preflight.work.state === 'done' && !preflight.isOfDraft;
}
