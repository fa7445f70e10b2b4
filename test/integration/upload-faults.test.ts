import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemTime } from '../../electron/host/host-time.ts';
import type { ServerConnection } from '../../electron/host/ssh/server-connection.ts';
import { createSessionPool, type SessionPool } from '../../electron/host/ssh/session-pool.ts';
import { connectServer } from '../../electron/host/ssh/ssh-connection.ts';
import { openSession } from '../../electron/host/ssh/ssh-session.ts';
import { hasOpenssh, startOpenssh, type OpensshServer } from './ssh/openssh-server.ts';

/**
 * Goal: a file that could not be placed leaves the one of before and nothing else. Method: a real disk that is full
 * and a connection that is really cut, on Debian's own sshd.
 */
const megabyte = 1024 * 1024;
const owner = { mode: '0640', owner: 'root:root' };
let folder: string;
let pool: SessionPool;
let server: OpensshServer;
let connection: ServerConnection;
let stagedBefore: readonly string[];

async function connect(): Promise<ServerConnection> {
  const opened = await connectServer(
    {
      name: 'north',
      address: '127.0.0.1',
      port: server.port,
      user: server.user,
      pinned: [{ fingerprint: server.fingerprint() }],
      privilege: { kind: 'root' },
      privateKey: { text: readFileSync(server.identity, 'utf8') },
      connectTimeoutMs: 20_000,
    },
    pool,
  );
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

const staged = () => readdirSync('/var/tmp').filter((name) => name.startsWith('ixha-upload-'));
const leftOver = () => staged().filter((name) => !stagedBefore.includes(name));

describe.skipIf(!hasOpenssh || process.getuid?.() !== 0)('a file that could not be placed', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ixha-upload-'));
    mkdirSync(join(folder, 'small'));
    stagedBefore = staged();
    pool = createSessionPool({ open: openSession, time: systemTime() });
    server = await startOpenssh();
    connection = await connect();
  });

  afterEach(async () => {
    connection.close();
    pool.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('because the disk was full says so, and leaves the file of before and no part of the new one', async () => {
    const small = join(folder, 'small');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'small-disk', small]);
    try {
      const path = join(small, 'program');
      writeFileSync(path, 'of before');
      const placed = await connection.upload(
        { kind: 'content', content: Buffer.alloc(2 * megabyte, 1) },
        { path, ...owner },
      );
      expect(placed).toMatchObject({
        error: { code: 'server.disk-full', message: `north: there is no room for ${path}.` },
      });
      expect([readdirSync(small), readFileSync(path, 'utf8')]).toEqual([['program'], 'of before']);
      expect(leftOver()).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  it('because the connection broke in the middle leaves nothing either, and can be sent again', async () => {
    const path = join(folder, 'program');
    const content = Buffer.alloc(64 * megabyte, 1);
    const sending = connection.upload({ kind: 'content', content }, { path, ...owner });
    await until(() => leftOver().length > 0);
    server.dropConnections();
    expect(await sending).toMatchObject({ error: { code: 'server.unreachable' } });
    await until(() => leftOver().length === 0);
    expect(readdirSync(folder)).toEqual(['small']);
    connection = await connect();
    const again = await connection.upload({ kind: 'content', content: 'whole' }, { path, ...owner });
    expect([again.ok, readFileSync(path, 'utf8')]).toEqual([true, 'whole']);
  });
});

async function until(ready: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!ready()) {
    if (performance.now() > end) throw new Error('not in time');
    await pause(10);
  }
}
