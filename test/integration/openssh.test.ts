import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemTime } from '../../electron/host/host-time.ts';
import { judgeHostKey } from '../../electron/host/ssh/host-key.ts';
import { knownKeys, parseKnownHosts } from '../../electron/host/ssh/known-hosts.ts';
import type { ServerConnection, SshTarget } from '../../electron/host/ssh/server-connection.ts';
import { createSessionPool, type SessionPool } from '../../electron/host/ssh/session-pool.ts';
import { presentedHostKey } from '../../electron/host/ssh/ssh-client.ts';
import { connectServer } from '../../electron/host/ssh/ssh-connection.ts';
import { openSession } from '../../electron/host/ssh/ssh-session.ts';
import {
  hasOpenssh,
  makeKey,
  startOpenssh,
  type OpensshOptions,
  type OpensshServer,
} from './ssh/openssh-server.ts';

/**
 * Goal: what is said about SSH servers holds for the one that hospitals run. Method: Debian's own sshd
 * on loopback, its own ssh-keygen and ssh-agent beside ours.
 */
let folder: string;
let pool: SessionPool;
const servers: OpensshServer[] = [];
const agents: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-openssh-'));
  pool = createSessionPool({ open: openSession, time: systemTime() });
});

afterEach(async () => {
  pool.end();
  for (const agent of agents.splice(0)) agent.kill();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function server(options: OpensshOptions = {}): Promise<OpensshServer> {
  const started = await startOpenssh(options);
  servers.push(started);
  return started;
}

function targetOf(to: OpensshServer, changes: Partial<SshTarget> = {}): SshTarget {
  return {
    name: 'north',
    address: '127.0.0.1',
    port: to.port,
    user: to.user,
    pinned: [{ fingerprint: to.fingerprint() }],
    privilege: process.getuid?.() === 0 ? { kind: 'root' } : { kind: 'passwordless' },
    privateKey: { text: readFileSync(to.identity, 'utf8') },
    connectTimeoutMs: 20_000,
    ...changes,
  };
}

async function session(target: SshTarget) {
  const leased = await pool.lease(target);
  if (!leased.ok) throw new Error(`${leased.error.message} ${leased.error.details?.join('; ')}`);
  return leased.value;
}

async function errorOf(target: SshTarget) {
  const leased = await pool.lease(target);
  return leased.ok ? undefined : leased.error;
}

const plainRun = (argv: readonly string[]) => ({ argv, stdin: new Uint8Array() });

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('it did not come about in time');
    await pause(30);
  }
}

