import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import { profilePaths, siteFileOf } from '../install/profile.ts';
import { SiteAccessFile, type SiteAccess } from '../install/server-access.ts';
import { keptRevocations } from '../revocation/kept-revocations.ts';
import { fieldsInError } from '../zod-fields.ts';
import { withinLimit } from '../within-limit.ts';
import { checkCredentials } from './check-credentials.ts';
import type { ConsoleProfile } from './console-profile.ts';

const siteBytes = 4 * 1024 * 1024;
const pemBytes = 64 * 1024;
/** A folder on a network that is away would otherwise be awaited for ever. */
const readLimitMs = 10_000;

/**
 * Reads a console profile folder: `site.json` and `console/{authority,certificate,key}.pem`. Nothing is
 * changed. Fails with `site.missing` (a file is not there), `site.damaged` (not readable as what it
 * should be, with the fields), `site.unsafe` (every refusal named) or `agent.foreign` (certificate of
 * another site). Answers within 10 s also when the storage does not.
 */
export function readProfile(
  directory: string,
  wallTime: string,
): Promise<Result<ConsoleProfile, ProductError>> {
  const said = `${directory} could not be read within ${readLimitMs / 1000} s; its storage does not answer.`;
  const next = 'Check the disk or network folder, then try again.';
  return withinLimit(readLimitMs, readAll(directory, wallTime), () =>
    fail(productError('site.damaged', said, [], next)),
  );
}

async function readAll(directory: string, wallTime: string): Promise<Result<ConsoleProfile, ProductError>> {
  const document = await readSafeSite(directory);
  if (!document.ok) return document;
  const authority = await readText(join(directory, 'console/authority.pem'), pemBytes);
  if (!authority.ok) return authority;
  const certificate = await readText(join(directory, 'console/certificate.pem'), pemBytes);
  if (!certificate.ok) return certificate;
  const key = await readText(join(directory, 'console/key.pem'), pemBytes);
  if (!key.ok) return key;
  const access = await readAccessOf(directory);
  if (!access.ok) return access;
  const credentials = { authority: authority.value, certificate: certificate.value, key: key.value };
  const me = checkCredentials(credentials, document.value.id, directory, wallTime);
  if (!me.ok) return me;
  const kept = await keptRevocations(directory, document.value.id, authority.value);
  if (!kept.ok) return kept;
  const revoked = kept.value?.list.revoked ?? [];
  return succeed({
    directory,
    site: document.value,
    access: access.value,
    credentials: { ...credentials, revoked },
    me: me.value,
  });
}

/** The site document of a profile folder, whatever is to be said of its safety. Errors: site.missing, site.damaged. */
export async function readSiteOf(directory: string): Promise<Result<SiteDocument, ProductError>> {
  const path = siteFileOf(directory);
  const text = await readText(path, siteBytes);
  if (!text.ok) return text;
  let value: unknown;
  try {
    value = JSON.parse(text.value);
  } catch (cause) {
    return fail(productError('site.damaged', `${path} is not valid JSON.`, [(cause as Error).message]));
  }
  const site = z.safeParse(SiteDocument, value);
  if (!site.success) {
    const said = `${path} has invalid fields.`;
    return fail(productError('site.damaged', said, fieldsInError(site.error)));
  }
  return succeed(site.data);
}

async function readSafeSite(directory: string): Promise<Result<SiteDocument, ProductError>> {
  const site = await readSiteOf(directory);
  if (!site.ok) return site;
  const refusals = siteRefusals(site.value);
  if (refusals.length === 0) return site;
  const said = `The site ${site.value.name} is not safe as described.`;
  return fail(productError('site.unsafe', said, refusals));
}

/** The ways to the servers as a profile folder keeps them. It may be without: then every agent is reached directly. */
export async function readAccessOf(directory: string): Promise<Result<SiteAccess, ProductError>> {
  const path = join(directory, profilePaths.access);
  const text = await readText(path, siteBytes);
  if (!text.ok) return text.error.code === 'site.missing' ? succeed({ access: {} }) : text;
  try {
    const access = z.safeParse(SiteAccessFile, JSON.parse(text.value));
    if (access.success) return succeed(access.data);
    return fail(productError('site.damaged', `${path} has invalid fields.`, fieldsInError(access.error)));
  } catch (cause) {
    return fail(productError('site.damaged', `${path} is not valid JSON.`, [(cause as Error).message]));
  }
}

async function readText(path: string, limitBytes: number): Promise<Result<string, ProductError>> {
  try {
    const found = await stat(path);
    // Reading a pipe or a device could wait for ever.
    if (!found.isFile()) return fail(productError('site.damaged', `${path} is not a file.`));
    if (found.size > limitBytes)
      return fail(productError('site.damaged', `${path} is larger than ${limitBytes} bytes.`));
    const text = await readFile(path, 'utf8');
    if (text.trim() === '') return fail(productError('site.damaged', `${path} is empty.`));
    return succeed(text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return fail(productError('site.missing', `${path} is not there.`));
    return fail(productError('site.damaged', `${path} could not be read (${code ?? 'unknown cause'}).`));
  }
}
