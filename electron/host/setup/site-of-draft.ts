import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { draftedSite, type DraftedSite } from '../../../shared/setup/carried-fields.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import type { MeasuredTimes } from '../../../shared/setup/measured-times.ts';
import { measuredRefusals, measuredWords } from '../../../shared/setup/timing-choice.ts';
import { clusterTiming, siteRefusals } from '../../../shared/site/site-rules.ts';
import { installedSite } from '../install/site-change.ts';

/**
 * The site document that a draft would install, with what the site installed from this profile has beside it. Errors:
 * request.invalid (not complete yet), and those of `installedSite`.
 */
export async function siteOfDraft(
  draft: SetupDraft,
  profileDirectory: string,
): Promise<Result<DraftedSite, ProductError>> {
  const installed = await installedSite(profileDirectory);
  if (!installed.ok) return installed;
  const drafted = draftedSite(draft, installed.value);
  return drafted === null
    ? fail(productError('request.invalid', 'The setup is not complete yet.'))
    : succeed(drafted);
}

/** Why such a site must not be installed on servers with these times; null: nothing speaks against it. Error: site.unsafe. */
export function unsafeSite({ site }: DraftedSite, measured: MeasuredTimes): ProductError | null {
  const refusals = [
    ...siteRefusals(site),
    ...site.clusters.flatMap((cluster) =>
      measuredRefusals(clusterTiming(cluster), measured).map((why) => `${cluster.id}: ${measuredWords(why)}`),
    ),
  ];
  if (refusals.length === 0) return null;
  return productError('site.unsafe', 'The setup describes a site that must not be installed.', refusals);
}
