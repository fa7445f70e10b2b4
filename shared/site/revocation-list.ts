import * as z from 'zod/mini';
import { productError, type ProductError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import { fail, succeed, type Result } from '../result.ts';
import { identityUri, type Identity } from './identity.ts';
import { bodyOfSigned, type IsSigned, type SignedKind } from './signed-text.ts';

export const revocationsKind: SignedKind = 'ixha-revocations-1';

/** Fits into the body of one call to an agent, quoted as JSON. About two hundred revocations. */
export const longestRevocationText = 40_000;

const told = {
  /** Wall time of the workstation that revoked it. */
  at: z.iso.datetime(),
  by: z.string().check(z.maxLength(100)),
  why: z.string().check(z.maxLength(200)),
};

/** What is refused from now on. */
export const Revocation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('holder'),
    /** Identity URI: every certificate that speaks for it … */
    holder: z.string().check(z.maxLength(300)),
    /** … and begins before this, whatever key it is for. */
    beginsBefore: z.iso.datetime(),
    ...told,
  }),
  z.strictObject({
    kind: z.literal('serial'),
    /** Hexadecimal, upper case, without leading zeros. */
    serial: z.string().check(z.regex(/^[1-9A-F][0-9A-F]{0,39}$/)),
    ...told,
  }),
]);
export type Revocation = z.infer<typeof Revocation>;

/** All that the site's authority has revoked so far. It only grows: certificates are accepted beyond their end. */
export const RevocationList = z.strictObject({
  site: z.string(),
  /** One more with every change. */
  number: z.int().check(z.minimum(1)),
  revoked: z.array(Revocation),
});
export type RevocationList = z.infer<typeof RevocationList>;

/** What counts of a list. */
export interface Revoked {
  readonly revoked: readonly Revocation[];
}

/** A certificate as it is looked up in a list. */
export interface JudgedCertificate {
  readonly identity: Identity;
  readonly serial: string;
  readonly beginsAtMs: number;
}

/** Why this certificate is not accepted any more; undefined: it is not revoked. Pure. */
export function revocationOf(
  { revoked }: Revoked,
  { identity, serial, beginsAtMs }: JudgedCertificate,
): Revocation | undefined {
  const holder = identityUri(identity);
  const number = plainSerial(serial);
  return revoked.find((entry) =>
    entry.kind === 'serial'
      ? entry.serial === number
      : entry.holder === holder && beginsAtMs < Date.parse(entry.beginsBefore),
  );
}

/** A serial number as lists write it. */
export function plainSerial(serial: string): string {
  return serial.replaceAll(':', '').toUpperCase().replace(/^0+/, '');
}

/** The text of a list, before it is signed. */
export function revocationBody(list: RevocationList): string {
  return `${JSON.stringify(list, null, 1)}\n`;
}

/**
 * Reads a signed list. Errors: revocation.damaged (none that can be read), revocation.foreign (of another site, or not
 * signed by this site's authority).
 */
export function readRevocations(
  text: string,
  { site, isSigned }: { readonly site: string; readonly isSigned: IsSigned },
): Result<RevocationList, ProductError> {
  if (text.length > longestRevocationText) return damaged('it is too long');
  const body = bodyOfSigned(revocationsKind, text, isSigned);
  if (!body.ok) {
    if (body.error === 'damaged') return damaged('it does not begin as one');
    return foreign('The revocation list does not carry the signature of this site’s authority.');
  }
  const list = RevocationList.safeParse(parseJson(body.value));
  if (!list.success) return damaged('its content is not that of one');
  return list.data.site === site
    ? succeed(list.data)
    : foreign(`The revocation list is of the site ${list.data.site}, not of ${site}.`);
}

/** Whether a list may take the place of the present one. Errors: revocation.older. */
export function mayReplace(
  next: RevocationList,
  present: Revoked & Pick<RevocationList, 'number'>,
): Result<void, ProductError> {
  const older = (said: string) => fail(productError('revocation.older', said));
  if (next.number <= present.number) {
    return older(
      `The revocation list has the number ${next.number}; number ${present.number} is here already.`,
    );
  }
  return holdsAll(next, present)
    ? succeed(undefined)
    : older(`The revocation list ${next.number} lacks some of what number ${present.number} revokes.`);
}

/** Whether everything that `present` revokes is revoked by `next` too. Pure. */
export function holdsAll(next: Revoked, present: Revoked): boolean {
  const kept = new Set(next.revoked.map(sameEntry));
  return present.revoked.every((entry) => kept.has(sameEntry(entry)));
}

/**
 * A list with all of these and more in it, for the authority to sign; one of them when it has all of it already; null
 * when nothing was ever revoked. Pure.
 */
export function grownList(
  present: readonly RevocationList[],
  site: string,
  more: readonly Revocation[],
): RevocationList | null {
  const entries = [...present.flatMap(({ revoked }) => revoked), ...more];
  const revoked = [...new Map(entries.map((entry) => [sameEntry(entry), entry])).values()];
  const newest = present.toSorted((one, other) => other.number - one.number)[0];
  if (newest?.revoked.length === revoked.length) return newest;
  if (revoked.length === 0) return null;
  return { site, number: (newest?.number ?? 0) + 1, revoked };
}

function sameEntry(entry: Revocation): string {
  return entry.kind === 'serial' ? entry.serial : `${entry.holder} ${entry.beginsBefore}`;
}

function damaged(why: string): Result<never, ProductError> {
  return fail(productError('revocation.damaged', `The revocation list cannot be used: ${why}.`));
}

function foreign(said: string): Result<never, ProductError> {
  return fail(productError('revocation.foreign', said));
}
