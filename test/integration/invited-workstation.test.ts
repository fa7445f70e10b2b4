import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCredentials } from '../../agent/tls/credentials.ts';
import { createAskAgent } from '../../electron/host/agent-links/agent-requests.ts';
import { exportSiteFile } from '../../electron/host/configuration/export-site-file.ts';
import { createSiteAuthority, type KeyPairPem } from '../../electron/host/authority/site-authority.ts';
import { signText } from '../../electron/host/authority/signed-words.ts';
import { runSiteCommand } from '../../electron/host/site-command/site-command.ts';
import { configurationBody, configurationKind } from '../../shared/site/site-configuration.ts';
import { newConsole, saveKeys, saveSite } from '../../electron/host/install/profile.ts';
import { readProfile } from '../../electron/host/profile/read-profile.ts';
import { revokeWorkstation } from '../../electron/host/revocation/revoke-site.ts';
import { ServersKeeper } from '../../electron/host/servers/servers-keeper.ts';
import { importSite } from '../../electron/host/site-file/import-site.ts';
import { inviteWorkstation } from '../../electron/host/workstations/invite-workstation.ts';
import { joinSite } from '../../electron/host/workstations/join-site.ts';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import type { ConsoleRole } from '../../shared/site/identity.ts';
import { callAgent, northIdentity, openAgentBench, type AgentBench } from './agent-bench.ts';

/**
 * Goal: an invited workstation can do what its role may, not more, and nothing once it is revoked. Method: a real member
 * and a real lease store with real TLS; the workstation joins by the file of its invitation, as on another machine.
 */
const passphrase = 'four words without sense';
let bench: AgentBench;
let admin: string;
beforeEach(async () => {
  bench = await openAgentBench();
  await bench.startWitness();
  await bench.startMember();
  admin = join(bench.folder, 'admin');
  await saveKeys(admin, { authority: bench.authority, console: await newConsole(bench.authority) });
  await saveSite(admin, { site: bench.site, access: {} });
});
afterEach(() => bench.close());

async function joined(name: string, role: ConsoleRole): Promise<string> {
  const now = new Date().toISOString();
  const invitation = { name, role, days: 7 };
  const made = await inviteWorkstation(admin, { invitation, passphrase }, now);
  if (!made.ok) throw new Error(made.error.message);
  const file = join(bench.folder, made.value.fileName);
  writeFileSync(file, made.value.text);
  const directory = join(bench.folder, name);
  const done = await joinSite(file, directory, passphrase, now);
  if (!done.ok) throw new Error(done.error.message);
  return directory;
}

const call = (directory: string, method: string, path: string, body?: object) =>
  callAgent(
    bench.member.listen.apiPort,
    northIdentity,
    loadCredentials(join(directory, 'console')),
    method,
    path,
    body && JSON.stringify(body),
  );
const command = (directory: string, fields: object) =>
  call(directory, 'POST', agentPaths.commands, {
    cluster: 'WK1',
    target: null,
    epoch: 0,
    reason: 'a test',
    idempotencyKey: `key-${Math.random()}`,
    ...fields,
  });
/** What the agent hands on as the newest state of the site, signed by this authority. */
function carried(number: number, by: KeyPairPem): void {
  const site = { ...bench.site, name: 'Bench by now' };
  const configuration = { number, made: new Date().toISOString(), by: 'owner on desk', site };
  const text = signText(by, configurationKind, configurationBody(configuration));
  writeFileSync(join(bench.folder, 'site-configuration'), text);
}

async function nameIn(directory: string): Promise<string | false> {
  const profile = await readProfile(directory, new Date().toISOString());
  return profile.ok && profile.value.site.name;
}

const block = { verb: 'block-failover', minutes: 5 };
const readmit = { verb: 'readmit', target: 'north' };

