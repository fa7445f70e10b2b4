import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrCreateKeys, saveKeys, saveSite } from '../../../../electron/host/install/profile.ts';
import { readProfile } from '../../../../electron/host/profile/read-profile.ts';
import { runSiteCommand } from '../../../../electron/host/site-command/site-command.ts';
import { sampleSite } from '../samples.ts';

const passphrase = 'four words without sense';

describe('a recovery kit', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ixha-kit-'));
    const keys = await loadOrCreateKeys(at('profile'), sampleSite().id);
    if (!keys.ok) throw new Error(keys.error.message);
    await saveKeys(at('profile'), keys.value);
    await saveSite(at('profile'), { site: sampleSite(), access: {} });
    await writeFile(at('passphrase'), `${passphrase}\n`);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function site(...argv: string[]) {
    let said = '';
    const hear = (text: string) => (said += text);
    const ports = { root: folder, environment: {}, out: hear, err: hear };
    return { code: await runSiteCommand(argv, ports), said };
  }
  const kit = (out = at('kit')) =>
    site('kit', at('profile'), '--out', out, '--passphrase-file', at('passphrase'));
  const restore = () =>
    site('restore', at('kit'), '--profile', at('restored'), '--passphrase-file', at('passphrase'));

  test('brings a site to a new workstation, with a certificate of its own by the same authority', async () => {
    expect(await kit()).toMatchObject({ code: 0 });
    expect(await restore()).toMatchObject({ code: 0 });
    const [old, restored] = await Promise.all(
      ['profile', 'restored'].map((name) => readProfile(at(name), new Date().toISOString())),
    );
    if (!old!.ok || !restored!.ok) throw new Error('a profile cannot be read');
    expect(restored!.value.site).toEqual(old!.value.site);
    expect(restored!.value.me.role).toBe('admin');
    const serial = (pem: string) => new X509Certificate(pem).serialNumber;
    expect(serial(restored!.value.credentials.certificate)).not.toBe(
      serial(old!.value.credentials.certificate),
    );
    const key = (name: string) => readFile(join(at(name), 'authority-key.pem'), 'utf8');
    expect(await key('restored')).toBe(await key('profile'));
    expect((await stat(join(at('restored'), 'authority-key.pem'))).mode & 0o777).toBe(0o600);
  });

  test('shows nothing of the key to whoever has no passphrase, and is readable by its owner only', async () => {
    await kit();
    const text = await readFile(at('kit'), 'utf8');
    expect(text).not.toContain('PRIVATE KEY');
    const { sealed } = JSON.parse(text) as { sealed: { data: string } };
    expect(Buffer.from(sealed.data, 'base64').toString('latin1')).not.toContain('PRIVATE');
    expect((await stat(at('kit'))).mode & 0o777).toBe(0o600);
  });

  test('does not open with another passphrase, and nothing is left behind', async () => {
    await kit();
    await writeFile(at('passphrase'), 'another one altogether');
    const { code, said } = await restore();
    expect(code).toBe(1);
    expect(said).toMatch(/does not open with this passphrase\. \[kit\.locked\]/);
    expect(await readdir(folder)).toEqual(['kit', 'passphrase', 'profile']);
  });

  test.each(['name', 'made', 'site'])('does not open once its %s was changed', async (field) => {
    await kit();
    const made = JSON.parse(await readFile(at('kit'), 'utf8')) as object;
    const changed = { ...made, [field]: '2026-01-01T00:00:00Z' };
    await writeFile(at('kit'), JSON.stringify(changed));
    expect((await restore()).said).toContain('does not open');
  });

  test.each(['', 'no kit', '{"format":"ixha-recovery-kit","version":2}', '[]'])(
    'is refused when it is %j',
    async (text) => {
      await writeFile(at('kit'), text);
      const { code, said } = await restore();
      expect(code).toBe(1);
      expect(said).toMatch(/no recovery kit that this console can read\. \[site\.damaged\]/);
      expect(await readdir(folder)).toEqual(['kit', 'passphrase', 'profile']);
    },
  );

  test('is not made with a short passphrase, nor over a file that is there', async () => {
    await writeFile(at('passphrase'), 'elevenchars');
    expect((await kit()).said).toContain('at least 12 characters');
    await writeFile(at('passphrase'), passphrase);
    await writeFile(at('kit'), 'mine');
    expect(await kit()).toMatchObject({ code: 1 });
    expect(await readFile(at('kit'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toEqual(['kit', 'passphrase', 'profile']);
  });

  test('is not made where the authority’s key is not', async () => {
    await rm(join(at('profile'), 'authority-key.pem'));
    const { code, said } = await kit();
    expect(code).toBe(1);
    expect(said).toContain('does not hold the key of the authority');
  });

  test('never goes into a folder that holds something', async () => {
    await kit();
    await mkdir(at('restored'));
    await writeFile(at('restored/note'), 'mine');
    const { code, said } = await restore();
    expect(code).toBe(1);
    expect(said).toContain('is there already, with note in it');
    expect(await readdir(at('restored'))).toEqual(['note']);
  });

  test('nobody there to ask for the passphrase is said', async () => {
    expect((await site('kit', at('profile'), '--out', at('kit'))).said).toContain('Nobody can be asked');
  });

  test('a place that cannot be written to is said', async () => {
    const { code, said } = await kit(at('nowhere/kit'));
    expect(code).toBe(1);
    expect(said).toContain('could not be written');
  });
});
