import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { newConsole, profilePaths, saveKeys, saveSite } from '../install/profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import { makeRecoveryKit, openRecoveryKit } from './recovery-kit.ts';

/** The largest file that is taken for a kit. */
const kitBytes = 16 * 1024 * 1024;

/**
 * The text of a recovery kit of the site that this workstation administers. Errors: those of `readProfile`,
 * kit.no-authority (the authority's key is not here), request.invalid.
 */
export async function kitOfProfile(
  directory: string,
  passphrase: string,
  wallTime: string,
): Promise<Result<string, ProductError>> {
  const profile = await readProfile(directory, wallTime);
  if (!profile.ok) return profile;
  const { site, access, credentials } = profile.value;
  const privateKeyPem = await readFile(join(directory, profilePaths.authorityKey), 'utf8').catch(
    () => undefined,
  );
  if (privateKeyPem === undefined) {
    const said = `This workstation does not hold the key of the authority of ${site.name}.`;
    return fail(productError('kit.no-authority', said));
  }
  const authority = { certificatePem: credentials.authority, privateKeyPem };
  return makeRecoveryKit({ site, access, authority }, passphrase, wallTime);
}

/**
 * Makes a profile folder from a kit, as a whole or not at all, with a certificate of its own for this workstation. A
 * folder that holds anything is not touched. Errors: site.missing, site.damaged, kit.locked, kit.occupied.
 */
export async function restoreProfile(
  kitFile: string,
  directory: string,
  passphrase: string,
): Promise<Result<{ readonly site: string; readonly name: string }, ProductError>> {
  const there = await readdir(directory).catch(() => []);
  if (there.length > 0) {
    const said = `${directory} is there already, with ${there.slice(0, 3).join(', ')} in it.`;
    return fail(productError('kit.occupied', said));
  }
  const text = await readFile(kitFile).catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) {
    const said = `${kitFile} cannot be read (${text.code ?? text.message}).`;
    return fail(productError(text.code === 'ENOENT' ? 'site.missing' : 'site.damaged', said));
  }
  if (text.length > kitBytes) {
    return fail(productError('site.damaged', `${kitFile} is too large for a recovery kit.`));
  }
  const kit = await openRecoveryKit(text.toString('utf8'), passphrase);
  if (!kit.ok) return kit;
  const { site, access, authority } = kit.value;
  const fresh = `${directory}.restoring`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await saveKeys(fresh, { authority, console: await newConsole(authority) });
    await saveSite(fresh, { site, ...access });
    await rename(fresh, directory);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    const said = `The profile folder ${directory} could not be made.`;
    return fail(productError('kit.occupied', said, [(cause as Error).message]));
  }
  return succeed({ site: site.id, name: site.name });
}
