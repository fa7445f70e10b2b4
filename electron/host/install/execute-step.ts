import { randomBytes, X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { assertNever, fail, succeed, type Result } from '../../../shared/result.ts';
import { identityUri } from '../../../shared/site/identity.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { verifyEnrolment } from '../authority/enrolment.ts';
import { issueCertificate, type KeyPairPem } from '../authority/site-authority.ts';
import { outputOf, runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import type { PlacingStep } from './plan.ts';
import { serverPaths, startedMark } from './server-paths.ts';
import type { WantedEnrolment, WantedEngine } from './wanted-server.ts';

const certificateDays = 397;
/** A certificate with less than this left is renewed whenever something is installed. */
export const renewWithinDays = 60;
const dayMs = 24 * 60 * 60 * 1000;

/** Carries out one placing step. The value tells whether anything was changed. */
export async function executeStep(
  server: ServerConnection,
  step: PlacingStep,
  authority: KeyPairPem,
): Promise<Result<boolean, ProductError>> {
  const asRoot = (what: string, argv: readonly string[]) =>
    changed(runChecked(server, argv, { what, privileged: true }));
  switch (step.kind) {
    case 'user': {
      const shell = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
      const add = `id "$1" >/dev/null 2>&1 || { name=$1; shift; useradd --system --user-group "$@" "$name"; }`;
      return asRoot(`adding the user ${step.name}`, ['sh', '-c', add, 'ixha-user', step.name, ...shell]);
    }
    case 'directory': {
      const { path, mode, owner } = step.directory;
      const [user, group] = owner.split(':');
      const options = ['-d', '-m', mode, '-o', user!, '-g', group!];
      return asRoot(`making ${path}`, ['install', ...options, '--', path]);
    }
    case 'file': {
      if (step.file.isUnit) {
        const folder = step.file.path.slice(0, step.file.path.lastIndexOf('/'));
        const made = await asRoot(`making ${folder}`, ['mkdir', '-p', '--', folder]);
        if (!made.ok) return made;
      }
      const forgotten = await forgetStarted(server, step.file.restarts);
      return forgotten.ok ? changed(server.upload(step.file.source, step.file)) : forgotten;
    }
    case 'link': {
      const forgotten = await forgetStarted(server, step.restarts);
      if (!forgotten.ok) return forgotten;
      const script = 'ln -sfn -- "$2" "$1.new" && mv -T -- "$1.new" "$1" && sync -- "$(dirname -- "$1")"';
      return asRoot(`switching ${step.path}`, ['sh', '-c', script, 'ixha-link', step.path, step.target]);
    }
    case 'enrol':
      return enrol(server, step.enrolment, authority, renewWithinDays);
    case 'storage-mark':
      return markStorage(server, step.engine);
    case 'daemon-reload':
      return asRoot('reloading the service manager', ['systemctl', 'daemon-reload']);
    default:
      return assertNever(step);
  }
}

/** Before something changes that units read: from now on they count as not started with it. */
async function forgetStarted(
  server: ServerConnection,
  units: readonly string[],
): Promise<Result<unknown, ProductError>> {
  if (units.length === 0) return succeed(undefined);
  const what = 'noting what must be restarted';
  return runChecked(server, ['rm', '-f', '--', ...units.map(startedMark)], { what, privileged: true });
}

async function changed(
  action: Promise<Result<unknown, ProductError>>,
): Promise<Result<boolean, ProductError>> {
  const result = await action;
  return result.ok ? succeed(true) : result;
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

/** Marks the shared directory. Two servers may do it at once: the first mark stays and is compared. */
async function markStorage(
  server: ServerConnection,
  engine: WantedEngine,
): Promise<Result<boolean, ProductError>> {
  const { directory, mark } = engine.storage;
  const script = `set -eu
umask 022
mkdir -p -- "$1/.ixha"
own="$1/.ixha/identity.$3"
printf '%s' "$2" > "$own"
sync -- "$own"
ln -- "$own" "$1/.ixha/identity" 2>/dev/null || true
rm -f -- "$own"
cat -- "$1/.ixha/identity"`;
  const what = `marking ${directory}`;
  const suffix = randomBytes(6).toString('hex');
  const argv = ['timeout', '-k', '1', '20', 'sh', '-c', script, 'ixha-mark', directory, mark, suffix];
  const seen = await outputOf(server, argv, { what, privileged: true });
  if (!seen.ok) return seen;
  if (seen.value === mark) return succeed(true);
  const said = `${server.name}: ${directory} is marked as belonging to ${seen.value.trim()}.`;
  return fail(productError('install.foreign', said, [`seen in ${directory}/.ixha/identity`]));
}
