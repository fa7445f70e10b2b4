import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { exportSiteFile, type ExportMoment } from '../configuration/export-site-file.ts';
import { readProfile } from '../profile/read-profile.ts';
import { writeNewFile } from '../write-new-file.ts';
import type { SiteCommand } from './commands.ts';

/** `site export`: the site file of a profile folder. Errors: site.*, agent.foreign, request.invalid (not written). */
export async function exportVerb(
  { file: directory, out }: Extract<SiteCommand, { verb: 'export' }>,
  moment: ExportMoment,
): Promise<Result<string[], ProductError[]>> {
  const profile = await readProfile(directory, moment.at);
  if (!profile.ok) return fail([profile.error]);
  const { text, lacks, fingerprint } = await exportSiteFile(profile.value, moment);
  const written = await writeNewFile(out, text, new AbortController().signal);
  if (written.ok)
    return succeed([
      `The site file of ${profile.value.site.name} is ${out}, signed by this workstation and without secrets.`,
      `Whoever opens it compares the authority: ${fingerprint}`,
      ...lacks,
    ]);
  const next =
    'Name a file that does not exist yet, in a folder that this user may write to and with room on its disk.';
  return fail([
    productError('request.invalid', `The site file could not be written to ${out}.`, [written.error], next),
  ]);
}
