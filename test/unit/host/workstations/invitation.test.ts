import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrCreateKeys, saveKeys, saveSite } from '../../../../electron/host/install/profile.ts';
import { readProfile } from '../../../../electron/host/profile/read-profile.ts';
import { revokeWorkstation } from '../../../../electron/host/revocation/revoke-site.ts';
import { runSiteCommand } from '../../../../electron/host/site-command/site-command.ts';
import { inviteWorkstation } from '../../../../electron/host/workstations/invite-workstation.ts';
import { joinSite } from '../../../../electron/host/workstations/join-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';
import { sampleSite } from '../samples.ts';

/**
 * Goal: whoever is invited gets a certificate of its own with role and end, and never the authority's key. Method: the
 * command itself, on profile folders in a temporary folder.
 */
const passphrase = 'four words without sense';
const silent = () => Promise.resolve(fail(productError('server.unreachable', 'Nobody is there.')));

describe('an invitation', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ixha-invite-'));
    const keys = await loadOrCreateKeys(at('profile'), sampleSite().id);
    if (!keys.ok) throw new Error(keys.error.message);
    await saveKeys(at('profile'), keys.value);
    const server = { user: 'ops', port: 22, sudo: 'passwordless', sshAgent: true } as const;
    const access = { north: server, south: { ...server, agentsThroughSsh: true } };
    await saveSite(at('profile'), { site: sampleSite(), access });
    await writeFile(at('passphrase'), `${passphrase}\n`);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function site(...argv: string[]) {
    let said = '';
    const hear = (text: string) => (said += text);
    const ports = { root: folder, environment: {}, out: hear, err: hear };
    return { code: await runSiteCommand(argv, ports), said };
  }
  const sealedBy = ['--passphrase-file', 'passphrase'] as const;
  const withPassphrase = () => [sealedBy[0], at(sealedBy[1])];
  const invite = (name: string, role: string, ...more: string[]) =>
    site(
      'invite',
      at('profile'),
      '--name',
      name,
      '--role',
      role,
      '--out',
      at(name),
      ...more,
      ...withPassphrase(),
    );
  const joinAs = (name: string, file = at(name)) =>
    site('join', file, '--profile', at(`${name}-profile`), ...withPassphrase());
  const profileOf = async (name: string) => {
    const read = await readProfile(at(name), new Date().toISOString());
    if (!read.ok) throw new Error(read.error.message);
    return read.value;
  };

  test.each(['viewer', 'operator', 'admin'] as const)('makes a %s of another workstation', async (role) => {
    expect(await invite('desk', role)).toMatchObject({ code: 0 });
    expect(await joinAs('desk')).toMatchObject({ code: 0 });
    const joined = await profileOf('desk-profile');
    expect(joined.me).toEqual({ name: 'desk', role });
    expect(joined.site).toEqual((await profileOf('profile')).site);
    expect(await readdir(at('desk-profile'))).not.toContain('authority-key.pem');
    expect((await stat(join(at('desk-profile'), 'console/key.pem'))).mode & 0o777).toBe(0o600);
    expect(Object.keys(joined.access.access)).toEqual(role === 'admin' ? ['north', 'south'] : ['south']);
  });

  test('shows nothing of the key to whoever has no passphrase, and is readable by its owner only', async () => {
    await invite('desk', 'operator');
    const text = await readFile(at('desk'), 'utf8');
    expect(text).not.toContain('PRIVATE KEY');
    expect(JSON.parse(text)).toMatchObject({ name: 'desk', role: 'operator' });
    expect((await stat(at('desk'))).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['role', 'admin'],
    ['name', 'other'],
    ['ends', '2099-01-01T00:00:00Z'],
  ])('does not open once its %s was changed, and nothing is left behind', async (field, value) => {
    await invite('desk', 'viewer');
    const made = JSON.parse(await readFile(at('desk'), 'utf8')) as object;
    await writeFile(at('desk'), JSON.stringify({ ...made, [field]: value }));
    expect((await joinAs('desk')).said).toContain('does not open with this passphrase');
    expect(await readdir(folder)).not.toContain('desk-profile');
  });

  test.each([
    ['nothing', 'is no recovery kit that this console can read'],
    ['{"format":"ixha-invitation"}', 'is no invitation that this console can read'],
  ])('is not taken for one when the file holds %s', async (text, why) => {
    await writeFile(at('desk'), text);
    expect((await joinAs('desk')).said).toContain(why);
  });

  test('is refused once it has ended', async () => {
    const invitation = { name: 'desk', role: 'viewer', days: 1 } as const;
    const made = await inviteWorkstation(at('profile'), { invitation, passphrase }, new Date().toISOString());
    if (!made.ok) throw new Error(made.error.message);
    await writeFile(at('desk'), made.value.text);
    const later = new Date(Date.now() + 2 * 24 * 3_600_000).toISOString();
    const joined = await joinSite(at('desk'), at('late'), passphrase, later);
    expect(joined).toMatchObject({ ok: false, error: { code: 'invitation.ended' } });
  });

  test('of a name that is accepted already is refused, until that one is revoked', async () => {
    await invite('desk', 'viewer');
    const again = () =>
      site(
        'invite',
        at('profile'),
        '--name',
        'desk',
        '--role',
        'admin',
        '--out',
        at('new'),
        ...withPassphrase(),
      );
    expect((await again()).said).toContain('There is a workstation desk already.');
    const { site: document } = await profileOf('profile');
    const inputs = {
      profileDirectory: at('profile'),
      document: { site: document, access: {} },
      createAsk: () => silent,
    };
    const revoked = await revokeWorkstation(inputs, { name: 'desk', why: 'lost' });
    expect(revoked).toMatchObject({ error: [{ code: 'revocation.unheard' }] });
    expect((await site('workstations', at('profile'))).said).toMatch(/desk: viewer, revoked on /);
    expect(await again()).toMatchObject({ code: 0 });
    expect(await joinAs('fresh', at('new'))).toMatchObject({ code: 0 });
    expect((await profileOf('fresh-profile')).credentials.revoked?.length).toBeGreaterThanOrEqual(3);
    expect((await site('workstations', at('profile'))).said).toMatch(/desk: admin, until /);
  });

  test('cannot be made by whoever was invited, whatever the role', async () => {
    await invite('desk', 'admin');
    await joinAs('desk');
    const made = await site(
      'invite',
      at('desk-profile'),
      '--name',
      'x',
      '--role',
      'admin',
      '--out',
      at('x'),
      ...withPassphrase(),
    );
    expect(made.said).toContain('[invitation.refused]');
    await invite('phone', 'operator');
    await joinAs('phone');
    const other = await site(
      'invite',
      at('phone-profile'),
      '--name',
      'x',
      '--role',
      'viewer',
      '--out',
      at('x'),
      ...withPassphrase(),
    );
    expect(other.said).toContain('Only an administrator may invite; phone is operator.');
    expect(await readdir(folder)).not.toContain('x');
  });

  test('with a short passphrase is not made, and nobody is written down as invited', async () => {
    await writeFile(at('passphrase'), 'short');
    expect((await invite('desk', 'viewer')).said).toContain('needs at least 12 characters');
    expect((await site('workstations', at('profile'))).said).not.toContain('desk');
  });

  test('does not replace a folder that holds anything', async () => {
    await invite('desk', 'viewer');
    const joined = await site('join', at('desk'), '--profile', at('profile'), ...withPassphrase());
    expect(joined.said).toContain('[kit.occupied]');
  });

  test('is remembered by a recovery kit', async () => {
    await invite('desk', 'viewer', '--days', '30');
    await site('kit', at('profile'), '--out', at('kit'), ...withPassphrase());
    expect(await joinAs('kit')).toMatchObject({ code: 0 });
    expect((await site('workstations', at('kit-profile'))).said).toMatch(
      /desk: viewer, until .+, which is soon/,
    );
  });

  test.each([
    [['--role', 'admin', '--out', 'x'], 'invite needs --name'],
    [['--name', 'desk', '--role', 'boss', '--out', 'x'], 'invite needs --role'],
    [['--name', 'desk', '--role', 'admin', '--out', 'x', '--days', 'many'], '--days many is no number'],
  ])('with %j is wrong usage', async (words, why) => {
    const { code, said } = await site('invite', at('profile'), ...words);
    expect(code).toBe(2);
    expect(said).toContain(why);
  });

  test.each(['-x', 'a b', 'ü', ''])('for the name %j is refused', async (name) => {
    const order = { invitation: { name, role: 'viewer', days: 1 } as const, passphrase };
    const made = await inviteWorkstation(at('profile'), order, new Date().toISOString());
    expect(made).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  });
});
