import * as z from 'zod/mini';
import { productError, type ProductError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import { fail, succeed, type Result } from '../result.ts';
import { bodyOfSigned, type IsSigned, type SignedKind } from './signed-text.ts';
import { SiteDocument } from './site-document.ts';

export const configurationKind: SignedKind = 'ixha-site-1';

/** The site as it was last installed, as its servers carry it: which state of it this is, and who made that. */
export const SiteConfiguration = z.strictObject({
  /** One more with every change of the site document. */
  number: z.int().check(z.minimum(1)),
  /** Wall time of the workstation that made it. */
  made: z.iso.datetime(),
  /** User and workstation. */
  by: z.string().check(z.maxLength(200)),
  site: SiteDocument,
});
export type SiteConfiguration = z.infer<typeof SiteConfiguration>;

/** The text of a configuration, before it is signed. */
export function configurationBody(configuration: SiteConfiguration): string {
  return `${JSON.stringify(configuration, null, 1)}\n`;
}

/** Reads a signed configuration. Errors: site.damaged (none, or of a newer release), agent.foreign (of another site). */
export function readConfiguration(
  text: string,
  { site, isSigned }: { readonly site: string; readonly isSigned: IsSigned },
): Result<SiteConfiguration, ProductError> {
  const body = bodyOfSigned(configurationKind, text, isSigned);
  if (!body.ok) {
    return body.error === 'damaged'
      ? fail(productError('site.damaged', 'The kept configuration of the site cannot be read.'))
      : fail(productError('agent.foreign', 'The kept configuration is not signed by this site’s authority.'));
  }
  const read = SiteConfiguration.safeParse(parseJson(body.value));
  if (!read.success) return fail(productError('site.damaged', 'The kept configuration is of another form.'));
  return read.data.site.id === site
    ? succeed(read.data)
    : fail(productError('agent.foreign', `The kept configuration is of the site ${read.data.site.id}.`));
}

/** When and by whom a configuration was made, for sentences. */
export function madeWords({ number, made, by }: SiteConfiguration): string {
  return `number ${number}, made ${made.slice(0, 16).replace('T', ' ')} UTC by ${by}`;
}
