import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createIdentity,
  createSiteAuthority,
  type KeyPairPem,
} from '../../../../electron/host/authority/site-authority.ts';
import { signText } from '../../../../electron/host/authority/signed-words.ts';
import { exportSiteFile } from '../../../../electron/host/configuration/export-site-file.ts';
import { keepConfiguration } from '../../../../electron/host/configuration/kept-configuration.ts';
import { newConsole, saveConsole, saveKeys, saveSite } from '../../../../electron/host/install/profile.ts';
import { readProfile } from '../../../../electron/host/profile/read-profile.ts';
import { kitOfProfile } from '../../../../electron/host/recovery/kit-of-profile.ts';
import { runSiteCommand } from '../../../../electron/host/site-command/site-command.ts';
import { withNewWays } from '../../../../electron/host/site-file/import-site.ts';
import { revokeWorkstation } from '../../../../electron/host/revocation/revoke-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';
import { configurationBody, configurationKind } from '../../../../shared/site/site-configuration.ts';
import type { SiteDocument } from '../../../../shared/site/site-document.ts';
import { sampleSite } from '../samples.ts';

/**
 * Goal: a file opens a site only if it is whole, unchanged and of the right authority, and what is here is never replaced by
 * something older. Method: the command itself, on profile folders in a temporary folder.
 */
const passphrase = 'four words without sense';
const now = () => new Date().toISOString();
const way = (key: string) =>
  ({
    user: 'ops',
    port: 22,
    sudo: 'passwordless',
    sshAgent: true,
    hostKey: `SHA256:${key.repeat(43)}`,
  }) as const;

let folder: string;
let authority: KeyPairPem;
const at = (name: string) => join(folder, name);
const named = (name: string): SiteDocument => ({ ...sampleSite(), name });

/** A profile whose site was installed with this number; null: nobody has numbered it. */
async function profile(name: string, site: SiteDocument, number: number | null, key = 'a'): Promise<string> {
  const console = await newConsole(authority);
  await saveKeys(at(name), { authority, console });
  await saveSite(at(name), { site, access: { north: way(key), south: way(key) } });
  if (number === null) return at(name);
  const configuration = { number, made: now(), by: 'owner on desk', site };
  const text = signText(authority, configurationKind, configurationBody(configuration));
  await keepConfiguration(at(name), { configuration, text });
  return at(name);
}

async function exported(directory: string): Promise<Record<string, unknown>> {
  const read = await readProfile(directory, now());
  if (!read.ok) throw new Error(read.error.message);
  const { text } = await exportSiteFile(read.value, { at: now(), console: '0.1.0' });
  return JSON.parse(text) as Record<string, unknown>;
}

async function site(...argv: string[]) {
  let said = '';
  const hear = (text: string) => (said += text);
  const code = await runSiteCommand(argv, { root: folder, environment: {}, out: hear, err: hear });
  return { code, said };
}
const withPassphrase = () => ['--passphrase-file', at('passphrase')];
const importFile = (directory: string, ...more: string[]) =>
  site('import', at('file'), '--profile', directory, ...more);
const put = (value: unknown) =>
  writeFile(at('file'), typeof value === 'string' ? value : JSON.stringify(value, null, 2));
