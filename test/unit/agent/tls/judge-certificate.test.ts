import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeCertificate } from '../../../../agent/tls/judge-certificate.ts';
import { timeFaultWords } from '../../../../agent/tls/time-fault-words.ts';
import {
  createIdentity,
  createSiteAuthority,
  type KeyPairPem,
} from '../../../../electron/host/authority/site-authority.ts';
import { identityUri, type Identity } from '../../../../shared/site/identity.ts';

/** Goal: nothing but the time of a certificate is ever excused, whichever one fault TLS names. */
const dayMs = 24 * 3_600_000;
const nowMs = Date.now();
const inAYear = nowMs + 365 * dayMs;
const aYearAgo = nowMs - 365 * dayMs;
const in30Years = nowMs + 30 * 365 * dayMs;
const north = { kind: 'member', site: 'hospital', cluster: 'WK1', server: 'north' } as const;
const south = { kind: 'member', site: 'hospital', cluster: 'WK1', server: 'south' } as const;
const admin = { kind: 'console', site: 'hospital', role: 'admin', name: 'admin-1' } as const;
const [expired, notYet] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

let own: KeyPairPem;
let foreign: KeyPairPem;
beforeAll(async () => {
  [own, foreign] = await Promise.all([createSiteAuthority('hospital'), createSiteAuthority('hospital')]);
});

async function issued(identity: Identity, authority = own): Promise<X509Certificate> {
  return new X509Certificate((await createIdentity(authority, { identity, days: 30 })).certificatePem);
}

interface Case {
  readonly tlsError?: string | null;
  readonly atMs?: number;
  readonly self?: Identity;
  readonly part?: 'server' | 'client';
  readonly isRevoked?: () => boolean;
}

function judge(certificate: X509Certificate | undefined, given: Case = {}) {
  const { tlsError = null, atMs = nowMs, self = north, part = 'client', isRevoked = () => false } = given;
  const authority = new X509Certificate(own.certificatePem);
  const judge = { authority, identity: self, isRevoked };
  return judgeCertificate({ certificate, tlsError, part }, judge, atMs);
}

describe('a certificate of this site', () => {
  it('is trusted in its time', async () => {
    expect(judge(await issued(south))).toEqual({ kind: 'trusted', identity: south });
  });

  it.each(['server', 'client'] as const)('is excused once it has ended, as a %s', async (part) => {
    const verdict = judge(await issued(south), { tlsError: expired, atMs: inAYear, part });
    expect(verdict).toMatchObject({ kind: 'excused', identity: south, fault: { fault: 'ended' } });
  });

  it('is excused before it begins', async () => {
    const verdict = judge(await issued(south), { tlsError: notYet, atMs: aYearAgo });
    expect(verdict).toMatchObject({ kind: 'excused', fault: { whose: 'certificate', fault: 'not-begun' } });
  });

  it('is excused when the authority itself has ended', async () => {
    const authority = new X509Certificate(own.certificatePem);
    const late = await issuedUntil(in30Years + dayMs);
    const verdict = judge(late, { tlsError: expired, atMs: in30Years });
    expect(verdict).toEqual({
      kind: 'excused',
      identity: south,
      fault: { whose: 'authority', fault: 'ended', at: authority.validToDate },
    });
  });

  it('is not excused when a console is at either end', async () => {
    const late = { tlsError: expired, atMs: inAYear };
    expect(judge(await issued(admin), late)).toMatchObject({ kind: 'out-of-time', identity: admin });
    const fromConsole = judge(await issued(south), { ...late, self: admin, part: 'server' });
    expect(fromConsole).toMatchObject({ kind: 'out-of-time', identity: south });
  });

  it('is told with its name, its end and whose it is', async () => {
    const verdict = judge(await issued(admin), { tlsError: expired, atMs: inAYear });
    if (verdict.kind !== 'out-of-time') throw new Error(verdict.kind);
    expect(timeFaultWords(admin, verdict.fault)).toMatch(
      /^The certificate of the console admin-1 has ended on \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
    );
  });
});

