import { randomBytes, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { identityUri } from '../../../shared/site/identity.ts';
import { verifyEnrolment } from '../authority/enrolment.ts';
import { issueCertificate, type KeyPairPem } from '../authority/site-authority.ts';
import { isRevoked } from '../revocation/is-revoked.ts';
import { outputOf, runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import { changed, forgetStarted } from './noted-change.ts';
import type { SiteKeys } from './profile.ts';
import { serverPaths } from './server-paths.ts';
import type { WantedEnrolment } from './wanted-server.ts';

const certificateDays = 397;
/** A certificate with less than this left is renewed whenever something is installed. */
export const renewWithinDays = 60;
const dayMs = 24 * 60 * 60 * 1000;

/** What certificates are issued with, and what must not be kept. */
export type Issuer = Pick<SiteKeys, 'authority' | 'revoked'>;

/** A certificate for the key that is there, or, where that was revoked, for a new key. True: there is a new one. */
export async function ensureCertificate(
  server: ServerConnection,
  wanted: WantedEnrolment,
  { authority, revoked }: Issuer,
): Promise<Result<boolean, ProductError>> {
  const present = await server.run(['cat', '--', `${wanted.directory}/certificate.pem`], {
    privileged: true,
  });
  if (!present.ok) return present;
  return isRevoked(present.value.stdout, revoked)
    ? renewWithNewKey(server, wanted, authority)
    : enrol(server, wanted, authority, renewWithinDays);
}

const Enrolled = z.object({ publicKeyPem: z.string(), signature: z.string() });

/** A new certificate for the key that this part has, however long the present one would still be good. */
export function renewCertificate(
  server: ServerConnection,
  wanted: WantedEnrolment,
  authority: KeyPairPem,
): Promise<Result<boolean, ProductError>> {
  return enrol(server, wanted, authority, Infinity);
}

const prepareScript = `set -eu
rm -rf -- "$1.next"
install -d -m 0750 -o root -g "$2" -- "$1.next"
cp -p -- "$1/authority.pem" "$1.next/authority.pem"`;

/** Between its two renames there is no such folder: a repair makes it anew, with another key. */
const switchScript = `set -eu
rm -rf -- "$1.before"
mv -T -- "$1" "$1.before"
mv -T -- "$1.next" "$1"
sync -- "$(dirname -- "$1")"
rm -rf -- "$1.before"`;

/**
 * Gives a part of a server a new key and a certificate for it, beside the present ones, and then both at once: a
 * program that starts meanwhile never finds a key without its certificate. What runs keeps the old ones until it is
 * restarted. A certificate alone would not do where the key was copied: whoever has the key sees it in any handshake.
 */
export async function renewWithNewKey(
  server: ServerConnection,
  wanted: WantedEnrolment,
  authority: KeyPairPem,
): Promise<Result<boolean, ProductError>> {
  const { directory, group } = wanted;
  const asRoot = (what: string, script: string, name: string) =>
    runChecked(server, ['sh', '-c', script, name, directory, group], { what, privileged: true });
  const prepared = await asRoot(`preparing a new key for ${directory}`, prepareScript, 'ixha-new-key');
  if (!prepared.ok) return prepared;
  const issued = await renewCertificate(server, { ...wanted, directory: `${directory}.next` }, authority);
  if (!issued.ok) return issued;
  const switched = await asRoot(`switching ${directory} to its new key`, switchScript, 'ixha-switch-key');
  return switched.ok ? issued : switched;
}

/**
 * Has the server prove its key and gives it a certificate, unless the one it has still speaks for this
 * key and is good for `enoughDays`. The private key never leaves the server.
 */
async function enrol(
  server: ServerConnection,
  wanted: WantedEnrolment,
  authority: KeyPairPem,
  enoughDays: number,
): Promise<Result<boolean, ProductError>> {
  const nonce = randomBytes(32).toString('hex');
  const what = `making the key in ${wanted.directory}`;
  const argv = [serverPaths.command, 'enroll', '--directory', wanted.directory, '--nonce', nonce];
  const printed = await outputOf(server, argv, { what, privileged: true });
  if (!printed.ok) return printed;
  const parsed = z.safeParse(Enrolled, parseJson(printed.value));
  if (!parsed.success || !verifyEnrolment({ ...parsed.data, nonce })) {
    return fail(productError('ssh.command-failed', `${server.name}: ${what} gave no valid proof.`));
  }
  const { publicKeyPem } = parsed.data;
  const keyAccess = await allowKey(server, wanted);
  if (!keyAccess.ok) return keyAccess;
  const path = `${wanted.directory}/certificate.pem`;
  const present = await server.run(['cat', '--', path], { privileged: true });
  if (!present.ok) return present;
  const isWanted = isGood(present.value.stdout, publicKeyPem, wanted, authority);
  if (isWanted && daysOf(present.value.stdout) > enoughDays) return succeed(false);
  const forgotten = await forgetStarted(server, wanted.restarts);
  if (!forgotten.ok) return forgotten;
  const request = { publicKeyPem, identity: wanted.identity, days: certificateDays };
  const content = await issueCertificate(authority, request);
  return changed(
    server.upload({ kind: 'content', content }, { path, mode: '0644', owner: `root:${wanted.group}` }),
  );
}

function allowKey(server: ServerConnection, wanted: WantedEnrolment) {
  const script = 'chown -- "$2" "$1" && chmod -- "$3" "$1"';
  const mode = wanted.group === 'root' ? '0600' : '0640';
  const argv = ['sh', '-c', script, 'ixha-key', `${wanted.directory}/key.pem`, `root:${wanted.group}`, mode];
  return runChecked(server, argv, { what: 'protecting the key', privileged: true });
}

function isGood(pem: string, publicKeyPem: string, wanted: WantedEnrolment, authority: KeyPairPem): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const issuer = new X509Certificate(authority.certificatePem);
    return (
      certificate.verify(issuer.publicKey) &&
      certificate.subjectAltName === `URI:${identityUri(wanted.identity)}` &&
      certificate.publicKey.export({ type: 'spki', format: 'pem' }) === publicKeyPem
    );
  } catch {
    return false;
  }
}

function daysOf(pem: string): number {
  return (new X509Certificate(pem).validToDate.getTime() - Date.now()) / dayMs;
}