const siteName = async (directory: string) =>
  (JSON.parse(await readFile(join(directory, 'site.json'), 'utf8')) as SiteDocument).name;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ixha-import-'));
  authority = await createSiteAuthority(sampleSite().id);
  await writeFile(at('passphrase'), passphrase);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a site file', () => {
  test('is told with who exported it, when, and the fingerprint of the authority, and changes nothing then', async () => {
    await put(await exported(await profile('desk', named('New name'), 7)));
    const here = await profile('here', named('Old name'), 6);
    const { code, said } = await importFile(here, '--plan');
    expect([code, await siteName(here)]).toEqual([0, 'Old name']);
    expect(said).toMatch(/made: 20\S+ by admin on \S+, console 0\.1\.0/);
    expect(said).toMatch(/authority: ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
    expect(said).toContain('configuration: number 7, made');
    expect(said).toContain('here → file: name: "Old name" → "New name"');
    expect(said).toContain('cluster: WK1 Cluster WK1 on ig-north and ig-south');
  });

  test('that is newer is taken over, with what was there kept beside, and pinned keys stay', async () => {
    await put(await exported(await profile('desk', named('New name'), 7, 'b')));
    const here = await profile('here', named('Old name'), 6, 'a');
    expect(await importFile(here)).toMatchObject({ code: 0 });
    expect(await siteName(here)).toBe('New name');
    expect(await readFile(join(here, 'site.json.before-7'), 'utf8')).toContain('Old name');
    expect(await readFile(join(here, 'access.json'), 'utf8')).not.toContain('b'.repeat(43));
    expect((await importFile(here)).said).toContain('says the same');
  });

  test('that is older is not taken over', async () => {
    await put(await exported(await profile('desk', named('Old name'), 5)));
    const here = await profile('here', named('New name'), 6);
    expect((await importFile(here)).said).toContain('The file is older than the profile there');
    expect(await siteName(here)).toBe('New name');
  });

  test('of another authority is refused, and nothing is changed', async () => {
    const here = await profile('here', named('Mine'), 6);
    authority = await createSiteAuthority(sampleSite().id);
    await put(await exported(await profile('desk', named('Theirs'), 9)));
    const { code, said } = await importFile(here);
    expect([code, await siteName(here)]).toEqual([1, 'Mine']);
    expect(said).toContain('[import.foreign]');
  });

  test('makes a profile with a kit, and tells it the site as it is by now', async () => {
    const old = await profile('old', named('Old name'), null);
    const kit = await kitOfProfile(old, passphrase, now());
    if (!kit.ok) throw new Error(kit.error.message);
    await writeFile(at('kit'), kit.value);
    await put(await exported(await profile('desk', named('New name'), 7)));
    expect(await importFile(at('fresh'), '--with', at('kit'), ...withPassphrase())).toMatchObject({
      code: 0,
    });
    expect(await siteName(at('fresh'))).toBe('New name');
    expect(await readProfile(at('fresh'), now())).toMatchObject({
      ok: true,
      value: { me: { role: 'admin' } },
    });
  });

  test('alone opens nothing where this workstation has no certificate, and says what is needed', async () => {
    await put(await exported(await profile('desk', sampleSite(), 7)));
    const { code, said } = await importFile(at('fresh'));
    expect(code).toBe(1);
    expect(said).toContain('[import.refused]');
    expect(said).toContain('Ask an administrator of the site for an invitation or a recovery kit');
    expect(await readdir(folder)).not.toContain('fresh');
  });

  test('makes no profile with a kit of another authority', async () => {
    const old = await profile('old', sampleSite(), null);
    const kit = await kitOfProfile(old, passphrase, now());
    if (!kit.ok) throw new Error(kit.error.message);
    await writeFile(at('kit'), kit.value);
    authority = await createSiteAuthority(sampleSite().id);
    await put(await exported(await profile('desk', sampleSite(), 7)));
    const { said } = await importFile(at('fresh'), '--with', at('kit'), ...withPassphrase());
    expect(said).toContain('[import.foreign]');
    expect(await readdir(folder)).not.toContain('fresh');
  });

  test('of a workstation that was revoked is not taken over', async () => {
    const desk = await profile('desk', named('New name'), 7);
    const identity = { kind: 'console', site: sampleSite().id, role: 'admin', name: 'stolen' } as const;
    // What is issued within the very second of a revocation is not concerned by it.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
    const console = await createIdentity(authority, { identity, days: 30 });
    clock.mockRestore();
    await saveConsole(desk, authority.certificatePem, console);
    await put(await exported(desk));
    const here = await profile('here', named('Old name'), 6);
    const silent = () => Promise.resolve(fail(productError('server.unreachable', 'Nobody is there.')));
    const document = { site: named('Old name'), access: {} };
    const inputs = { profileDirectory: here, document, createAsk: () => silent };
    const revoked = await revokeWorkstation(inputs, { name: 'stolen', why: 'lost' });
    // Nobody there has heard of it; it is kept here all the same.
    expect(revoked).toMatchObject({ error: [{ code: 'revocation.unheard' }] });
    await importFile(here);
    expect(await siteName(here)).toBe('Old name');
  });

  test('written by a person is told as such, and is not taken over', async () => {
    const { exported: _mark, ...plain } = await exported(await profile('desk', named('By hand'), 7));
    await put(plain);
    const here = await profile('here', named('Mine'), 6);
    const { said } = await importFile(here);
    expect(said).toContain('made: the file does not say');
    expect(said).toContain('nobody has signed which is newer');
    expect(await siteName(here)).toBe('Mine');
  });
});

