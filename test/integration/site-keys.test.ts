import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SiteInstallFile } from '../../electron/host/install/install-file.ts';
import { runSiteCommand } from '../../electron/host/site-command/site-command.ts';
import { sampleFile } from '../unit/host/install/install-samples.ts';
import { startSshTestServer, type SshTestServer } from './ssh/ssh-test-server.ts';

/**
 * Goal: an administrator pins host keys after comparing them, and only then. Method: `site keys` against
 * SSH servers on loopback; each counts who tried to sign in.
 */
let folder: string;
let path: string;
const servers = new Map<string, SshTestServer>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-keys-'));
  path = join(folder, 'site.json');
  const file = sampleFile(join(folder, 'password'), '');
  for (const listed of file.site.servers) {
    const server = await startSshTestServer();
    servers.set(listed.id, server);
    file.access[listed.id] = {
      user: 'root',
      port: server.port,
      sudo: 'root',
      passwordFile: join(folder, 'password'),
    };
    listed.address = '127.0.0.1';
  }
  for (const cluster of file.site.clusters) {
    const { index } = cluster;
    const south = cluster.members[1]!;
    south.engine.apiPort = 9543 + 10 * index;
    south.ports = {
      api: 9670 + 10 * index,
      active: 9671 + 10 * index,
      listeners: { 'ADT in': 9161 + 10 * index },
    };
  }
  writeFileSync(join(folder, 'password'), 'never sent');
  save(file);
});

afterEach(async () => {
  await Promise.all([...servers.values()].map((server) => server.close()));
  servers.clear();
  rmSync(folder, { recursive: true, force: true });
});

function save(file: SiteInstallFile): void {
  writeFileSync(path, JSON.stringify(file));
}

function saved(): SiteInstallFile {
  return JSON.parse(readFileSync(path, 'utf8')) as SiteInstallFile;
}

async function keys(...more: string[]) {
  let out = '';
  const take = (text: string) => void (out += text);
  const code = await runSiteCommand(['keys', path, ...more], {
    root: folder,
    environment: {},
    out: take,
    err: take,
  });
  return { code, out };
}

const fingerprint = (id: string) => servers.get(id)!.hostKey.fingerprint;

describe('site keys', () => {
  it('shows every key that nobody has confirmed, pins none of them and signs in nowhere', async () => {
    const before = readFileSync(path, 'utf8');
    const { code, out } = await keys();
    expect(code).toBe(1);
    for (const id of servers.keys()) expect(out).toContain(`site keys ${path} --pin ${fingerprint(id)}`);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect([...servers.values()].flatMap((server) => server.tried)).toEqual([]);
  });

  it('pins exactly what was compared, keeps the file before, and is done when all match', async () => {
    const ids = [...servers.keys()];
    const before = readFileSync(path, 'utf8');
    const first = await keys('--pin', fingerprint(ids[0]!));
    expect(first.code).toBe(1);
    expect(saved().access[ids[0]!]!.hostKey).toBe(`ssh-ed25519 ${fingerprint(ids[0]!)}`);
    expect(saved().access[ids[1]!]!.hostKey).toBeUndefined();
    expect(readFileSync(`${path}.previous`, 'utf8')).toBe(before);
    const pins = ids.slice(1).flatMap((id) => ['--pin', fingerprint(id)]);
    expect((await keys(...pins)).code).toBe(0);
    const last = await keys();
    expect([last.code, last.out]).toEqual([
      0,
      expect.stringContaining('Every server presents its pinned key.'),
    ]);
  });

  it('never pins over a changed key, also when asked to', async () => {
    const [id] = [...servers.keys()];
    const file = saved();
    file.access[id!]!.hostKey = `SHA256:${'A'.repeat(43)}`;
    save(file);
    const { code, out } = await keys('--pin', fingerprint(id!));
    expect([code, out.includes('[ssh.host-key-changed]')]).toEqual([1, true]);
    expect(saved().access[id!]!.hostKey).toBe(`SHA256:${'A'.repeat(43)}`);
    expect(existsSync(`${path}.previous`)).toBe(false);
  });

  it('refuses a key that its owner declared lost', async () => {
    const [id] = [...servers.keys()];
    const file = saved();
    file.access[id!]!.hostKey = fingerprint(id!);
    save({ ...file, revokedHostKeys: [fingerprint(id!)] });
    expect((await keys()).out).toContain('[ssh.host-key-revoked]');
  });

  it('says that no server presents a fingerprint that was given', async () => {
    expect((await keys('--pin', `SHA256:${'C'.repeat(43)}`)).out).toContain('No server presents SHA256:CCC');
  });

  it('pins what a known_hosts file confirms, and tells lines it does not understand', async () => {
    const known = join(folder, 'known_hosts');
    const [north, south] = [...servers.keys()];
    const line = (id: string, marker = '') => {
      const { port, hostKeyBlob } = servers.get(id)!;
      return `${marker}[127.0.0.1]:${port} ssh-ed25519 ${hostKeyBlob}\n`;
    };
    writeFileSync(known, `${line(north!)}what is this\n${line(south!, '@revoked ')}`);
    const { out } = await keys('--known-hosts', known, '--pin', 'known-hosts');
    expect(out).toContain('known_hosts: 2 entries read, 1 not understood');
    expect(out).toContain('known_hosts line 2:');
    expect(out).toContain('[ssh.host-key-revoked]');
    expect(saved().access[north!]!.hostKey).toBe(`ssh-ed25519 ${fingerprint(north!)}`);
    expect(saved().access[south!]!.hostKey).toBeUndefined();
  });

  it('believes neither side when known_hosts has another key for a server', async () => {
    const known = join(folder, 'known_hosts');
    const [north, south] = [...servers.keys()];
    const { port } = servers.get(north!)!;
    writeFileSync(known, `[127.0.0.1]:${port} ssh-ed25519 ${servers.get(south!)!.hostKeyBlob}\n`);
    const { out } = await keys('--known-hosts', known, '--pin', fingerprint(north!));
    expect(out).toContain('presents another key than known_hosts has for it');
    expect(saved().access[north!]!.hostKey).toBeUndefined();
  });

  it('names a known_hosts file that is not there, and a server that is off', async () => {
    expect((await keys('--known-hosts', join(folder, 'none'))).out).toContain('[site.missing]');
    await [...servers.values()][0]!.close();
    expect((await keys()).out).toContain('[server.unreachable]');
  });
});
