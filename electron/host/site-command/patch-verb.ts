import type { ProductError } from '../../../shared/errors.ts';
import { formatMeasured, formatRange, formatSpan } from '../../../shared/fleet/age.ts';
import type { PatchPlan, PatchStep } from '../../../shared/patching/patch-plan.ts';
import type { PatchOrder, PatchRun } from '../../../shared/patching/patch-view.ts';
import { standingWords } from '../../../shared/patching/patch-words.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import { systemTime } from '../host-time.ts';
import { carryOutPatch, lookAtPatch, preparePatch } from '../patching/carry-out-patch.ts';
import type { SiteCommand } from './commands.ts';
import { withOpenSite, type VerbPlace } from '../with-open-site.ts';
import { StepLines } from './step-lines.ts';

type PatchCommand = Extract<SiteCommand, { verb: 'patch' }>;

type PatchPlace = Omit<VerbPlace, 'consoleVersion'>;

/** How it went, in lines for the person. */
export interface SitePatch {
  readonly done: boolean;
  readonly lines: string[];
  /** Null: only told. */
  readonly run: PatchRun | null;
}

/**
 * `site patch`: takes a server out of service for patching, or brings it back, cluster by cluster.
 * Errors: those of a profile that cannot be opened, patch.refused, request.invalid.
 */
export function sitePatch(
  command: PatchCommand,
  place: PatchPlace,
): Promise<Result<SitePatch, ProductError>> {
  return withOpenSite(place.profileDirectory, systemTime(), async (site) =>
    command.plan ? told(command.order, site) : made(command.order, site, place),
  );
}

async function told(order: PatchOrder, site: ConsoleSite): Promise<Result<SitePatch, ProductError>> {
  const looked = await lookAtPatch(order, { site, time: systemTime() });
  if (!looked.ok) return looked;
  const plan = looked.value;
  return succeed({ done: plan.refusals.length === 0, lines: patchLines(plan), run: null });
}

/** A plan for the terminal. */
export function patchLines({ standing, direction, steps, refusals, cautions }: PatchPlan): string[] {
  const { name, phase, hold } = standing;
  const phases = {
    'in-service': `${name} is in service`,
    part: `${name} is partly held out: do not patch it yet`,
    out: `${name} may be patched now`,
  };
  const left = hold?.leftMs == null ? '' : `, held out for another ${formatSpan(hold.leftMs)} by ${hold.by}`;
  return [
    `${phases[phase]}${left}: ${standingWords(standing)}.`,
    ...refusals.map(({ reason, remedy }) => `  blocker: ${reason} ${remedy}`),
    ...cautions.map(({ title, text }) => `  caution: ${title}. ${text}`),
    direction === 'out' ? 'To take it out of service:' : 'To bring it back:',
    ...steps.map((step, index) => `  ${index + 1}. ${step.title}${timesOf(step)}`),
  ];
}

/** As it usually is, where that was measured; of a move also how long there is no Active. */
function timesOf({ usualMs, withoutActive }: PatchStep): string {
  const gap =
    withoutActive?.complete === true
      ? [`without an Active for ${formatRange(withoutActive.bestMs, withoutActive.worstMs)}`]
      : [];
  const told = [...(usualMs === null ? [] : [`usually ${formatMeasured(usualMs)}`]), ...gap];
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

async function made(
  order: PatchOrder,
  site: ConsoleSite,
  { signal, say }: PatchPlace,
): Promise<Result<SitePatch, ProductError>> {
  const time = systemTime();
  const prepared = await preparePatch(order, { site, time });
  if (!prepared.ok) return prepared;
  const lines = new StepLines(say);
  const run = await carryOutPatch(order, prepared.value, {
    ...{ site, time },
    ends: () => (signal.aborted ? 'It was ended at the terminal.' : null),
    closed: () => false,
    tell: ({ steps }) => lines.tell(steps),
  });
  return succeed({ done: run.state === 'done', lines: [run.sentence], run });
}
