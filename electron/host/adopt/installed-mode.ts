import { isDeepStrictEqual } from 'node:util';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { installedSite } from '../install/site-change.ts';
import { moveUnderWay } from '../move-store/move-record.ts';

/**
 * Why this site file cannot be armed or observed: it must be what is installed, but for its mode, and its lease store
 * must not be on the move. Null: it can.
 */
export async function modeRefusal({
  document,
  profileDirectory,
}: Pick<InstallInputs, 'document' | 'profileDirectory'>): Promise<ProductError | null> {
  const installed = await installedSite(profileDirectory);
  if (!installed.ok) return installed.error;
  if (installed.value === null) {
    const said = `${profileDirectory} is not the profile folder of an installed site.`;
    return productError('arm.refused', said, [], 'Install the site in observe mode first.');
  }
  if (isDeepStrictEqual(withoutMode(installed.value), withoutMode(document.site)))
    return moveUnderWay(profileDirectory);
  const next =
    'Install the changes first, in the mode that the site is in, or use the site file as it was installed.';
  return productError('arm.refused', 'The site file differs from what is installed.', [], next);
}

function withoutMode({ mode: _mode, ...site }: SiteDocument): object {
  return JSON.parse(JSON.stringify(site)) as object;
}
