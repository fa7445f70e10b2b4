import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  runChecked,
  type ServerConnection,
  type SshTarget,
} from '../../electron/host/ssh/server-connection.ts';
import { createSessionPool, type SessionPool } from '../../electron/host/ssh/session-pool.ts';
import { connectServer } from '../../electron/host/ssh/ssh-connection.ts';
import { openSession } from '../../electron/host/ssh/ssh-session.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import {
  ed25519,
  startSshTestServer,
  type SshTestServer,
  type SshTestServerOptions,
} from './ssh/ssh-test-server.ts';

let folder: string;
let pool: SessionPool;
const open: { close(): unknown }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-ssh-'));
  pool = createSessionPool({ open: openSession, time: systemTime() });
});

afterEach(async () => {
  pool.end();
  for (const one of open.splice(0).reverse()) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startServer(options: SshTestServerOptions = {}): Promise<SshTestServer> {
  const server = await startSshTestServer({ password: 'secret', ...options });
  open.push(server);
  return server;
}

function targetOf(server: SshTestServer, changes: Partial<SshTarget> = {}): SshTarget {
  return {
    name: 'north',
    address: '127.0.0.1',
    port: server.port,
    user: 'root',
    pinned: [{ fingerprint: server.hostKey.fingerprint }],
    privilege: { kind: 'root' },
    password: 'secret',
    connectTimeoutMs: 5_000,
    ...changes,
  };
}

async function connected(server: SshTestServer, changes: Partial<SshTarget> = {}): Promise<ServerConnection> {
  const connection = await connectServer(targetOf(server, changes), pool);
  if (!connection.ok) throw new Error(connection.error.message);
  open.push(connection.value);
  return connection.value;
}

async function errorOf(target: SshTarget) {
  const connection = await connectServer(target, pool);
  if (connection.ok) connection.value.close();
  return connection.ok ? undefined : connection.error;
}

describe('connecting to a server', () => {
  it('gets in with a password, a key, and an encrypted key', async () => {
    const plain = ed25519();
    const locked = ssh2.utils.generateKeyPairSync('ed25519', {
      passphrase: 'open sesame',
      cipher: 'aes256-cbc',
      rounds: 4,
    });
    const server = await startServer({ publicKeys: [plain.public, locked.public] });
    await connected(server);
    await connected(server, { password: undefined as never, privateKey: { text: plain.private } });
    const unlocked = { text: locked.private, passphrase: 'open sesame' };
    await connected(server, { password: undefined as never, privateKey: unlocked });
  });

  it('blocks a changed host key before any password is sent', async () => {
    const server = await startServer();
    const pinned = [{ fingerprint: `SHA256:${'A'.repeat(43)}` }];
    const error = await errorOf(targetOf(server, { pinned }));
    expect(error?.code).toBe('ssh.host-key-changed');
    expect(error?.details?.join()).toContain(server.hostKey.fingerprint);
  });

  it('blocks a host key that nobody has confirmed, and shows its fingerprint', async () => {
    const server = await startServer();
    const error = await errorOf(targetOf(server, { pinned: [] }));
    expect(error?.code).toBe('ssh.host-key-unknown');
    expect(error?.details?.join()).toContain(server.hostKey.fingerprint);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown user', { user: 'nobody' }],
    ['a key that is none', { password: undefined as never, privateKey: { text: 'not a key' } }],
  ])('says that %s was not let in', async (_what, changes) => {
    const server = await startServer();
    expect((await errorOf(targetOf(server, changes)))?.code).toBe('ssh.authentication');
  });

  it('says that nothing listens there', async () => {
    const server = await startSshTestServer();
    await server.close();
    expect((await errorOf(targetOf(server)))?.code).toBe('server.unreachable');
  });

  it('gives up on a server that accepts and then says nothing', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    open.push(silent);
    await once(silent, 'listening');
    const port = (silent.address() as AddressInfo).port;
    const server = { port, hostKey: { keyType: '', fingerprint: '' } } as SshTestServer;
    expect((await errorOf(targetOf(server, { connectTimeoutMs: 300 })))?.code).toBe('server.timeout');
  });
});

describe('running programs', () => {
  it('hands arguments over unchanged, whatever they contain', async () => {
    const server = await connected(await startServer());
    const hostile = ["it's", '$(touch /tmp/x)', '`id`', 'a b', '', '*', '\\', '"', '\n', '-n', ';rm'];
    const result = await server.run(['printf', '%s\\0', ...hostile]);
    expect(result.ok && result.value.stdout.split('\0').slice(0, -1)).toEqual(hostile);
  });

  it('tells exit code, both outputs and the end of its input', async () => {
    const server = await connected(await startServer());
    const result = await server.run(['sh', '-c', 'cat; echo bad >&2; exit 3'], { stdin: 'in' });
    expect(result).toEqual({
      ok: true,
      value: { exitCode: 3, signal: null, stdout: 'in', stderr: 'bad\n', truncated: false },
    });
    const checked = await runChecked(server, ['sh', '-c', 'echo why >&2; exit 3'], { what: 'testing' });
    expect(!checked.ok && checked.error).toMatchObject({ code: 'ssh.command-failed', details: ['why'] });
  });

  it('keeps only so much output', async () => {
    const server = await connected(await startServer());
    const result = await server.run(['sh', '-c', 'head -c 100000 /dev/zero'], { maxOutputBytes: 1000 });
    expect(result.ok && [result.value.stdout.length, result.value.truncated]).toEqual([1000, true]);
  });

  it('gives up after its time limit', async () => {
    const server = await connected(await startServer());
    const result = await server.run(['sleep', '20'], { timeoutMs: 200 });
    expect(!result.ok && result.error.code).toBe('server.timeout');
  });

  it('says so when the connection breaks meanwhile, and from then on', async () => {
    const sshServer = await startServer();
    const server = await connected(sshServer);
    const running = server.run(['sleep', '20']);
    sshServer.dropConnections();
    const result = await running;
    expect(!result.ok && result.error.code).toBe('server.unreachable');
    const later = await server.run(['true']);
    expect(!later.ok && later.error.code).toBe('server.unreachable');
  });
});

describe('acting as root', () => {
  /** A stand-in for sudo that knows one password and reports what its program reads. */
  function fakeSudo(script: string): string {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'sudo'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'sudo'), 0o755);
    return bin;
  }
  const asksForPassword = `
if [ "$1" = -n ]; then echo "sudo: a password is required" >&2; exit 1; fi
IFS= read -r given
[ "$given" = "pass word" ] || { echo "sudo: 1 incorrect password attempt" >&2; exit 1; }
while [ "$1" != -- ]; do shift; done; shift
exec "$@"`;

  it('gives sudo the password on stdin only, and the program its own input', async () => {
    const sshServer = await startServer({ pathPrefix: fakeSudo(asksForPassword) });
    const server = await connected(sshServer, { privilege: { kind: 'password', password: 'pass word' } });
    const result = await server.run(['cat'], { privileged: true, stdin: 'mine' });
    expect(result.ok && result.value.stdout).toBe('mine');
    expect(sshServer.commands.join('\n')).not.toContain('pass word');
  });

  it.each([
    ['refuses the password', { kind: 'password', password: 'no' } as const, asksForPassword],
    ['wants a password that was not promised', { kind: 'passwordless' } as const, asksForPassword],
    ['is not there', { kind: 'passwordless' } as const, 'echo "sudo: not found" >&2; exit 127'],
  ])('names what needs root when sudo %s', async (_what, privilege, script) => {
    const server = await startServer({ pathPrefix: fakeSudo(script) });
    const error = await errorOf(targetOf(server, { privilege }));
    expect(error?.code).toBe('ssh.no-privilege');
    expect(error?.details?.join()).toContain('systemctl');
  });
});

describe('uploading', () => {
  it('replaces a file as a whole with mode and content, and leaves nothing beside it', async () => {
    const server = await connected(await startServer());
    const path = join(folder, "it's here");
    writeFileSync(path, 'old');
    const content = 'new'.repeat(100_000);
    const upload = await server.upload(
      { kind: 'content', content },
      { path, mode: '0640', owner: 'root:root' },
    );
    expect(upload).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["it's here"]);
  });

  it('keeps the old file when the bytes that arrived are not the bytes that were sent', async () => {
    const server = await connected(await startServer({ corruptInput: true }));
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    const upload = await server.upload(
      { kind: 'content', content: 'new' },
      { path, mode: '0644', owner: 'root:root' },
    );
    expect(!upload.ok && upload.error.details).toEqual(['checksum differs after the transfer']);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
