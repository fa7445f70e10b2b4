import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { longestSiteFile, type ChosenFile } from '../../../shared/site-file/site-file-view.ts';
import { signedConfiguration, type SignedConfiguration } from '../configuration/kept-configuration.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import { SiteInstallFile, waysOf } from '../install/install-file.ts';
import type { SiteAccess } from '../install/server-access.ts';
import { openRecoveryKit, readKitHead, type KitContent, type KitHead } from '../recovery/recovery-kit.ts';
import {
  openInvitation,
  readInvitationHead,
  type InvitationContent,
  type InvitationHead,
} from '../workstations/invitation.ts';
import { fieldsInError } from '../zod-fields.ts';
import { altered, provenExporter, type Exporter, type ExportMark } from './export-mark.ts';

/** A site file with who exported it, proven. */
export interface ReadSiteFile {
  readonly kind: 'site';
  readonly site: SiteDocument;
  readonly ways: SiteAccess;
  /** Null: written by a person, or exported before files were signed. */
  readonly mark: ExportMark | null;
  readonly exporter: Exporter | null;
  readonly configuration: SignedConfiguration | null;
}

/** A file that leads to a site. Of a sealed one the content is null until the passphrase was said. */
export type ReadFile =
  | ReadSiteFile
  | { readonly kind: 'kit'; readonly head: KitHead; readonly content: KitContent | null }
  | {
      readonly kind: 'invitation';
      readonly head: InvitationHead;
      readonly content: InvitationContent | null;
    };

/**
 * Reads a site file, a recovery kit or an invitation, whichever it is. Errors: site.damaged (truncated, not one of them, of a
 * newer console, broken fields), site.unsafe, import.altered, import.foreign, kit.locked, invitation.ended.
 */
export async function readChosenFile(
  { text, passphrase }: ChosenFile,
  wallTime: string,
): Promise<Result<ReadFile, ProductError>> {
  if (text.length > longestSiteFile) return damaged('The file is too large to lead to a site.');
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return damaged(unreadable(text));
  const fields = value as Readonly<Record<string, unknown>>;
  if ('site' in fields && 'access' in fields) return readSiteFile(fields);
  const invited = readInvitationHead(text);
  if (invited !== null) {
    if (passphrase === '') return succeed({ kind: 'invitation', head: invited, content: null });
    const opened = await openInvitation(text, passphrase, wallTime);
    return opened.ok ? succeed({ kind: 'invitation', ...opened.value }) : opened;
  }
  const kit = readKitHead(text);
  if (kit === null) return damaged(notOne(fields));
  if (passphrase === '') return succeed({ kind: 'kit', head: kit, content: null });
  const content = await openRecoveryKit(text, passphrase);
  return content.ok ? succeed({ kind: 'kit', head: kit, content: content.value }) : content;
}

function readSiteFile(fields: Readonly<Record<string, unknown>>): Result<ReadSiteFile, ProductError> {
  const parsed = z.safeParse(SiteInstallFile, fields);
  if (!parsed.success) {
    const newer = isOfNewerConsole(fields['exported']);
    const said = newer
      ? 'The site file was exported by a newer console than this one.'
      : 'The site file has fields that are missing or invalid.';
    const next = newer ? 'Upgrade this console, then open the file again.' : undefined;
    return fail(productError('site.damaged', said, fieldsInError(parsed.error), next));
  }
  const { site, exported = null } = parsed.data;
  const proven = exported === null ? succeed(null) : provenExporter(fields, exported, site.id);
  if (!proven.ok) return proven;
  const refusals = siteRefusals(site);
  if (refusals.length > 0)
    return fail(productError('site.unsafe', `The site ${site.name} is not safe as described.`, refusals));
  const configuration = exported && signedOf(exported, site);
  if (configuration !== null && !configuration.ok) return configuration;
  return succeed({
    kind: 'site',
    site,
    ways: waysOf(parsed.data),
    mark: exported,
    exporter: proven.value,
    configuration: configuration === null ? null : configuration.value,
  });
}

/** The numbered configuration in a file, which must be the site that the file describes. Error: import.altered. */
function signedOf(
  { configuration, authority }: ExportMark,
  site: SiteDocument,
): Result<SignedConfiguration | null, ProductError> {
  if (configuration === null) return succeed(null);
  const signed = signedConfiguration(configuration, site.id, authority);
  if (signed === null) return altered('its numbered configuration is not signed by the site’s authority');
  const differs = documentChanges(signed.configuration.site, site).length > 0;
  return differs ? altered('its site is not the one that its number was given to') : succeed(signed);
}

function isOfNewerConsole(mark: unknown): boolean {
  const format =
    typeof mark === 'object' && mark !== null ? (mark as { readonly format?: unknown }).format : 1;
  return typeof format === 'number' && format > 1;
}

function damaged(said: string): Result<never, ProductError> {
  return fail(productError('site.damaged', said));
}

function unreadable(text: string): string {
  const end = text.trimEnd();
  if (end === '') return 'The file is empty.';
  return end.startsWith('{') && !end.endsWith('}')
    ? 'The file ends before it is whole: it was not copied or saved to its end.'
    : 'The file is no site file, recovery kit or invitation: it is not valid JSON.';
}

function notOne(fields: Readonly<Record<string, unknown>>): string {
  if (String(fields['format']).startsWith('ixha-'))
    return 'The file is a recovery kit or invitation that this console cannot read: damaged, or of a newer version.';
  return 'The file is no site file, recovery kit or invitation.';
}
