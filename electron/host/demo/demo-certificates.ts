import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import type { Identity } from '../../../shared/site/identity.ts';
import { createConsoleIdentity } from '../authority/console-identity.ts';
import { verifyEnrolment } from '../authority/enrolment.ts';
import { createSiteAuthority, issueCertificate, type KeyPairPem } from '../authority/site-authority.ts';
import { clusterDesigns, demoSiteId, memberServers, witnessServer } from './demo-design.ts';
import { witnessMember, type DemoFolders } from './demo-folders.ts';

const run = promisify(execFile);
const enrolLimitMs = 20_000;
const certificateDays = 90;
const Enrolment = z.object({ publicKeyPem: z.string(), signature: z.string() });

/**
 * Makes the demo's authority and everybody's certificates, the same way as on a real site: each program
 * makes its own key and proves it, only the certificate is issued here. Rejects with a sentence.
 */
export async function makeCertificates(
  folders: DemoFolders,
  programs: { readonly nodePath: string; readonly agent: string },
): Promise<void> {
  const authority = await createSiteAuthority(demoSiteId);
  const members = clusterDesigns.flatMap(({ id: cluster }) =>
    memberServers.map((server) => ({
      directory: folders.member(server, cluster).certificates,
      identity: { kind: 'member', site: demoSiteId, cluster, server } satisfies Identity,
    })),
  );
  const witness = {
    directory: folders.member(witnessServer, witnessMember).certificates,
    identity: { kind: 'witness', site: demoSiteId, server: witnessServer } satisfies Identity,
  };
  await Promise.all([...members, witness].map((holder) => enrol(authority, holder, programs)));
  writeConsole(authority, join(folders.profile, 'console'), await consoleIdentity(authority));
}

function consoleIdentity(authority: KeyPairPem): Promise<KeyPairPem> {
  return createConsoleIdentity(authority, { role: 'admin', name: 'admin-1' });
}

async function enrol(
  authority: KeyPairPem,
  holder: { readonly directory: string; readonly identity: Identity },
  programs: { readonly nodePath: string; readonly agent: string },
): Promise<void> {
  const nonce = randomBytes(32).toString('hex');
  mkdirSync(holder.directory, { recursive: true, mode: 0o700 });
  const { stdout } = await run(
    programs.nodePath,
    [programs.agent, 'enroll', '--directory', holder.directory, '--nonce', nonce],
    { timeout: enrolLimitMs },
  );
  const proof = Enrolment.parse(JSON.parse(stdout));
  if (!verifyEnrolment({ ...proof, nonce })) {
    throw new Error(`the key in ${holder.directory} was not proven by its signature`);
  }
  const certificate = await issueCertificate(authority, {
    publicKeyPem: proof.publicKeyPem,
    identity: holder.identity,
    days: certificateDays,
  });
  writeFileSync(join(holder.directory, 'certificate.pem'), certificate);
  writeFileSync(join(holder.directory, 'authority.pem'), authority.certificatePem);
}

function writeConsole(authority: KeyPairPem, directory: string, identity: KeyPairPem): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, 'authority.pem'), authority.certificatePem);
  writeFileSync(join(directory, 'certificate.pem'), identity.certificatePem);
  writeFileSync(join(directory, 'key.pem'), identity.privateKeyPem, { mode: 0o600 });
}
