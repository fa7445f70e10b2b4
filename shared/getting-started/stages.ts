import type { AdvisorView } from '../advisor/advisor-view.ts';
import { driftFrom } from '../advisor/drift.ts';
import { designTitles } from '../advisor/recommend.ts';
import { behaviourChanges } from '../behaviour/behaviour-site.ts';
import type { PlanView } from '../behaviour/plan-view.ts';
import { readinessStages, type ReadinessStage } from '../readiness/check.ts';
import { readinessChecks } from '../readiness/checks/all.ts';
import { tally, type CheckResult } from '../readiness/results.ts';
import type { SetupView } from '../setup/setup-view.ts';

/** One of the four stages from nothing to a site that may be relied on. */
export interface Stage {
  readonly id: ReadinessStage;
  readonly title: string;
  /** `again`: it was done, and something has changed since. */
  readonly state: 'done' | 'open' | 'again';
  /** What it rests on, or what is missing, as a sentence. */
  readonly says: string;
  /** Of its steps or checks; null: it is one step. */
  readonly progress: { readonly met: number; readonly of: number } | null;
}

/** What the stages are ticked from: records, never a tick of their own. Null: there is none, or it was not read yet. */
export interface StageFacts {
  /** The site shown, unless it is the demo, which is nobody's. */
  readonly hasSite: boolean;
  readonly advisor: AdvisorView | null;
  readonly setup: Pick<SetupView, 'preflight' | 'draft'> | null;
  readonly plan: Pick<PlanView, 'behaviour' | 'acceptance'> | null;
  /** Of the site; empty: its checks have not run yet. */
  readonly checks: readonly CheckResult[];
}

type Told = Omit<Stage, 'id' | 'title'>;

/** The four stages in order. Pure. */
export function stages(facts: StageFacts): Stage[] {
  return [
    stage('design', design(facts)),
    stage('infrastructure', infrastructure(facts)),
    stage('behaviour', behaviour(facts)),
    stage('operations', operations(facts)),
  ];
}

function stage(id: ReadinessStage, told: Told): Stage {
  return { id, title: readinessStages[id], ...told };
}

const isOpen = (says: string): Told => ({ state: 'open', says, progress: null });

function design({ advisor }: StageFacts): Told {
  const decision = advisor?.record.decision ?? null;
  if (advisor === null || decision === null) return isOpen('Five questions lead to one of the two designs.');
  const [drifted] = advisor.installed === null ? [] : driftFrom(advisor.record, advisor.installed);
  if (drifted !== undefined) return { state: 'again', says: drifted, progress: null };
  const says = `${designTitles[decision.design]}, decided by ${decision.by}.`;
  return { state: 'done', says, progress: null };
}

function infrastructure(facts: StageFacts): Told {
  return facts.hasSite ? byChecks(facts, 'infrastructure') : byPreflight(facts);
}

/** Before there is a site, the setup's preflight has looked at its servers. */
function byPreflight({ setup }: StageFacts): Told {
  if (setup === null || setup.preflight.work.state !== 'done') {
    return isOpen('The setup looks at every server, and at the ways between them.');
  }
  const { checks } = setup.preflight;
  const confirmed = setup.draft.confirmed;
  const failed = checks.filter(({ verdict }) => verdict === 'failed').length;
  const unsure = checks.filter(({ id, byPerson }) => byPerson && !confirmed.includes(id)).length;
  const unseen = checks.filter(({ verdict, byPerson }) => verdict === 'unknown' && !byPerson).length;
  const progress = { met: checks.length - failed - unsure - unseen, of: checks.length };
  if (failed > 0) return { state: 'open', says: `${failed} of ${checks.length} checks failed.`, progress };
  if (unseen > 0) {
    return { state: 'open', says: `${unseen} of ${checks.length} checks could not be seen.`, progress };
  }
  return unsure > 0
    ? {
        state: 'open',
        says: `${unsure} of ${checks.length} checks are to be confirmed by a person.`,
        progress,
      }
    : { state: 'done', says: `${checks.length} checks of the setup, none failed.`, progress };
}

/** The owner's acceptance is the record: reading alone leaves none. */
function behaviour({ plan }: StageFacts): Told {
  if (plan === null || plan.behaviour === null) {
    return isOpen('Follows once clusters, storage, lease store and timing are chosen.');
  }
  const { acceptance } = plan;
  if (acceptance === null) return isOpen('The owner reads what happens at each fault, and accepts it.');
  const [change] = behaviourChanges(acceptance.basis, plan.behaviour);
  return change === undefined
    ? { state: 'done', says: `Accepted by ${acceptance.owner}.`, progress: null }
    : { state: 'again', says: change, progress: null };
}

function operations(facts: StageFacts): Told {
  return facts.hasSite ? byChecks(facts, 'operations') : isOpen('Follows once the site is installed.');
}

function byChecks({ checks }: StageFacts, id: ReadinessStage): Told {
  const ids = new Set(readinessChecks.filter((check) => check.stage === id).map((check) => check.id));
  const { met, of, failed, open, snoozed } = tally(checks.filter(({ check }) => ids.has(check)));
  if (of === 0) return isOpen('Its checks have not run yet.');
  const progress = { met, of };
  if (open === 0) {
    const aside = snoozed > 0 ? `, ${snoozed} put aside` : '';
    return { state: 'done', says: `${met} of ${of} checks are met${aside}.`, progress };
  }
  const failures = failed > 0 ? `, ${failed} of them failed` : '';
  return { state: 'open', says: `${open} of ${of} checks are open${failures}.`, progress };
}
