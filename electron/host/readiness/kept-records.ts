import { driftFrom, installedDesign } from '../../../shared/advisor/drift.ts';
import { designTitles } from '../../../shared/advisor/recommend.ts';
import { behaviourChanges, siteBehaviour } from '../../../shared/behaviour/behaviour-site.ts';
import type { KeptRecord, SiteScene } from '../../../shared/readiness/scene.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { keptAdvisorRecord } from '../advisor/advisor-keeper.ts';
import { readAcceptance } from '../behaviour/plan-keeper.ts';

/** What people have decided of a site, compared with the site as it is. A damaged record counts as none. */
export async function keptRecords(
  profileDirectory: string,
  site: SiteDocument,
  wallTime: string,
): Promise<Pick<SiteScene, 'decided' | 'accepted'>> {
  const advisor = await keptAdvisorRecord(profileDirectory, wallTime);
  const kept = await readAcceptance(profileDirectory, wallTime);
  const acceptance = kept.ok ? kept.value : null;
  const decision = advisor?.decision ?? null;
  const decided: KeptRecord | null = advisor &&
    decision && {
      says: `${designTitles[decision.design]}, decided by ${decision.by} with the advisor`,
      at: decision.at,
      change: driftFrom(advisor, installedDesign(site))[0] ?? null,
    };
  const accepted: KeptRecord | null = acceptance && {
    says: `accepted by ${acceptance.owner}`,
    at: acceptance.at,
    change: behaviourChanges(acceptance.basis, siteBehaviour(site))[0] ?? null,
  };
  return { decided, accepted };
}
