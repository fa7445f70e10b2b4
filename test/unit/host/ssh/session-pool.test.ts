import { PassThrough, type Duplex } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SshPlace } from '../../../../electron/host/ssh/server-connection.ts';
import { createSessionPool, type SessionPool } from '../../../../electron/host/ssh/session-pool.ts';
import type { SshSession } from '../../../../electron/host/ssh/ssh-session.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../../shared/result.ts';
import type { ProductError } from '../../../../shared/errors.ts';
import { handTime, type HandTime } from '../hand-time.ts';

/** Goal: connections are shared and never leak. Method: sessions in memory, time turned by hand. */
interface FakeSession extends SshSession {
  readonly target: SshPlace;
  readonly through: Duplex | undefined;
  breakOff(): void;
}

let time: HandTime;
let opened: FakeSession[];
let answer: (target: SshPlace) => ProductError | undefined;
let pool: SessionPool;

beforeEach(() => {
  time = handTime();
  opened = [];
  answer = () => undefined;
  pool = createSessionPool({ time, open });
});

async function open(target: SshPlace, through?: Duplex): Promise<Result<SshSession, ProductError>> {
  await Promise.resolve();
  const refused = answer(target);
  if (refused) {
    through?.destroy();
    return fail(refused);
  }
  let isOpen = true;
  const listeners: (() => void)[] = [];
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    through?.destroy();
    listeners.forEach((listener) => listener());
  };
  const session: FakeSession = {
    target,
    through,
    legacy: [],
    isOpen: () => isOpen,
    onEnd: (listener) => listeners.push(listener),
    run: () => Promise.reject(new Error('not in this test')),
    forward: async () => succeed(new PassThrough()),
    end,
    breakOff: end,
  };
  opened.push(session);
  return succeed(session);
}

function place(changes: Partial<SshPlace> = {}): SshPlace {
  return { name: 'north', address: '192.0.2.1', port: 22, user: 'root', pinned: [], ...changes };
}

async function lease(target: SshPlace) {
  const result = await pool.lease(target);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const openCount = () => opened.filter((session) => session.isOpen()).length;

describe('the pool of connections', () => {
  it('opens one connection for all who come at once', async () => {
    const [one, other] = await Promise.all([lease(place()), lease(place())]);
    expect([one.session === other.session, opened.length]).toEqual([true, 1]);
  });

  it.each([
    ['another user', { user: 'admin' }],
    ['another password', { password: 'other' }],
    ['another pinned key', { pinned: [{ fingerprint: 'SHA256:other' }] }],
    ['another key declared lost', { revoked: ['SHA256:other'] }],
    ['other algorithms', { legacyAlgorithms: ['ssh-rsa'] as const }],
    ['a jump host', { jump: place({ name: 'jump', address: '192.0.2.9' }) }],
  ])('shares nothing with %s', async (_what, changes) => {
    const one = await lease(place());
    const other = await lease(place(changes));
    expect(other.session).not.toBe(one.session);
  });

  it('keeps a connection while anybody uses it, and closes it after it was idle', async () => {
    const [one, other] = [await lease(place()), await lease(place())];
    one.release();
    one.release();
    time.forward(29 * 60_000);
    expect(openCount()).toBe(1);
    other.release();
    time.forward(29_000);
    expect(openCount()).toBe(1);
    time.forward(1_000);
    await Promise.resolve();
    expect([openCount(), time.pending()]).toEqual([0, 0]);
  });

  it('does not close a connection that is used again in time', async () => {
    (await lease(place())).release();
    time.forward(20_000);
    await lease(place());
    time.forward(60_000);
    expect([opened.length, openCount()]).toEqual([1, 1]);
  });

  it('gives new users a new connection after half an hour, and lets the old ones end in peace', async () => {
    const old = await lease(place());
    time.forward(31 * 60_000);
    const fresh = await lease(place());
    expect([fresh.session === old.session, openCount()]).toEqual([false, 2]);
    old.release();
    await Promise.resolve();
    expect([old.session.isOpen(), fresh.session.isOpen()]).toEqual([false, true]);
  });

  it('connects anew after a connection broke, and after one that failed', async () => {
    const first = await lease(place());
    opened[0]!.breakOff();
    const second = await lease(place());
    expect(second.session).not.toBe(first.session);
    opened[1]!.breakOff();
    answer = () => productError('server.unreachable', 'It is off.');
    expect((await pool.lease(place())).ok).toBe(false);
    answer = () => undefined;
    expect((await pool.lease(place())).ok).toBe(true);
    expect(openCount()).toBe(1);
  });

  it('shares one connection to a jump host, and frees it when those behind it have ended', async () => {
    const jump = place({ name: 'jump', address: '192.0.2.9' });
    const [north, south] = [
      await lease(place({ jump })),
      await lease(place({ name: 'south', address: '192.0.2.2', jump })),
    ];
    expect(opened.map((session) => session.target.name)).toEqual(['jump', 'north', 'south']);
    north.release();
    south.release();
    time.forward(30_000);
    await new Promise((resolve) => setImmediate(resolve));
    time.forward(30_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect([openCount(), time.pending()]).toEqual([0, 0]);
  });

  it('frees the jump host when the server behind it refuses', async () => {
    answer = ({ name }) => (name === 'north' ? productError('ssh.authentication', 'No.') : undefined);
    const jump = place({ name: 'jump', address: '192.0.2.9' });
    expect((await pool.lease(place({ jump }))).ok).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    time.forward(30_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect([openCount(), time.pending()]).toEqual([0, 0]);
  });

  it('ends everything at its own end, also what is being opened then', async () => {
    await lease(place());
    const late = pool.lease(place({ user: 'late' }));
    pool.end();
    expect((await late).ok).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect([openCount(), (await pool.lease(place())).ok]).toEqual([0, false]);
  });
});
