import 'reflect-metadata';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EtcdFiles } from '../../../../electron/host/install/server-access.ts';
import { etcdSecretsOf, sharedView } from '../../../../electron/host/servers/server-secrets.ts';
import { SetupSecrets } from '../../../../electron/host/setup/setup-secrets.ts';
import { sampleEtcdSite, sampleSite } from '../install/install-samples.ts';

/** Goal: what members sign in to an etcd with is asked for like every other secret. Method: files of a workstation. */
let folder: string;
let etcd: EtcdFiles;
let secrets: SetupSecrets;
const site = sampleEtcdSite();
const now = new Date();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-etcd-'));
  secrets = new SetupSecrets();
  const client = await certificateWithoutName();
  const put = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  etcd = {
    authorityFile: put('authority.pem', client.certificatePem),
    certificateFile: put('certificate.pem', client.certificatePem),
    keyFile: put('key.pem', client.privateKeyPem),
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An etcd with users takes a common name for a user of its own. */
async function certificateWithoutName() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const imported = async (key: typeof privateKey, type: 'pkcs8' | 'spki', use: 'sign' | 'verify') =>
    webcrypto.subtle.importKey(
      type,
      key.export({ type, format: 'der' }) as Uint8Array<ArrayBuffer>,
      signing,
      true,
      [use],
    );
  const keys = {
    privateKey: await imported(privateKey, 'pkcs8', 'sign'),
    publicKey: await imported(publicKey, 'spki', 'verify'),
  };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'O=members',
    signingAlgorithm: signing,
    keys: keys as never,
  });
  return {
    certificatePem: certificate.toString('pem'),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const asked = (known: EtcdFiles | undefined = etcd) =>
  etcdSecretsOf({ site, access: { access: {}, etcd: known } }, secrets, now);

describe('the secrets that belong to no single server', () => {
  it('are those of the engines, and of an etcd with users', () => {
    const needs = (shown: typeof site, known?: EtcdFiles) =>
      sharedView({ site: shown, access: { access: {}, etcd: known } }, secrets).needs;
    expect(needs(sampleSite())).toEqual(['engine-password']);
    expect(needs(site, etcd)).toEqual(['engine-password', 'etcd-password']);
    expect(needs(site, { ...etcd, passwordFile: '/etc/password' })).toEqual(['engine-password']);
  });

  it('are read with the typed password, which is asked for before', async () => {
    expect(await asked()).toMatchObject({ ok: false, error: { code: 'ssh.authentication' } });
    secrets.put('', 'etcd-password', 'typed');
    expect(await asked()).toMatchObject({ ok: true, value: { password: 'typed' } });
  });

  it('are read from the file that the site file named, without asking', async () => {
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, 'of the file\n');
    expect(await asked({ ...etcd, passwordFile })).toMatchObject({
      ok: true,
      value: { password: 'of the file' },
    });
  });

  it('are told to be unknown on a workstation that never had their files, and how it gets them', async () => {
    const known = await etcdSecretsOf({ site, access: { access: {} } }, secrets, now);
    expect(known).toMatchObject({ ok: false, error: { code: 'site.missing' } });
    expect(!known.ok && known.error.next).toContain('npm run site -- install FILE');
  });
});
