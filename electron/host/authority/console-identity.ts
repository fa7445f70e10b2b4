import type { ConsoleRole } from '../../../shared/site/identity.ts';
import { X509Certificate } from 'node:crypto';
import { createIdentity, type KeyPairPem } from './site-authority.ts';

const consoleDays = 365;

/** Makes the key and certificate of one workstation in the given role, valid for a year. */
export async function createConsoleIdentity(
  authority: KeyPairPem,
  console: { readonly role: ConsoleRole; readonly name: string },
): Promise<KeyPairPem> {
  return createIdentity(authority, {
    identity: { kind: 'console', site: siteOfAuthority(authority.certificatePem), ...console },
    days: consoleDays,
  });
}

/** The site that an authority certificate belongs to. Throws when it names none. */
export function siteOfAuthority(certificatePem: string): string {
  const subject = new X509Certificate(certificatePem).subject;
  const site = /^CN=(.+)$/m.exec(subject)?.[1];
  if (site === undefined) throw new Error('the authority certificate names no site');
  return site;
}