describe('a file that is not as it was written', () => {
  const changes: [string, (file: Record<string, unknown>) => unknown, string, string][] = [
    [
      'another name',
      (file) => ({ ...file, site: { ...(file['site'] as object), name: 'Forged' } }),
      'import.altered',
      'what it says is not what was signed',
    ],
    [
      'another host key',
      (file) => ({ ...file, access: { north: way('z') } }),
      'import.altered',
      'what was signed',
    ],
    [
      'another time',
      (file) => ({ ...file, exported: { ...(file['exported'] as object), at: '2020-01-01T00:00:00Z' } }),
      'import.altered',
      'what was signed',
    ],
    [
      'no certificate',
      (file) => ({ ...file, exported: { ...(file['exported'] as object), certificate: 'none' } }),
      'import.altered',
      'certificates cannot be read',
    ],
    [
      'a newer format',
      (file) => ({ ...file, exported: { format: 2, more: true } }),
      'site.damaged',
      'newer console',
    ],
    [
      'half of its text',
      (file) => JSON.stringify(file).slice(0, 900),
      'site.damaged',
      'ends before it is whole',
    ],
    ['no text', () => ' ', 'site.damaged', 'empty'],
    ['something else', () => '<html></html>', 'site.damaged', 'not valid JSON'],
    ['other fields', () => '{"hello":1}', 'site.damaged', 'no site file, recovery kit or invitation'],
    ['a list', () => '[1]', 'site.damaged', 'no site file'],
    ['a kit without its seal', () => '{"format":"ixha-recovery-kit"}', 'site.damaged', 'cannot read'],
    [
      'no clusters',
      (file) => ({ ...file, site: { ...(file['site'] as object), clusters: 'none' } }),
      'site.damaged',
      'missing or invalid',
    ],
  ];

  test.each(changes)('with %s is refused, and nothing is changed', async (_what, change, code, why) => {
    const here = await profile('here', named('Mine'), 6);
    await put(change(await exported(await profile('desk', named('Theirs'), 7))));
    const before = await readdir(here);
    const outcome = await importFile(here);
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.said).toContain(`[${code}]`);
    expect(outcome.said).toContain(why);
    expect([await siteName(here), await readdir(here)]).toEqual(['Mine', before]);
  });

  test('signed by another authority than it names is refused', async () => {
    const mine = await exported(await profile('desk', sampleSite(), 7));
    authority = await createSiteAuthority(sampleSite().id);
    const theirs = await exported(await profile('other', sampleSite(), 7));
    const certificate = (theirs['exported'] as { certificate: string }).certificate;
    await put({ ...mine, exported: { ...(mine['exported'] as object), certificate } });
    expect((await importFile(at('fresh'))).said).toContain('[import.foreign]');
  });

  test('may name another place of the engines’ password: each workstation has it elsewhere', async () => {
    const file = await exported(await profile('desk', named('New name'), 7));
    await put({ ...file, engineApi: { passwordFile: '/home/me/secret' } });
    const here = await profile('here', named('Old name'), 6);
    expect(await importFile(here)).toMatchObject({ code: 0 });
  });
});

test('ways of a file add servers that are not known yet, and replace none', () => {
  const merged = withNewWays(
    { access: { north: way('a') }, revokedHostKeys: ['SHA256:old'] },
    { access: { north: way('b'), third: way('c') }, revokedHostKeys: ['SHA256:new'] },
  );
  expect(merged).toEqual({
    access: { north: way('a'), third: way('c') },
    revokedHostKeys: ['SHA256:old', 'SHA256:new'],
  });
});
