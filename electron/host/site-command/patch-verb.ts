import { productError, type ProductError } from '../../../shared/errors.ts';
import { formatMeasured, formatSpan } from '../../../shared/fleet/age.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { planPatch, type PatchPlan } from '../../../shared/patching/patch-plan.ts';
import type { PatchOrder, PatchRun } from '../../../shared/patching/patch-view.ts';
import { standingWords } from '../../../shared/patching/patch-words.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import { systemTime } from '../host-time.ts';
import { carryOutPatch, preparePatch } from '../patching/carry-out-patch.ts';
import type { SiteCommand } from './commands.ts';
import { withOpenSite, type VerbPlace } from '../with-open-site.ts';

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

function told({ server, direction }: PatchOrder, site: ConsoleSite): Result<SitePatch, ProductError> {
  const sight = siteSight(site.watch.view(systemTime().bootMs()), 0);
  const plan = planPatch(sight, server, direction, { role: site.me.role, connected: true });
  if (plan === null) {
    return fail(productError('request.invalid', `No cluster of this site has a member on ${server}.`));
  }
  return succeed({ done: plan.refusals.length === 0, lines: planLines(plan), run: null });
}

function planLines({ standing, direction, steps, refusals, cautions }: PatchPlan): string[] {
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
    ...steps.map(({ title, usualMs }, index) => {
      const usual = usualMs === null ? '' : ` (usually ${formatMeasured(usualMs)})`;
      return `  ${index + 1}. ${title}${usual}`;
    }),
  ];
}

async function made(
  order: PatchOrder,
  site: ConsoleSite,
  { signal, say }: PatchPlace,
): Promise<Result<SitePatch, ProductError>> {
  const time = systemTime();
  const prepared = preparePatch(order, { site, time });
  if (!prepared.ok) return prepared;
  const seen = new Set<string>();
  const run = await carryOutPatch(order, prepared.value, {
    ...{ site, time },
    ends: () => (signal.aborted ? 'It was ended at the terminal.' : null),
    closed: () => false,
    tell: ({ steps }) => {
      for (const { title, state, tookMs, evidence } of steps) {
        if (state === 'running' && evidence !== '' && !seen.has(evidence + title)) {
          seen.add(evidence + title);
          say(`  waits   ${title}: ${evidence}`);
        }
        if (state === 'pending' || state === 'running' || seen.has(title)) continue;
        seen.add(title);
        say(`  ${state.padEnd(7)} ${title}: ${evidence} (${formatMeasured(tookMs ?? 0)})`);
      }
    },
  });
  return succeed({ done: run.state === 'done', lines: [run.sentence], run });
}
