import { X509Certificate, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createConsoleIdentity,
  siteOfAuthority,
} from '../../../../electron/host/authority/console-identity.ts';
import { verifyEnrolment } from '../../../../electron/host/authority/enrolment.ts';
import {
  createIdentity,
  createSiteAuthority,
  issueCertificate,
  type KeyPairPem,
} from '../../../../electron/host/authority/site-authority.ts';
import { identityOfSubjectAltName, identityUri, type Identity } from '../../../../shared/site/identity.ts';

const member: Identity = { kind: 'member', site: 'site-a', cluster: 'WK1', server: 'north' };

let authority: KeyPairPem;
let foreignAuthority: KeyPairPem;
let server: KeyPairPem;
let accepted = 0;
const servers: tls.Server[] = [];

beforeAll(async () => {
  authority = await createSiteAuthority('site-a');
  foreignAuthority = await createSiteAuthority('site-a');
  server = await createIdentity(authority, { identity: member, days: 30 });
});

afterEach(() => {
  accepted = 0;
  for (const listening of servers.splice(0)) listening.close();
});

/** Goal: the whole path a console uses. Method: a real TLS 1.3 handshake on loopback. */
async function handshake(client: KeyPairPem, presented: KeyPairPem, expected: Identity) {
  const listening = tls.createServer(
    {
      ca: authority.certificatePem,
      cert: presented.certificatePem,
      key: presented.privateKeyPem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (socket) => {
      accepted += 1;
      const identity = identityOfSubjectAltName(socket.getPeerCertificate().subjectaltname);
      socket.on('error', () => {});
      socket.end(identity ? identityUri(identity) : 'nobody');
    },
  );
  servers.push(listening);
  listening.on('tlsClientError', () => {});
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const socket = tls.connect({
    host: '127.0.0.1',
    port: (listening.address() as AddressInfo).port,
    ca: authority.certificatePem,
    cert: client.certificatePem,
    key: client.privateKeyPem,
    minVersion: 'TLSv1.3',
    checkServerIdentity: (_name, certificate) => {
      const seen = identityOfSubjectAltName(certificate.subjectaltname);
      return seen && identityUri(seen) === identityUri(expected) ? undefined : new Error('another identity');
    },
  });
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return { text, protocol: socket.getProtocol() };
}

describe('site authority', () => {
  it('lets a console and a member prove themselves to each other over TLS 1.3', async () => {
    const client = await createConsoleIdentity(authority, { role: 'operator', name: 'desk-1' });
    const outcome = await handshake(client, server, member);
    expect(outcome.text).toBe('ixha://site-a/console/operator/desk-1');
    expect(accepted).toBe(1);
  });

  it('refuses a member that is not the one asked for', async () => {
    const client = await createConsoleIdentity(authority, { role: 'viewer', name: 'desk-1' });
    await expect(handshake(client, server, { ...member, cluster: 'WK2' })).rejects.toThrow(
      'another identity',
    );
  });

  it("refuses another authority's client even when it uses the same site name", async () => {
    const stranger = await createConsoleIdentity(foreignAuthority, { role: 'admin', name: 'desk-1' });
    // With TLS 1.3 a refused client may see either the alert or an early end: never an answer.
    const outcome = await handshake(stranger, server, member).catch(() => ({ text: '' }));
    expect(outcome.text).toBe('');
    expect(accepted).toBe(0);
  });

  it("refuses another authority's server even when it claims the right identity", async () => {
    const client = await createConsoleIdentity(authority, { role: 'viewer', name: 'desk-1' });
    const stranger = await createIdentity(foreignAuthority, { identity: member, days: 30 });
    await expect(handshake(client, stranger, member)).rejects.toThrow();
  });

  it('makes a P-256 authority that may sign certificates for about twenty years', () => {
    const certificate = new X509Certificate(authority.certificatePem);
    const years = (certificate.validToDate.getTime() - Date.now()) / (365.25 * 24 * 3600 * 1000);
    expect(certificate.ca).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(years).toBeGreaterThan(19.9);
    expect(siteOfAuthority(authority.certificatePem)).toBe('site-a');
  });

  it('accepts a server clock that is most of a day behind, and gives every certificate its own serial', async () => {
    const first = new X509Certificate(server.certificatePem);
    const second = new X509Certificate(
      (await createIdentity(authority, { identity: member, days: 1 })).certificatePem,
    );
    expect(Date.now() - first.validFromDate.getTime()).toBeGreaterThan(23 * 3600 * 1000);
    expect(first.ca).toBe(false);
    expect(first.serialNumber).not.toBe(second.serialNumber);
    expect(first.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  it('never speaks for another site', async () => {
    const foreign: Identity = { kind: 'witness', site: 'site-b', server: 'watch' };
    await expect(createIdentity(authority, { identity: foreign, days: 1 })).rejects.toThrow('site-b');
  });

  it('never issues a name that would read as something else', async () => {
    const hostile: Identity = { ...member, server: 'north/../south' };
    await expect(createIdentity(authority, { identity: hostile, days: 1 })).rejects.toThrow('malformed');
  });
});

describe('enrolment', () => {
  const nonce = 'ab'.repeat(32);
  function enrol(signed = nonce, curve = 'P-256') {
    const keys = generateKeyPairSync('ec', { namedCurve: curve });
    return {
      publicKeyPem: keys.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      signature: sign('sha256', Buffer.from(signed, 'hex'), keys.privateKey).toString('base64'),
      nonce,
    };
  }

  it('accepts a key that signed our nonce, and a certificate can be issued for it', async () => {
    const proof = enrol();
    expect(verifyEnrolment(proof)).toBe(true);
    const issued = await issueCertificate(authority, { ...proof, identity: member, days: 1 });
    expect(new X509Certificate(issued).subjectAltName).toBe(`URI:${identityUri(member)}`);
  });

  it.each([
    ['a signature over another nonce', () => enrol('cd'.repeat(32))],
    ['a key on another curve', () => enrol(nonce, 'P-384')],
    ['a public key that is none', () => ({ ...enrol(), publicKeyPem: 'hello' })],
    ['an empty signature', () => ({ ...enrol(), signature: '' })],
    ['a nonce too short to be fresh', () => ({ ...enrol(), nonce: 'ab' })],
  ])('refuses %s', (_what, proof) => {
    expect(verifyEnrolment(proof())).toBe(false);
  });
});
