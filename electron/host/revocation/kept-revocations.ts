import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { readRevocations, type RevocationList } from '../../../shared/site/revocation-list.ts';
import { signedBy } from '../authority/signed-words.ts';
import { writeWhole } from '../write-whole.ts';

/** A list with the text that its signature is for. */
export interface SignedRevocations {
  readonly list: RevocationList;
  readonly text: string;
}

/** The revocation list of a profile folder; null: nothing is revoked as far as it knows. Errors: revocation.*. */
export async function keptRevocations(
  directory: string,
  site: string,
  authorityPem: string,
): Promise<Result<SignedRevocations | null, ProductError>> {
  const text = await readFile(fileOf(directory), 'utf8').catch(() => null);
  return text === null ? succeed(null) : readSigned(text, site, authorityPem);
}

/** Reads a list and keeps its text with it. Errors: revocation.damaged, revocation.foreign. */
export function readSigned(
  text: string,
  site: string,
  authorityPem: string,
): Result<SignedRevocations, ProductError> {
  const list = readRevocations(text, { site, isSigned: signedBy(authorityPem) });
  return list.ok ? succeed({ list: list.value, text }) : list;
}

export async function keepRevocations(directory: string, { text }: SignedRevocations): Promise<void> {
  await writeWhole(fileOf(directory), text);
}

/** A file that is no list stands in nobody's way: it is kept beside, and the agents have the list. */
export async function keepAsideDamaged(directory: string, site: string): Promise<void> {
  const authorityPem = await readFile(join(directory, 'console/authority.pem'), 'utf8').catch(() => null);
  if (authorityPem === null) return;
  const kept = await keptRevocations(directory, site, authorityPem);
  if (!kept.ok) await rename(fileOf(directory), `${fileOf(directory)}.damaged`);
}

function fileOf(directory: string): string {
  return join(directory, 'revocations.txt');
}
