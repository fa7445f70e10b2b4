import type { ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleRole } from '../../../shared/site/identity.ts';
import { saveConsole, saveSite } from '../install/profile.ts';
import { makeProfile, occupied, readSealedFile } from '../recovery/fresh-profile.ts';
import { restoreText } from '../recovery/kit-of-profile.ts';
import { keepRevocations, readSigned } from '../revocation/kept-revocations.ts';
import { invitationFormat, openInvitation } from './invitation.ts';

/** Who a workstation has become by joining. */
export interface Joined {
  readonly site: string;
  readonly name: string;
  /** `admin` with the authority's key, from a recovery kit. */
  readonly role: ConsoleRole;
  readonly by: 'kit' | 'invitation';
}

/**
 * Makes a profile folder from a recovery kit or an invitation, as a whole or not at all. Errors: site.missing,
 * site.damaged, kit.locked, kit.occupied, invitation.ended, revocation.*.
 */
export async function joinSite(
  file: string,
  directory: string,
  passphrase: string,
  wallTime: string,
): Promise<Result<Joined, ProductError>> {
  const text = await readSealedFile(file);
  return text.ok ? joinText(text.value, directory, passphrase, wallTime) : text;
}

/** The same of the text of such a file. */
export async function joinText(
  text: string,
  directory: string,
  passphrase: string,
  wallTime: string,
): Promise<Result<Joined, ProductError>> {
  const taken = await occupied(directory);
  if (taken !== null) return fail(taken);
  if (!isInvitation(text)) {
    const restored = await restoreText(text, directory, passphrase);
    return restored.ok ? succeed({ ...restored.value, role: 'admin', by: 'kit' }) : restored;
  }
  const opened = await openInvitation(text, passphrase, wallTime);
  if (!opened.ok) return opened;
  const { head, content } = opened.value;
  const { site, access, authorityPem, certificatePem, privateKeyPem, revocations } = content;
  const revoked = revocations === undefined ? null : readSigned(revocations, site.id, authorityPem);
  if (revoked !== null && !revoked.ok) return revoked;
  const made = await makeProfile(directory, async (fresh) => {
    await saveConsole(fresh, authorityPem, { certificatePem, privateKeyPem });
    await saveSite(fresh, { site, ...access });
    if (revoked !== null) await keepRevocations(fresh, revoked.value);
  });
  return made.ok ? succeed({ site: site.id, name: site.name, role: head.role, by: 'invitation' }) : made;
}

function isInvitation(text: string): boolean {
  const value = parseJson(text);
  return (
    typeof value === 'object' && value !== null && 'format' in value && value.format === invitationFormat
  );
}