describe('refuses, although TLS complains of nothing but time,', () => {
  const late = { tlsError: expired, atMs: inAYear };

  it('a certificate of another authority of the same name', async () => {
    expect(judge(await issued(south, foreign), late)).toEqual({ kind: 'refused', why: expired });
  });

  it('one that was signed by itself', async () => {
    expect(judge(await issuedUntil(nowMs, { by: 'itself' }), late).kind).toBe('refused');
  });

  it('one that a certificate of this site has signed', async () => {
    const holder = await createIdentity(own, { identity: south, days: 30 });
    expect(judge(await issuedUntil(nowMs, { by: holder }), late).kind).toBe('refused');
  });

  it('one of another site, or that names nobody', async () => {
    const elsewhere = await createSiteAuthority('elsewhere');
    expect(judge(await issued({ ...south, site: 'elsewhere' }, elsewhere), late).kind).toBe('refused');
    expect(judge(await issuedUntil(nowMs, { uri: 'https://south' }), late).kind).toBe('refused');
  });

  it('one for another part of TLS, or for none', async () => {
    const server = await issuedUntil(nowMs, { usages: [x509.ExtendedKeyUsage.serverAuth] });
    expect(judge(server, late).kind).toBe('refused');
    expect(judge(server, { ...late, part: 'server' }).kind).toBe('excused');
    expect(judge(await issuedUntil(nowMs, { usages: [] }), late).kind).toBe('refused');
  });

  it('one that may issue others, and the authority itself', async () => {
    expect(judge(await issuedUntil(nowMs, { ca: true }), late).kind).toBe('refused');
    expect(judge(new X509Certificate(own.certificatePem), late).kind).toBe('refused');
  });

  it('one whose time is good by our own look', async () => {
    expect(judge(await issued(south), { tlsError: expired }).kind).toBe('refused');
  });

  it('one whose bytes were changed', async () => {
    const raw = Buffer.from((await issued(south)).raw);
    const at = raw.indexOf(Buffer.from('/WK1/south'));
    raw.write('/WK1/north', at);
    expect(judge(new X509Certificate(raw), late).kind).toBe('refused');
  });
});

describe('refuses', () => {
  it.each([
    'CERT_REVOKED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'INVALID_PURPOSE',
    'CERT_SIGNATURE_FAILURE',
    'ERROR_IN_CERT_NOT_AFTER_FIELD',
    'CRL_HAS_EXPIRED',
  ])('%s, also of a certificate that has ended', async (tlsError) => {
    const verdict = judge(await issued(south), { tlsError, atMs: inAYear });
    expect(verdict).toEqual({ kind: 'refused', why: tlsError });
  });

  it.each([null, expired, notYet])('a revoked one, when TLS says %s', async (tlsError) => {
    const verdict = judge(await issued(south), { tlsError, isRevoked: () => true });
    expect(verdict).toEqual({ kind: 'refused', why: 'CERT_REVOKED' });
  });

  it('one that cannot be read, without an exception', () => {
    const strange = {
      get subjectAltName(): string {
        throw new Error('unreadable');
      },
    } as X509Certificate;
    expect(judge(strange)).toEqual({ kind: 'refused', why: expect.stringContaining('unreadable') as string });
  });

  it('whoever shows no certificate, whatever TLS says of it', () => {
    expect(judge(undefined).kind).toBe('refused');
    expect(judge(undefined, { tlsError: expired }).kind).toBe('refused');
  });
});

/** A certificate of our own making, as the product never issues one. */
async function issuedUntil(
  endMs: number,
  {
    by = own,
    uri = identityUri(south),
    usages = [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
    ca = false,
  }: { by?: KeyPairPem | 'itself'; uri?: string; usages?: x509.ExtendedKeyUsage[]; ca?: boolean } = {},
): Promise<X509Certificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
  const made: unknown = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const keys = made as LibraryKeys;
  const issuer = new x509.X509Certificate((by === 'itself' ? own : by).certificatePem);
  const signingKey = by === 'itself' ? keys.privateKey : await keyOf(by, algorithm);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '4711',
    subject: 'CN=made',
    issuer: issuer.subject,
    notBefore: new Date(aYearAgo),
    notAfter: new Date(endMs),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(ca, undefined, true),
      ...(usages.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(usages)]),
      new x509.SubjectAlternativeNameExtension([{ type: 'url', value: uri }]),
    ],
  });
  return new X509Certificate(certificate.toString('pem'));
}

/** The library's idea of key types; they differ from Node's own only by name. */
type LibraryKeys = Parameters<typeof x509.X509CertificateGenerator.createSelfSigned>[0]['keys'];

async function keyOf(
  { privateKeyPem }: KeyPairPem,
  algorithm: { readonly name: string; readonly namedCurve: string },
): Promise<LibraryKeys['privateKey']> {
  const pkcs8 = x509.PemConverter.decodeFirst(privateKeyPem);
  const key: unknown = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  return key as LibraryKeys['privateKey'];
}