describe('an invited workstation', () => {
  it('as an operator commands what an operator may, and not what is for administrators', async () => {
    const operator = await joined('phone', 'operator');
    expect((await call(operator, 'GET', agentPaths.status)).status).toBe(200);
    const policy = await command(operator, block);
    // Whether it is done depends on the lease store; that it is heard depends on the role.
    expect([202, 409]).toContain(policy.status);
    const forbidden = await command(operator, readmit);
    expect(forbidden.status).toBe(403);
    expect(forbidden.body).toContain('readmit is for administrators; phone is operator.');
  });

  it('opens the site file of another one with its invitation, and agents answer it', async () => {
    const now = new Date().toISOString();
    const profile = await readProfile(admin, now);
    if (!profile.ok) throw new Error(profile.error.message);
    const exported = await exportSiteFile(profile.value, { at: now, console: '0.1.0' });
    const invitation = { name: 'wall', role: 'viewer', days: 7 } as const;
    const made = await inviteWorkstation(admin, { invitation, passphrase }, now);
    if (!made.ok) throw new Error(made.error.message);
    const directory = join(bench.folder, 'wall');
    const place = { sitesFolder: bench.folder, named: [], wallTime: now, fresh: async () => directory };
    const file = { text: exported.text, passphrase: '' };
    const alone = await importSite({ file, key: null, into: null }, place);
    expect(alone).toMatchObject({ ok: false, error: { code: 'import.refused' } });
    const key = { text: made.value.text, passphrase };
    expect(await importSite({ file, key, into: null }, place)).toEqual({ ok: true, value: directory });
    expect((await call(directory, 'GET', agentPaths.status)).status).toBe(200);
    expect((await command(directory, block)).status).toBe(403);
  });

  it('takes over what the agents tell as the newest state of the site, whatever its role', async () => {
    const viewer = await joined('wall', 'viewer');
    const pull = async (...more: string[]) => {
      let said = '';
      const hear = (text: string) => (said += text);
      const argv = ['pull', '--profile', viewer, ...more];
      const code = await runSiteCommand(argv, { root: '', environment: {}, out: hear, err: hear });
      return { code, said };
    };
    const name = () => nameIn(viewer);
    expect((await pull()).said).toContain('[site.missing]');
    carried(4, await createSiteAuthority('bench'));
    expect((await pull()).said).toContain('[site.missing]');
    carried(4, bench.authority);
    const plan = await pull('--plan');
    expect(plan.said).toContain('name: "Bench" → "Bench by now"');
    expect([plan.code, await name()]).toEqual([0, 'Bench']);
    expect(await pull()).toMatchObject({ code: 0 });
    expect(await name()).toBe('Bench by now');
    carried(3, bench.authority);
    expect((await pull()).said).toContain('This workstation has number 4, which is newer');
  });

  it('takes it over on the page of the servers too, after a look, without any way over SSH', async () => {
    const viewer = await joined('wall', 'viewer');
    carried(4, bench.authority);
    const credentials = loadCredentials(join(viewer, 'console'));
    const reopened: string[] = [];
    const keeper = new ServersKeeper({
      means: {
        sshAgentSocket: undefined,
        connect: () => Promise.reject(new Error('nobody signs in to a server here')),
        install: undefined as never,
      },
      site: () => ({
        profileDirectory: viewer,
        demo: null,
        ask: createAskAgent(credentials),
        me: { name: 'wall', role: 'viewer' },
      }),
      reopen: async (directory) => {
        reopened.push(directory);
        return { ok: true, value: undefined };
      },
      wallTime: () => new Date().toISOString(),
      version: '0.1.0',
      time: { bootMs: () => performance.now() },
      log: { info: () => undefined, error: () => undefined },
      onNews: () => undefined,
    });
    const pull = async (plan: boolean) => {
      expect(await keeper.act({ act: 'pull', plan })).toMatchObject({ ok: true });
      await vi.waitFor(() => expect(keeper.view().work.state).toBe('done'), 20_000);
      return keeper.view();
    };
    expect((await keeper.open()).canPull).toBe(true);
    expect((await pull(true)).lines.join()).toContain('name: "Bench" → "Bench by now"');
    expect([await nameIn(viewer), reopened]).toEqual(['Bench', []]);
    await pull(false);
    expect([await nameIn(viewer), reopened]).toEqual(['Bench by now', [viewer]]);
    expect(await keeper.act({ act: 'begin', work: 'compare', server: null, unprotected: [] })).toMatchObject({
      error: { code: 'command.refused' },
    });
  });

  it('as a viewer reads, and commands nothing', async () => {
    const viewer = await joined('wall', 'viewer');
    expect((await call(viewer, 'GET', agentPaths.status)).status).toBe(200);
    expect((await command(viewer, block)).status).toBe(403);
  });

  it('as an administrator may what is for administrators', async () => {
    const other = await joined('desk', 'admin');
    expect([202, 409]).toContain((await command(other, readmit)).status);
  });

  it('is refused in the handshake once it is revoked, and the one that revoked it is not', async () => {
    const operator = await joined('phone', 'operator');
    const profile = await readProfile(admin, new Date().toISOString());
    if (!profile.ok) throw new Error(profile.error.message);
    const inputs = {
      profileDirectory: admin,
      document: { site: bench.site, access: {} },
      createAsk: createAskAgent,
    };
    const revoked = await revokeWorkstation(inputs, { name: 'phone', why: 'lost' });
    if (!revoked.ok) throw new Error(revoked.error[0]!.message);
    const handed = revoked.value.handed.filter(({ error }) => error === null);
    expect(handed.map(({ endpoint }) => endpoint.name)).toContain('ig-north (WK1)');
    await expect(call(operator, 'GET', agentPaths.status)).rejects.toThrow();
    expect((await call(admin, 'GET', agentPaths.status)).status).toBe(200);
  });
});
