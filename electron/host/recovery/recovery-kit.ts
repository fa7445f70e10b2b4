import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { IssuedWorkstation } from '../../../shared/workstations/workstations-view.ts';
import { siteOfAuthority } from '../authority/console-identity.ts';
import { SiteAccessFile } from '../install/server-access.ts';
import { passphraseRefusal } from './passphrase.ts';
import { seal, SealedText, unseal } from './sealed-text.ts';

const format = 'ixha-recovery-kit';

/** The file: what it is for can be read by anybody, what is in it only with the passphrase. */
const RecoveryKit = z.strictObject({
  format: z.literal(format),
  version: z.literal(1),
  site: z.string(),
  name: z.string(),
  /** Wall time of the workstation that made it, ISO 8601 in UTC. */
  made: z.iso.datetime(),
  sealed: SealedText,
});

export type KitHead = Omit<z.infer<typeof RecoveryKit>, 'sealed'>;

/** What anybody can read of a kit's file; null: it is none that this console can read. */
export function readKitHead(text: string): KitHead | null {
  const kit = RecoveryKit.safeParse(parseJson(text));
  if (!kit.success) return null;
  const { sealed: _sealed, ...head } = kit.data;
  return head;
}

/** Everything without which no workstation can administer the site again. */
export const KitContent = z.strictObject({
  site: SiteDocument,
  access: SiteAccessFile,
  authority: z.strictObject({ certificatePem: z.string(), privateKeyPem: z.string() }),
  /** Whom the workstation that made it has invited. */
  workstations: z.optional(z.array(IssuedWorkstation)),
});
export type KitContent = z.infer<typeof KitContent>;

/** The text of a kit's file. Errors: request.invalid (passphrase too short). */
export async function makeRecoveryKit(
  content: KitContent,
  passphrase: string,
  made: string,
): Promise<Result<string, ProductError>> {
  const refusal = passphraseRefusal(passphrase, 'a recovery kit');
  if (refusal !== null) return fail(refusal);
  const head = { format, version: 1, site: content.site.id, name: content.site.name, made } as const;
  const sealed = await seal(JSON.stringify(content), passphrase, labelOf(head));
  return succeed(`${JSON.stringify({ ...head, sealed }, null, 2)}\n`);
}

/**
 * Opens a kit. Errors: site.damaged (no kit, or another version's), kit.locked (wrong passphrase or changed since it was
 * made).
 */
export async function openRecoveryKit(
  text: string,
  passphrase: string,
): Promise<Result<KitContent, ProductError>> {
  const kit = RecoveryKit.safeParse(parseJson(text));
  if (!kit.success) {
    return fail(productError('site.damaged', 'The file is no recovery kit that this console can read.'));
  }
  const { sealed, ...head } = kit.data;
  const opened = await unseal(sealed, passphrase, labelOf(head));
  if (opened === undefined) {
    const said = `The recovery kit of the site ${head.name}, made ${head.made}, does not open with this passphrase.`;
    return fail(productError('kit.locked', said));
  }
  const content = KitContent.safeParse(parseJson(opened));
  if (!content.success || !belongsTogether(content.data)) {
    return fail(
      productError('site.damaged', 'The recovery kit opens, but what is in it does not fit together.'),
    );
  }
  return succeed(content.data);
}

/** The authority is this site's, and its key is that of the certificate. */
function belongsTogether({ site, authority }: KitContent): boolean {
  try {
    const key = createPrivateKey(authority.privateKeyPem);
    const certificate = new X509Certificate(authority.certificatePem);
    return certificate.checkPrivateKey(key) && siteOfAuthority(authority.certificatePem) === site.id;
  } catch {
    return false;
  }
}

function labelOf({
  site,
  name,
  made,
}: {
  readonly site: string;
  readonly name: string;
  readonly made: string;
}) {
  return JSON.stringify([format, 1, site, name, made]);
}