describe.skipIf(!hasOpenssh)('the host key of a real server', () => {
  it('is the one that ssh-keygen tells, and the only one that is let through', async () => {
    const north = await server();
    const presented = await presentedHostKey(targetOf(north));
    expect(presented).toEqual({
      ok: true,
      value: { keyType: 'ssh-ed25519', fingerprint: north.fingerprint() },
    });
    await session(targetOf(north));
    const other = { fingerprint: `SHA256:${'B'.repeat(43)}` };
    expect((await errorOf(targetOf(north, { pinned: [other] })))?.code).toBe('ssh.host-key-changed');
    expect((await errorOf(targetOf(north, { pinned: [] })))?.code).toBe('ssh.host-key-unknown');
    const revoked = [north.fingerprint()];
    expect((await errorOf(targetOf(north, { revoked })))?.code).toBe('ssh.host-key-revoked');
    expect(north.log()).not.toContain('Accepted publickey for nobody');
  });

  it('is presented as the type that is pinned, where the server has several', async () => {
    const north = await server({ hostKeys: ['ed25519', 'ecdsa', 'rsa'] });
    for (const [type, keyType] of [
      ['rsa', 'ssh-rsa'],
      ['ecdsa', 'ecdsa-sha2-nistp256'],
      ['ed25519', 'ssh-ed25519'],
    ] as const) {
      await session(targetOf(north, { pinned: [{ keyType, fingerprint: north.fingerprint(type) }] }));
    }
  });

  it('blocks a server that lost the type which is pinned', async () => {
    const north = await server({ hostKeys: ['ed25519'] });
    const pinned = [{ keyType: 'ssh-rsa', fingerprint: `SHA256:${'B'.repeat(43)}` }];
    const error = await errorOf(targetOf(north, { pinned }));
    expect(error).toMatchObject({ code: 'ssh.host-key-changed' });
    expect(error?.message).toContain('another key type');
  });

  it('is found in a known_hosts file that OpenSSH has hashed', async () => {
    const north = await server({ hostKeys: ['ed25519', 'rsa'] });
    const file = join(folder, 'known_hosts');
    writeFileSync(file, `${north.knownHostsLine('rsa')}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'pipe' });
    const known = knownKeys(parseKnownHosts(readFileSync(file, 'utf8')), ['127.0.0.1'], north.port);
    expect(known.keys).toEqual([{ keyType: 'ssh-rsa', fingerprint: north.fingerprint('rsa') }]);
    await session(targetOf(north, { pinned: known.keys }));
    const other = { keyType: 'ssh-ed25519', fingerprint: north.fingerprint('ed25519') };
    expect(judgeHostKey(known.keys, other)).toBe('other-type');
  });
});

describe.skipIf(!hasOpenssh)('signing in to a real server', () => {
  it('tells a wrong passphrase, before anything is sent, from a key that is refused', async () => {
    const north = await server();
    makeKey(join(folder, 'locked'), 'ed25519', 'open sesame');
    const text = readFileSync(join(folder, 'locked'), 'utf8');
    const before = north.log();
    const wrong = await errorOf(targetOf(north, { privateKey: { text, passphrase: 'wrong' } }));
    const missing = await errorOf(targetOf(north, { privateKey: { text } }));
    expect([wrong?.code, missing?.code]).toEqual(['ssh.passphrase', 'ssh.passphrase']);
    expect(north.log()).toBe(before);
    const opened = { text, passphrase: 'open sesame' };
    const refused = await errorOf(targetOf(north, { privateKey: opened }));
    expect(refused?.code).toBe('ssh.authentication');
    const shown = execFileSync('ssh-keygen', ['-lf', join(folder, 'locked.pub')])
      .toString()
      .split(' ')[1]!;
    expect(refused?.details?.join()).toContain(`refused: the key ssh-ed25519 ${shown}`);
    copyFileSync(join(folder, 'locked.pub'), join(north.folder, 'authorized_keys'));
    await session(targetOf(north, { privateKey: opened }));
  });

  it('asks for the passphrase where somebody answers, and again after a wrong one', async () => {
    const north = await server();
    makeKey(join(folder, 'locked'), 'ed25519', 'open sesame');
    copyFileSync(join(folder, 'locked.pub'), join(north.folder, 'authorized_keys'));
    const given = ['wrong', 'open sesame'];
    const asked: string[] = [];
    const answer: SshTarget['answer'] = async ({ prompts }) => {
      asked.push(prompts[0]!.text);
      return [given.shift()!];
    };
    const privateKey = { text: readFileSync(join(folder, 'locked'), 'utf8') };
    await session(targetOf(north, { privateKey, answer }));
    expect(asked).toEqual(['Passphrase of the key:', 'Wrong. Passphrase of the key:']);
  });

  it('uses the keys of a running SSH agent, and says when the agent is gone', async () => {
    const north = await server();
    const socket = join(folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    agents.push(agent);
    await until(() => existsSync(socket));
    execFileSync('ssh-add', ['-q', north.identity], { env: { SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
    const byAgent = { privateKey: undefined as never, sshAgent: socket };
    (await session(targetOf(north, byAgent))).release();
    agent.kill('SIGKILL');
    rmSync(socket, { force: true });
    const error = await errorOf(targetOf(north, { ...byAgent, name: 'north without its agent' }));
    expect(error?.code).toBe('ssh.authentication');
    expect(error?.details?.join()).toContain('the SSH agent does not help');
  });

  it('gets in with the named key though the SSH agent is gone', async () => {
    const north = await server();
    await session(targetOf(north, { sshAgent: join(folder, 'no-agent') }));
  });
});

describe.skipIf(!hasOpenssh)('a server with outdated algorithms', () => {
  const config = ['KexAlgorithms diffie-hellman-group14-sha1', 'HostKeyAlgorithms ssh-rsa'];

  it('is refused with what it offers and how to consent, and reached after the consent', async () => {
    const north = await server({ hostKeys: ['rsa'], config });
    const error = await errorOf(targetOf(north));
    expect(error?.code).toBe('ssh.algorithms');
    expect(error?.details?.join()).toContain('diffie-hellman-group14-sha1');
    expect(error?.next).toContain('"legacyAlgorithms": ["diffie-hellman-group14-sha1"]');
    const half = await errorOf(targetOf(north, { legacyAlgorithms: ['diffie-hellman-group14-sha1'] }));
    expect(half?.next).toContain('["ssh-rsa"]');
    const legacyAlgorithms = ['diffie-hellman-group14-sha1', 'ssh-rsa'] as const;
    const { session: open } = await session(targetOf(north, { legacyAlgorithms }));
    expect(open.legacy).toEqual(legacyAlgorithms);
  });

  it('does not weaken another server: with consent the good algorithms still come first', async () => {
    const north = await server({ hostKeys: ['rsa', 'ed25519'] });
    const legacyAlgorithms = ['diffie-hellman-group14-sha1', 'ssh-rsa'] as const;
    const pinned = [{ fingerprint: north.fingerprint('ed25519') }];
    const { session: open } = await session(targetOf(north, { pinned, legacyAlgorithms }));
    expect(open.legacy).toEqual([]);
  });
});

describe.skipIf(!hasOpenssh)('a jump host', () => {
  it('carries the connection, its own key compared first', async () => {
    const [jump, north] = [await server(), await server()];
    const over = targetOf(jump, { name: 'jump host' });
    const { session: open } = await session(targetOf(north, { jump: over }));
    const ran = await open.run(plainRun(['printenv', 'SSH_CONNECTION']), 'looking', {});
    expect(ran.ok && ran.value.stdout).toContain(` ${north.port}`);
    expect([jump.connections(), north.connections()]).not.toContain(0);
    pool.end();
    await until(() => jump.connections() === 0 && north.connections() === 0);
  });

  it('with a changed key stops everything before the server behind it is asked', async () => {
    const [jump, north] = [await server(), await server()];
    const over = targetOf(jump, { name: 'jump host', pinned: [{ fingerprint: north.fingerprint() }] });
    const error = await errorOf(targetOf(north, { jump: over }));
    expect(error).toMatchObject({ code: 'ssh.host-key-changed' });
    expect(error?.message).toContain('jump host');
    expect(north.log()).not.toContain('Connection from');
  });

  it('does not hide a changed key of the server behind it', async () => {
    const [jump, north] = [await server(), await server()];
    const pinned = [{ fingerprint: jump.fingerprint() }];
    const error = await errorOf(targetOf(north, { pinned, jump: targetOf(jump, { name: 'jump host' }) }));
    expect([error?.code, error?.message.includes('north')]).toEqual(['ssh.host-key-changed', true]);
  });

  it('that forbids it, or cannot reach the server, is told with its own sentence', async () => {
    const closed = await server({ config: ['AllowTcpForwarding no'] });
    const north = await server();
    const forbidden = await errorOf(targetOf(north, { jump: targetOf(closed, { name: 'jump host' }) }));
    expect(forbidden?.code).toBe('ssh.no-forwarding');
    const jump = await server();
    const target = targetOf(north, { jump: targetOf(jump, { name: 'jump host' }) });
    await north.stop();
    const gone = await errorOf(target);
    expect(gone?.code).toBe('server.unreachable');
    expect(gone?.message).toContain('jump host');
  });
});

describe.skipIf(!hasOpenssh)('sharing connections', () => {
  it('opens one for all who need the same server, and closes it when it has been idle', async () => {
    const north = await server();
    const target = targetOf(north);
    const leases = await Promise.all(Array.from({ length: 6 }, () => session(target)));
    expect(new Set(leases.map((lease) => lease.session)).size).toBe(1);
    await until(() => north.connections() === 1);
    for (const lease of leases) lease.release();
    expect(leases[0]!.session.isOpen()).toBe(true);
  });

  it('runs more commands at once than the server lets, each of them to its end', async () => {
    const north = await server({ config: ['MaxSessions 2'] });
    const { session: open } = await session(targetOf(north));
    const runs = Array.from({ length: 12 }, (_, index) =>
      open.run(plainRun(['sh', '-c', `sleep 0.05; echo ${index}`]), 'counting', {}),
    );
    const results = await Promise.all(runs);
    expect(results.map((result) => result.ok && result.value.stdout.trim())).toEqual(
      results.map((_, index) => String(index)),
    );
  });

  it('gives up a command after its time limit, and goes on with the connection', async () => {
    const north = await server();
    const { session: open } = await session(targetOf(north));
    const slow = await open.run(plainRun(['sleep', '30']), 'sleeping', { timeoutMs: 300 });
    expect(!slow.ok && slow.error.code).toBe('server.timeout');
    const next = await open.run(plainRun(['echo', 'here']), 'looking', {});
    expect(next.ok && next.value.stdout).toBe('here\n');
  });

  it('connects anew after the server has dropped the connection', async () => {
    const north = await server();
    const target = targetOf(north);
    const first = await session(target);
    const running = first.session.run(plainRun(['sleep', '30']), 'sleeping', {});
    north.dropConnections();
    const broken = await running;
    expect(!broken.ok && broken.error.code).toBe('server.unreachable');
    const second = await session(target);
    expect(second.session).not.toBe(first.session);
    expect((await second.session.run(plainRun(['true']), 'looking', {})).ok).toBe(true);
  });
});

describe.skipIf(!hasOpenssh || process.getuid?.() !== 0)('working on a real server as root', () => {
  let connection: ServerConnection;
  it('uploads a file whole and runs what is privileged', async () => {
    const north = await server();
    const opened = await connectServer(targetOf(north), pool);
    if (!opened.ok) throw new Error(opened.error.message);
    connection = opened.value;
    const path = join(folder, 'placed here');
    const content = 'line\n'.repeat(50_000);
    const placed = await connection.upload(
      { kind: 'content', content },
      { path, mode: '0640', owner: 'root:root' },
    );
    expect(placed.ok && readFileSync(path, 'utf8')).toBe(content);
    connection.close();
  });
});
