import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { KeyPairPem } from '../authority/site-authority.ts';
import { newConsole, profilePaths, saveKeys, saveSite } from '../install/profile.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import { keepIssued, issuedWorkstations } from '../workstations/issued-workstations.ts';
import { makeProfile, occupied, readSealedFile } from './fresh-profile.ts';
import { makeRecoveryKit, openRecoveryKit } from './recovery-kit.ts';

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
  const { site, access } = profile.value;
  const authority = await authorityOf(profile.value);
  if (authority === null) {
    const said = `This workstation does not hold the key of the authority of ${site.name}.`;
    return fail(productError('kit.no-authority', said));
  }
  const workstations = await issuedWorkstations(directory);
  if (!workstations.ok) return workstations;
  return makeRecoveryKit({ site, access, authority, workstations: workstations.value }, passphrase, wallTime);
}

/** The authority with its key; null: its key is not on this workstation. */
export async function authorityOf({
  directory,
  credentials,
}: Pick<ConsoleProfile, 'directory' | 'credentials'>): Promise<KeyPairPem | null> {
  const privateKeyPem = await readFile(join(directory, profilePaths.authorityKey), 'utf8').catch(() => null);
  return privateKeyPem === null ? null : { certificatePem: credentials.authority, privateKeyPem };
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
  const taken = await occupied(directory);
  if (taken !== null) return fail(taken);
  const text = await readSealedFile(kitFile);
  return text.ok ? restoreText(text.value, directory, passphrase) : text;
}

/** The same of the text of a kit, into a folder that nobody has yet. */
export async function restoreText(
  text: string,
  directory: string,
  passphrase: string,
): Promise<Result<{ readonly site: string; readonly name: string }, ProductError>> {
  const kit = await openRecoveryKit(text, passphrase);
  if (!kit.ok) return kit;
  const { site, access, authority, workstations = [] } = kit.value;
  const made = await makeProfile(directory, async (fresh) => {
    await saveKeys(fresh, { authority, console: await newConsole(authority) });
    await saveSite(fresh, { site, ...access });
    await keepIssued(fresh, workstations);
  });
  return made.ok ? succeed({ site: site.id, name: site.name }) : made;
}
