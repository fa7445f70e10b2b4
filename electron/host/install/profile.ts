import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleCredentials } from '../agent-links/agent-tls.ts';
import { createConsoleIdentity, siteOfAuthority } from '../authority/console-identity.ts';
import { createSiteAuthority, type KeyPairPem } from '../authority/site-authority.ts';
import type { Revocation } from '../../../shared/site/revocation-list.ts';
import { keptRevocations } from '../revocation/kept-revocations.ts';
import { writeWhole } from '../write-whole.ts';
import { waysOf, type SiteDescription } from './install-file.ts';

/** The site's secrets as this workstation has them. */
export interface SiteKeys {
  readonly authority: KeyPairPem;
  readonly console: KeyPairPem;
  /** What is not accepted any more, as far as this workstation knows. */
  readonly revoked: readonly Revocation[];
}

/** What this workstation proves itself to agents with. Pure. */
export function consoleCredentials({ authority, console: own, revoked }: SiteKeys): ConsoleCredentials {
  return {
    revoked,
    authority: authority.certificatePem,
    certificate: own.certificatePem,
    key: own.privateKeyPem,
  };
}

/** Files of a profile folder. */
export const profilePaths = {
  authorityKey: 'authority-key.pem',
  authority: 'console/authority.pem',
  certificate: 'console/certificate.pem',
  key: 'console/key.pem',
  site: 'site.json',
  access: 'access.json',
} as const;

/** The site document of a profile folder: the site as it was last installed from there. */
export function siteFileOf(directory: string): string {
  return join(directory, profilePaths.site);
}

/** Certificate of the site's authority, as PEM; null: the folder has none. */
export function keptAuthority(directory: string): Promise<string | null> {
  return readFile(join(directory, profilePaths.authority), 'utf8').catch(() => null);
}

const renewWithinMs = 60 * 24 * 60 * 60 * 1000;

/**
 * The keys of a site from a profile folder, or new ones when the folder has none. Nothing is written.
 * Errors: install.foreign (a folder of another site), site.damaged (half of the keys are there), revocation.*.
 */
export async function loadOrCreateKeys(
  directory: string,
  siteId: string,
): Promise<Result<SiteKeys, ProductError>> {
  const at = (path: string) => join(directory, path);
  const there = [profilePaths.authority, profilePaths.authorityKey].filter((path) => existsSync(at(path)));
  if (there.length === 1 && there[0] === profilePaths.authority) return fail(withoutAuthority(directory));
  if (there.length === 1) {
    const said = `${directory} holds ${there[0]} but not its other half.`;
    return fail(productError('site.damaged', said));
  }
  if (there.length === 0) {
    const authority = await createSiteAuthority(siteId);
    return succeed({ authority, console: await newConsole(authority), revoked: [] });
  }
  try {
    const authority = {
      certificatePem: await readFile(at(profilePaths.authority), 'utf8'),
      privateKeyPem: await readFile(at(profilePaths.authorityKey), 'utf8'),
    };
    const owner = siteOfAuthority(authority.certificatePem);
    if (owner !== siteId) {
      const said = `The profile folder ${directory} belongs to the site ${owner}, not to ${siteId}.`;
      return fail(productError('install.foreign', said));
    }
    const kept = await keptRevocations(directory, siteId, authority.certificatePem);
    if (!kept.ok) return kept;
    const revoked = kept.value?.list.revoked ?? [];
    return succeed({ authority, console: await consoleKeys(directory, authority), revoked });
  } catch (cause) {
    const said = `The keys in ${directory} cannot be read.`;
    return fail(productError('site.damaged', said, [(cause as Error).message]));
  }
}

/** A workstation that was invited. */
function withoutAuthority(directory: string): ProductError {
  const said = `${directory} does not hold the key of the site’s authority, as on a workstation that was invited.`;
  const next =
    'Do it on the workstation that the site was installed from, or on one made from its recovery kit.';
  return productError('kit.no-authority', said, [], next);
}

async function consoleKeys(directory: string, authority: KeyPairPem): Promise<KeyPairPem> {
  const files = [profilePaths.certificate, profilePaths.key].map((path) => join(directory, path));
  if (!files.every((file) => existsSync(file))) return newConsole(authority);
  const [certificatePem, privateKeyPem] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const expires = new X509Certificate(certificatePem!).validToDate.getTime();
  if (expires < Date.now() + renewWithinMs) return newConsole(authority);
  return { certificatePem: certificatePem!, privateKeyPem: privateKeyPem! };
}

/** Keys for this workstation, by its host name. */
export function newConsole(authority: KeyPairPem): Promise<KeyPairPem> {
  const name = hostname()
    .replaceAll(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return createConsoleIdentity(authority, { role: 'admin', name: name || 'console' });
}

/** Writes the keys before any server trusts them: an authority that is lost cannot be replaced. */
export async function saveKeys(
  directory: string,
  keys: Pick<SiteKeys, 'authority' | 'console'>,
): Promise<boolean> {
  const results = [
    await writeIfChanged(join(directory, profilePaths.authorityKey), keys.authority.privateKeyPem),
    await saveConsole(directory, keys.authority.certificatePem, keys.console),
  ];
  return results.includes(true);
}

/** Writes what a workstation proves itself and knows agents with. */
export async function saveConsole(
  directory: string,
  authorityPem: string,
  console: KeyPairPem,
): Promise<boolean> {
  const results = [
    await writeIfChanged(join(directory, profilePaths.authority), authorityPem),
    await writeIfChanged(join(directory, profilePaths.key), console.privateKeyPem),
    await writeIfChanged(join(directory, profilePaths.certificate), console.certificatePem),
  ];
  return results.includes(true);
}

/** Writes what a console needs to open the site. */
export async function saveSite(directory: string, file: SiteDescription): Promise<boolean> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const results = [
    await writeIfChanged(join(directory, profilePaths.site), json(file.site)),
    await writeIfChanged(join(directory, profilePaths.access), json(waysOf(file))),
  ];
  return results.includes(true);
}

/** Replaces a file as a whole, readable by its owner only. False when it is already so. */
async function writeIfChanged(path: string, content: string): Promise<boolean> {
  const present = existsSync(path) ? await readFile(path, 'utf8') : undefined;
  if (present === content) return false;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, content);
  return true;
}
