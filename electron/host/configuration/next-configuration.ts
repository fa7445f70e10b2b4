import { isDeepStrictEqual } from 'node:util';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import {
  configurationBody,
  configurationKind,
  madeWords,
  type SiteConfiguration,
} from '../../../shared/site/site-configuration.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { signText } from '../authority/signed-words.ts';
import type { KeyPairPem } from '../authority/site-authority.ts';
import type { SignedConfiguration } from './kept-configuration.ts';

/** More would not be read. */
const toldChanges = 40;

/** What a workstation wants to install, what it builds upon, and what the servers carry. */
export interface Standing {
  readonly wanted: SiteDocument;
  readonly kept: SignedConfiguration | null;
  readonly carried: readonly SignedConfiguration[];
}

/** The newest that the servers carry; null: none. Pure. */
export function newestOf(carried: readonly SignedConfiguration[]): SignedConfiguration | null {
  return carried.toSorted((one, other) => other.configuration.number - one.configuration.number)[0] ?? null;
}

/**
 * The configuration that the servers shall carry: the present one when nothing changes, or the next. Error: site.newer,
 * with every field that differs, when somebody else has installed another document since.
 */
export function nextConfiguration(
  { wanted, kept, carried }: Standing,
  authority: KeyPairPem,
  maker: Pick<SiteConfiguration, 'made' | 'by'>,
): Result<SignedConfiguration, ProductError> {
  const newest = newestOf(carried);
  if (newest !== null && isSame(newest.configuration.site, wanted)) return succeed(newest);
  if (newest !== null && newest.text !== kept?.text) {
    const ownNumber = kept?.configuration.number ?? 0;
    if (newest.configuration.number >= ownNumber) return fail(newerError(newest.configuration, wanted));
  }
  if (kept !== null && isSame(kept.configuration.site, wanted)) return succeed(kept);
  const number = Math.max(newest?.configuration.number ?? 0, kept?.configuration.number ?? 0) + 1;
  const configuration = { number, ...maker, site: wanted };
  const text = signText(authority, configurationKind, configurationBody(configuration));
  return succeed({ configuration, text });
}

function newerError(newest: SiteConfiguration, wanted: SiteDocument): ProductError {
  const said = `The servers of ${newest.site.name} carry another configuration than this workstation builds upon: ${madeWords(newest)}.`;
  const changes = documentChanges(wanted, newest.site);
  const more = changes.length - toldChanges;
  return productError('site.newer', said, [
    ...changes.slice(0, toldChanges).map((change) => `here → there: ${change}`),
    ...(more > 0 ? [`and ${more} more fields`] : []),
  ]);
}

function isSame(one: SiteDocument, other: SiteDocument): boolean {
  const plain = (document: SiteDocument): unknown => JSON.parse(JSON.stringify(document));
  return isDeepStrictEqual(plain(one), plain(other));
}
