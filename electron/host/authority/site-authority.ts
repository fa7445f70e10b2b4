import 'reflect-metadata';
import { createPublicKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { identityUri, parseIdentityUri, type Identity } from '../../../shared/site/identity.ts';

/** A certificate and its private key, both PEM (the key PKCS#8). */
export interface KeyPairPem {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const;
const authorityYears = 20;
const dayMs = 24 * 60 * 60 * 1000;
/** A server whose clock is up to this much behind still accepts a certificate made just now. */
const clockSkewDays = 1;

/** Certificates that were issued before this moment begin before the answer, ISO 8601; those issued after it do not. */
export function beginOfThoseFrom(nowMs: number): string {
  return new Date(Math.floor((nowMs - clockSkewDays * dayMs) / 1000) * 1000).toISOString();
}

/** The library's idea of key types; they differ from Node's own only by name. */
type LibraryKeys = Parameters<typeof x509.X509CertificateGenerator.createSelfSigned>[0]['keys'];

/** Makes the certificate authority of a new site. Its key stays with the console. */
export async function createSiteAuthority(siteId: string): Promise<KeyPairPem> {
  const keys = await createKeys();
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [siteId] }, { OU: ['IguanaX HA site authority'] }],
    notBefore: new Date(now - clockSkewDays * dayMs),
    notAfter: new Date(now + authorityYears * 365.25 * dayMs),
    signingAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificatePem: pem(certificate), privateKeyPem: await privateKeyPem(keys.privateKey) };
}

/** When the authority was made, and the site with it, ISO 8601; null: this is no certificate. */
export function authorityMadeAt(authorityPem: string): string | null {
  try {
    const { validFromDate } = new X509Certificate(authorityPem);
    return new Date(validFromDate.getTime() + clockSkewDays * dayMs).toISOString();
  } catch {
    return null;
  }
}

/**
 * Issues a certificate that speaks for `identity`, for TLS servers and clients, valid for `days`
 * from one day back. Returns PEM. Throws when the identity is malformed or of another site: that is
 * a mistake of the caller, never of a person.
 */
export async function issueCertificate(
  authority: KeyPairPem,
  request: { readonly publicKeyPem: string; readonly identity: Identity; readonly days: number },
): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certificatePem);
  refuseForeignIdentity(issuer, request.identity);
  const publicKey = publicKeyDer(request.publicKeyPem);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [subjectName(request.identity)] }],
    issuer: issuer.subject,
    notBefore: new Date(now - clockSkewDays * dayMs),
    notAfter: new Date(Math.min(now + request.days * dayMs, issuer.notAfter.getTime())),
    signingAlgorithm,
    publicKey,
    signingKey: await importPrivateKey(authority.privateKeyPem),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: identityUri(request.identity) }]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return pem(certificate);
}

async function createKeys(): Promise<LibraryKeys> {
  const keys: unknown = await webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
  return keys as LibraryKeys;
}

/** Makes a fresh key pair and its certificate for `identity` in one go (consoles; servers make their own key). */
export async function createIdentity(
  authority: KeyPairPem,
  request: { readonly identity: Identity; readonly days: number },
): Promise<KeyPairPem> {
  const keys = await createKeys();
  const publicKeyPem = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('spki', keys.publicKey),
    'PUBLIC KEY',
  );
  return {
    certificatePem: await issueCertificate(authority, { ...request, publicKeyPem }),
    privateKeyPem: await privateKeyPem(keys.privateKey),
  };
}

function refuseForeignIdentity(issuer: x509.X509Certificate, identity: Identity): void {
  const uri = identityUri(identity);
  if (parseIdentityUri(uri) === undefined) throw new Error(`malformed identity ${uri}`);
  const site = issuer.subjectName.getField('CN')[0];
  if (site !== identity.site) throw new Error(`the authority of ${site} cannot speak for ${uri}`);
}

function subjectName(identity: Identity): string {
  switch (identity.kind) {
    case 'member':
      return `${identity.cluster} on ${identity.server}`;
    case 'witness':
      return `witness ${identity.server}`;
    case 'console':
      return `${identity.role} ${identity.name}`;
  }
}

/** The key as DER; refused unless it is an EC P-256 key. */
function publicKeyDer(publicKeyPem: string): Uint8Array<ArrayBuffer> {
  const key = createPublicKey(publicKeyPem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not an EC P-256 key');
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }));
}

async function importPrivateKey(privateKeyPemText: string): Promise<LibraryKeys['privateKey']> {
  const pkcs8 = x509.PemConverter.decodeFirst(privateKeyPemText);
  const key: unknown = await webcrypto.subtle.importKey('pkcs8', pkcs8, keyAlgorithm, false, ['sign']);
  return key as LibraryKeys['privateKey'];
}

async function privateKeyPem(key: LibraryKeys['privateKey']): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

/** 16 random bytes, positive and without a leading zero byte. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
