import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { consoleRoles } from '../../../shared/site/identity.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { SiteAccessFile } from '../install/server-access.ts';
import { checkCredentials } from '../profile/check-credentials.ts';
import { passphraseRefusal } from '../recovery/passphrase.ts';
import { seal, SealedText, unseal } from '../recovery/sealed-text.ts';

export const invitationFormat = 'ixha-invitation';

const headFields = {
  format: z.literal(invitationFormat),
  version: z.literal(1),
  /** Id and name of the site. */
  site: z.string(),
  siteName: z.string(),
  /** Wall time of the workstation that made it, ISO 8601 in UTC. */
  made: z.iso.datetime(),
  /** The workstation that is invited, and until when its certificate is good. */
  name: z.string(),
  role: z.enum(consoleRoles),
  ends: z.iso.datetime(),
};
/** The file: for whom it is can be read by anybody, what is in it only with the passphrase. */
const Invitation = z.strictObject({ ...headFields, sealed: SealedText });
export type InvitationHead = Omit<z.infer<typeof Invitation>, 'sealed'>;

/** What anybody can read of an invitation's file; null: it is none that this console can read. */
export function readInvitationHead(text: string): InvitationHead | null {
  const invitation = Invitation.safeParse(parseJson(text));
  if (!invitation.success) return null;
  const { sealed: _sealed, ...head } = invitation.data;
  return head;
}

/** What the invited workstation gets: never the authority's key. */
const InvitationContent = z.strictObject({
  site: SiteDocument,
  access: SiteAccessFile,
  authorityPem: z.string(),
  certificatePem: z.string(),
  privateKeyPem: z.string(),
  /** The signed list of what is revoked, as the inviting workstation knew it. */
  revocations: z.optional(z.string()),
});
export type InvitationContent = z.infer<typeof InvitationContent>;

/** The text of an invitation's file. Errors: request.invalid (passphrase too short). */
export async function makeInvitation(
  head: Omit<InvitationHead, 'format' | 'version'>,
  content: InvitationContent,
  passphrase: string,
): Promise<Result<string, ProductError>> {
  const refusal = passphraseRefusal(passphrase, 'an invitation');
  if (refusal !== null) return fail(refusal);
  const whole: InvitationHead = { format: invitationFormat, version: 1, ...head };
  const sealed = await seal(JSON.stringify(content), passphrase, labelOf(whole));
  return succeed(`${JSON.stringify({ ...whole, sealed }, null, 2)}\n`);
}

/**
 * Opens an invitation. Errors: site.damaged (none, another version's, or content that does not fit together),
 * invitation.ended, kit.locked (wrong passphrase, or changed since it was made).
 */
export async function openInvitation(
  text: string,
  passphrase: string,
  wallTime: string,
): Promise<Result<{ readonly head: InvitationHead; readonly content: InvitationContent }, ProductError>> {
  const invitation = Invitation.safeParse(parseJson(text));
  if (!invitation.success) {
    return fail(productError('site.damaged', 'The file is no invitation that this console can read.'));
  }
  const { sealed, ...head } = invitation.data;
  if (Date.parse(head.ends) <= Date.parse(wallTime)) {
    const said = `The invitation of ${head.name} to the site ${head.siteName} ended on ${head.ends.slice(0, 10)}.`;
    return fail(productError('invitation.ended', said));
  }
  const opened = await unseal(sealed, passphrase, labelOf(head));
  if (opened === undefined) {
    const said = `The invitation of ${head.name} to the site ${head.siteName} does not open with this passphrase.`;
    const next = 'Check the passphrase with whoever has made the invitation, or ask for another invitation.';
    return fail(productError('kit.locked', said, [], next));
  }
  const content = InvitationContent.safeParse(parseJson(opened));
  if (!content.success || !belongsTogether(content.data, head, wallTime)) {
    const said = 'The invitation opens, but what is in it does not fit together.';
    return fail(productError('site.damaged', said));
  }
  return succeed({ head, content: content.data });
}

/** Certificate and key are those of whom the file names, issued by the authority of this very site. */
function belongsTogether(content: InvitationContent, head: InvitationHead, wallTime: string): boolean {
  const { authorityPem: authority, certificatePem: certificate, privateKeyPem: key } = content;
  const me = checkCredentials({ authority, certificate, key, revoked: [] }, content.site.id, '', wallTime);
  return me.ok && me.value.name === head.name && me.value.role === head.role && head.site === content.site.id;
}

function labelOf({ site, siteName, made, name, role, ends }: InvitationHead): string {
  return JSON.stringify([invitationFormat, 1, site, siteName, made, name, role, ends]);
}
