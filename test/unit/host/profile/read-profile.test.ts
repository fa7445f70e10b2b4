import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConsoleIdentity } from '../../../../electron/host/authority/console-identity.ts';
import {
  createIdentity,
  createSiteAuthority,
  type KeyPairPem,
} from '../../../../electron/host/authority/site-authority.ts';
import { readProfile } from '../../../../electron/host/profile/read-profile.ts';
import { sampleSite } from '../samples.ts';

const today = new Date().toISOString();

describe('a console profile', () => {
  let directory: string;
  let authority: KeyPairPem;
  let me: KeyPairPem;
  const put = (name: string, text: string) => writeFile(join(directory, name), text);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ixha-profile-'));
    await mkdir(join(directory, 'console'));
    authority = await createSiteAuthority('test-site');
    me = await createConsoleIdentity(authority, { role: 'operator', name: 'desk-1' });
  });
  beforeEach(async () => {
    await put('site.json', JSON.stringify(sampleSite()));
    await put('console/authority.pem', authority.certificatePem);
    await put('console/certificate.pem', me.certificatePem);
    await put('console/key.pem', me.privateKeyPem);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('is read with the site, the credentials and who the console is', async () => {
    const profile = await readProfile(directory, today);
    expect(profile).toMatchObject({
      ok: true,
      value: { site: { id: 'test-site' }, me: { name: 'desk-1', role: 'operator' } },
    });
  });

  test.each(['site.json', 'console/authority.pem', 'console/certificate.pem', 'console/key.pem'])(
    'without %s is missing, and the file is named',
    async (name) => {
      await rm(join(directory, name));
      const profile = await readProfile(directory, today);
      expect(profile).toMatchObject({ ok: false, error: { code: 'site.missing' } });
      if (!profile.ok) expect(profile.error.message).toContain(name);
    },
  );

  test.each(['site.json', 'console/authority.pem', 'console/certificate.pem', 'console/key.pem'])(
    'with an empty or cut %s is damaged',
    async (name) => {
      await truncate(join(directory, name), 40);
      expect(await readProfile(directory, today)).toMatchObject({
        ok: false,
        error: { code: 'site.damaged' },
      });
      await truncate(join(directory, name), 0);
      expect(await readProfile(directory, today)).toMatchObject({
        ok: false,
        error: { code: 'site.damaged' },
      });
    },
  );

  test('names the fields of a damaged site document', async () => {
    const { leaseStore, ...rest } = sampleSite();
    await put('site.json', JSON.stringify({ ...rest, leaseStore: { ...leaseStore, port: 0 }, extra: true }));
    const profile = await readProfile(directory, today);
    expect(profile).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
    if (!profile.ok) expect(profile.error.details?.join('\n')).toMatch(/leaseStore\.port/);
  });

  test('is refused as unsafe with every line that is', async () => {
    const site = sampleSite();
    site.leaseStore = { kind: 'witness', server: 'north', port: 7660 };
    site.clusters[1]!.storage = site.clusters[0]!.storage;
    await put('site.json', JSON.stringify(site));
    const profile = await readProfile(directory, today);
    expect(profile).toMatchObject({ ok: false, error: { code: 'site.unsafe' } });
    if (!profile.ok) expect(profile.error.details?.length).toBeGreaterThanOrEqual(2);
  });

  test('with a certificate of another site is foreign', async () => {
    const other = await createConsoleIdentity(await createSiteAuthority('other-site'), {
      role: 'admin',
      name: 'desk-1',
    });
    await put('console/certificate.pem', other.certificatePem);
    await put('console/key.pem', other.privateKeyPem);
    expect(await readProfile(directory, today)).toMatchObject({
      ok: false,
      error: { code: 'agent.foreign' },
    });
  });

  test('with a certificate of a namesake authority is foreign', async () => {
    const other = await createConsoleIdentity(await createSiteAuthority('test-site'), {
      role: 'admin',
      name: 'desk-1',
    });
    await put('console/certificate.pem', other.certificatePem);
    await put('console/key.pem', other.privateKeyPem);
    expect(await readProfile(directory, today)).toMatchObject({
      ok: false,
      error: { code: 'agent.foreign' },
    });
  });

  test('with the certificate of a server is damaged', async () => {
    const server = await createIdentity(authority, {
      identity: { kind: 'witness', site: 'test-site', server: 'third' },
      days: 1,
    });
    await put('console/certificate.pem', server.certificatePem);
    await put('console/key.pem', server.privateKeyPem);
    expect(await readProfile(directory, today)).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
  });

  test('with a key that does not belong to the certificate is damaged', async () => {
    await put('console/key.pem', authority.privateKeyPem);
    expect(await readProfile(directory, today)).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
  });

  test('with a certificate that has ended says from when to when it was valid', async () => {
    const profile = await readProfile(directory, '2199-01-01T00:00:00.000Z');
    expect(profile).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
    if (!profile.ok) expect(profile.error.message).toContain('is valid from');
  });

  test.each(['site.json', 'console/key.pem'])(
    'with a pipe in place of %s is damaged, and not awaited',
    async (name) => {
      await rm(join(directory, name));
      execFileSync('mkfifo', [join(directory, name)]);
      const profile = await readProfile(directory, today);
      await rm(join(directory, name));
      expect(profile).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
      if (!profile.ok) expect(profile.error.message).toContain(`${name} is not a file`);
    },
  );

  test('with a part taken out anywhere is answered with a code', async () => {
    const paths = pathsIn(sampleSite());
    expect(paths.length).toBeGreaterThan(40);
    for (const path of paths) {
      const site: unknown = structuredClone(sampleSite());
      takeOut(site, path);
      await put('site.json', JSON.stringify(site));
      const profile = await readProfile(directory, today);
      // What may be absent may be absent; everything else has its code and never an exception.
      if (!profile.ok) expect(['site.damaged', 'site.unsafe']).toContain(profile.error.code);
    }
  });

  test('never throws on a site document with anything in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ minLength: 1 })), async (text) => {
        await put('site.json', text);
        const profile = await readProfile(directory, today);
        expect(profile).toMatchObject({ ok: false, error: { code: 'site.damaged' } });
      }),
      { numRuns: 50 },
    );
  });
});

function pathsIn(value: unknown, before: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...before, key],
    ...pathsIn(inner, [...before, key]),
  ]);
}

function takeOut(value: unknown, path: readonly string[]): void {
  const [key, ...rest] = path;
  const here = value as Record<string, unknown>;
  if (rest.length > 0) return takeOut(here[key!], rest);
  if (Array.isArray(value)) value.splice(Number(key), 1);
  else delete here[key!];
}
