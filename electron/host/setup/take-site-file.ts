import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import { readInstallFile } from '../install/install-file.ts';
import { ownPath } from '../own-path.ts';
import { draftFromFile } from './draft-from-file.ts';

/**
 * Reads a site file of this workstation as a setup; `~/` is the person's own folder. Errors: site.missing, site.damaged,
 * site.unsafe, setup.not-held with every field that the screen has no place for.
 */
export async function draftOfSiteFile(file: string): Promise<Result<SetupDraft, ProductError>> {
  const path = ownPath(file);
  const read = await readInstallFile(path);
  if (!read.ok) return read;
  const made = draftFromFile(read.value);
  if (made.ok) return succeed(made.value);
  const said = `The setup on the screen has no place for a part of ${path}.`;
  return fail(productError('setup.not-held', said, made.error));
}
