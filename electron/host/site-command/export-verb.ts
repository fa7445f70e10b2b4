import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { exportSiteFile } from '../configuration/export-site-file.ts';
import { readProfile } from '../profile/read-profile.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { SiteCommand } from './commands.ts';

/** `site export`: the site file of a profile folder. Errors: site.*, agent.foreign, request.invalid (not written). */
export async function exportVerb(
  { file: directory, out }: Extract<SiteCommand, { verb: 'export' }>,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const profile = await readProfile(directory, wallTime);
  if (!profile.ok) return fail([profile.error]);
  const { text, lacks } = exportSiteFile(profile.value);
  const written = await writeNewFile(out, text, new AbortController().signal);
  if (written.ok)
    return succeed([`The site file of ${profile.value.site.name} is ${out}, without secrets.`, ...lacks]);
  const next =
    'Name a file that does not exist yet, in a folder that this user may write to and with room on its disk.';
  return fail([
    productError('request.invalid', `The site file could not be written to ${out}.`, [written.error], next),
  ]);
}
