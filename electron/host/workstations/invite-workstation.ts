import { X509Certificate } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleRole } from '../../../shared/site/identity.ts';
import { acceptedNamed } from '../../../shared/workstations/workstation-standing.ts';
import {
  WorkstationInvitation,
  longestInvitationDays,
  type IssuedWorkstation,
} from '../../../shared/workstations/workstations-view.ts';
import { createIdentity, type KeyPairPem } from '../authority/site-authority.ts';
import type { SiteAccess } from '../install/server-access.ts';
import { workerName } from '../install/site-lock.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { readProfile } from '../profile/read-profile.ts';
import { authorityOf } from '../recovery/kit-of-profile.ts';
import { passphraseRefusal } from '../recovery/passphrase.ts';
import { keptRevocations } from '../revocation/kept-revocations.ts';
import { issuedWorkstations, keepIssued } from './issued-workstations.ts';
import { makeInvitation } from './invitation.ts';
import { workstationViews } from './workstations-of-profile.ts';

/** Whom to invite, and what seals the file. */
export interface InviteOrder {
  readonly invitation: WorkstationInvitation;
  readonly passphrase: string;
}

/**
 * Gives a workstation a certificate of its own and seals it, with the site, into the text of a file. It is written down
 * whom it was given to before anybody has it. Errors: those of `readProfile`, invitation.refused, request.invalid.
 */
export async function inviteWorkstation(
  directory: string,
  { invitation, passphrase }: InviteOrder,
  wallTime: string,
): Promise<Result<{ readonly fileName: string; readonly text: string }, ProductError>> {
  const asked = WorkstationInvitation.safeParse(invitation);
  if (!asked.success) return fail(notThat());
  const short = passphraseRefusal(passphrase, 'an invitation');
  if (short !== null) return fail(short);
  const profile = await readProfile(directory, wallTime);
  if (!profile.ok) return profile;
  const issued = await issuedWorkstations(directory);
  if (!issued.ok) return issued;
  const { name, role, days } = asked.data;
  const taken = acceptedNamed(workstationViews(profile.value, issued.value), name, Date.parse(wallTime));
  if (taken !== undefined) return fail(nameTaken(name, taken.own));
  const authority = await mayInvite(profile.value);
  if (!authority.ok) return authority;
  const { site } = profile.value;
  const revoked = await keptRevocations(directory, site.id, authority.value.certificatePem);
  if (!revoked.ok) return revoked;
  const identity = { kind: 'console', site: site.id, role, name } as const;
  const console = await createIdentity(authority.value, { identity, days });
  const one = issuedOf(console, { name, role, issued: wallTime });
  await keepIssued(directory, [...issued.value, one]);
  const text = await makeInvitation(
    { site: site.id, siteName: site.name, made: wallTime, name, role, ends: one.ends },
    {
      site,
      access: accessFor(role, profile.value.access),
      authorityPem: authority.value.certificatePem,
      ...console,
      ...(revoked.value && { revocations: revoked.value.text }),
    },
    passphrase,
  );
  return text.ok ? succeed({ fileName: `${site.id}-${name}.invitation`, text: text.value }) : text;
}

/** The authority to invite with. Error: invitation.refused (not an administrator, its key is elsewhere). */
async function mayInvite(profile: ConsoleProfile): Promise<Result<KeyPairPem, ProductError>> {
  if (profile.me.role !== 'admin') {
    const said = `Only an administrator may invite; ${profile.me.name} is ${profile.me.role}.`;
    return fail(productError('invitation.refused', said, [], 'Ask an administrator of the site.'));
  }
  const authority = await authorityOf(profile);
  if (authority !== null) return succeed(authority);
  const said = `This workstation does not hold the key of the authority of ${profile.site.name}.`;
  const next =
    'Do it on the workstation that the site was installed from, or on one made from its recovery kit.';
  return fail(productError('invitation.refused', said, [], next));
}

function nameTaken(name: string, own: boolean): ProductError {
  const said = own ? `${name} is this workstation itself.` : `There is a workstation ${name} already.`;
  const next = `Choose another name, or revoke ${name} first if it shall be invited anew.`;
  return productError('invitation.refused', said, [], next);
}

function notThat(): ProductError {
  const said = `A workstation needs a name of letters, digits, _ and - that begins with a letter or digit, a role, and 1 to ${longestInvitationDays} days.`;
  return productError('request.invalid', said);
}

function issuedOf(
  { certificatePem }: KeyPairPem,
  one: { readonly name: string; readonly role: ConsoleRole; readonly issued: string },
): IssuedWorkstation {
  const { serialNumber, validFromDate, validToDate } = new X509Certificate(certificatePem);
  return {
    ...one,
    serial: serialNumber.toUpperCase(),
    begins: validFromDate.toISOString(),
    ends: validToDate.toISOString(),
    by: workerName(),
  };
}

/** Whoever does not work on servers learns only the ways that lead to agents. Pure. */
function accessFor(role: ConsoleRole, { access, jumpHosts, revokedHostKeys, etcd }: SiteAccess) {
  const led = Object.entries(access).filter(([, way]) => role === 'admin' || way.agentsThroughSsh === true);
  const through = new Set(led.map(([, { jump }]) => jump));
  const jumps = Object.entries(jumpHosts ?? {}).filter(([id]) => role === 'admin' || through.has(id));
  return {
    access: Object.fromEntries(led),
    ...(jumps.length > 0 && { jumpHosts: Object.fromEntries(jumps) }),
    ...(revokedHostKeys && { revokedHostKeys: [...revokedHostKeys] }),
    ...(role === 'admin' && etcd && { etcd }),
  };
}
