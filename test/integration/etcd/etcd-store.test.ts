import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openBootClock } from '../../../agent/boot-clock.ts';
import { openEtcdLink } from '../../../agent/lease-stores/etcd-link.ts';
import type { LeaseStoreLink } from '../../../agent/lease-stores/lease-store-link.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { LeaseAnswer, LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { EtcdStore, MemberConfig } from '../../../shared/site/member-config.ts';
import { createBench, until, type Bench } from '../demo-harness.ts';
import { EtcdBench, etcdMissing } from './etcd-bench.ts';

/**
 * Goal: a lease in a real etcd is granted, renewed and taken as with a witness, through every fault of etcd, and no
 * answer is used that does not count. Method: etcd of one and three members on loopback with mutual TLS, and the links
 * of two members in this process.
 */
const timing = { ...timingPresets.fast, O: 2 };
const { T } = timing;
const prefix = '/ixha/test';
const clock = openBootClock();
const opened: LeaseStoreLink[] = [];

class AskingMember {
  readonly link: LeaseStoreLink;
  opens = 0;
  private readonly waiting = new Map<number, (answer: LeaseAnswer) => void>();
  private id = 0;

  constructor(server: string, etcd: EtcdBench, own: Partial<EtcdStore> = {}) {
    const store: EtcdStore = {
      ...{ kind: 'etcd', endpoints: etcd.endpoints, prefix, certificates: etcd.certificates },
      ...own,
    };
    this.link = openEtcdLink(
      { cluster: 'WK1', server, timing } as MemberConfig,
      store,
      { timers: systemTimers, clock },
      (answer) => this.waiting.get(answer.id)?.(answer),
      () => (this.opens += 1),
    );
    opened.push(this.link);
  }

  /** Null: not sent, or no answer within 2·O and a little. */
  ask(body: { op: LeaseRequest['op']; [more: string]: unknown }): Promise<LeaseAnswer | null> {
    const id = (this.id += 1);
    const request = { id, cluster: 'WK1', storeId: 's1', T, ...body } as LeaseRequest;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      if (!this.link.send(request)) resolve(null);
      else systemTimers.after(2 * timing.O * 1000 + 200, () => resolve(null));
    });
  }

  connected = () =>
    until('the link is open', () => this.opens > 0, 30_000).catch((late: unknown) => {
      throw new Error(`${String(late)}: ${this.link.trouble()}`);
    });

  /** Asks until the answer is this one. */
  until(body: Parameters<AskingMember['ask']>[0], wanted: Partial<LeaseAnswer>, limitMs = 30_000) {
    let last: LeaseAnswer | null = null;
    return until(
      `${body.op} is answered ${JSON.stringify(wanted)}`,
      async () => {
        last = await this.ask(body);
        return (
          Object.entries(wanted).every(([key, value]) => last?.[key as keyof LeaseAnswer] === value) && last!
        );
      },
      limitMs,
    ).catch((late: unknown) => {
      throw new Error(`${String(late)}; last: ${JSON.stringify(last)}; ${this.link.trouble()}`);
    });
  }
}

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  for (const link of opened.splice(0)) link.close();
  bench.clean();
});

/** A seeded store whose lease the first of two members holds. */
async function held(etcd: EtcdBench, own: Partial<EtcdStore> = {}) {
  const [a, b] = [new AskingMember('a', etcd, own), new AskingMember('b', etcd, own)];
  await Promise.all([a.connected(), b.connected()]);
  await a.until({ op: 'read' }, { result: 'refused', why: 'not-durable' });
  await a.until({ op: 'seed', epoch: 0 }, { result: 'seeded' });
  await b.until({ op: 'read' }, { result: 'read' });
  await a.until({ op: 'acquire', epochSeen: 0 }, { result: 'granted' });
  return { a, b };
}

describe.skipIf(etcdMissing !== null)('a real etcd of one member', () => {
  let etcd: EtcdBench;
  beforeEach(async () => {
    etcd = await EtcdBench.start(bench, 1);
  });
  afterEach(() => etcd.close());

  test('grants, renews, and lets the peer take the lease T + δ after the last renewal that it saw', async () => {
    const { a, b } = await held(etcd);
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({
      result: 'renewed',
      view: { epoch: 1, holder: 'a' },
    });
    const sentMs = clock.bootMs();
    const granted = await b.until({ op: 'acquire', epochSeen: 1 }, { result: 'granted' });
    expect(granted.view).toMatchObject({ epoch: 2, holder: 'b' });
    expect(clock.bootMs() - sentMs).toBeGreaterThanOrEqual(T * 1000);
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ result: 'refused', why: 'not-holder' });
  });

  test('killed and back: the lease goes on, and nothing was sent meanwhile', async () => {
    const { a } = await held(etcd);
    await etcd.kill(0);
    await until(
      'it is known',
      async () => (await a.ask({ op: 'renew', epoch: 1 })) === null && a.link.trouble(),
    );
    expect(a.link.trouble()).toContain('the connection is refused');
    expect(a.link.send({ id: 999, cluster: 'WK1', storeId: 's1', op: 'read' })).toBe(false);
    etcd.bootAll();
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' });
  });

  test('frozen: silence is told, and after it thaws the lease goes on', async () => {
    const { a } = await held(etcd);
    etcd.signal(0, 'SIGSTOP');
    // What it had begun it may still answer.
    await until('it is silent', async () => (await a.ask({ op: 'renew', epoch: 1 })) === null, 30_000);
    await until('it is told', () => a.link.trouble()?.includes('no answer for 4.0 s'));
    etcd.signal(0, 'SIGCONT');
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' });
  });

  test('its data wiped: refused until it is seeded anew, under another id', async () => {
    const { a, b } = await held(etcd);
    await etcd.kill(0);
    etcd.wipe();
    etcd.bootAll();
    await a.until({ op: 'renew', epoch: 1 }, { result: 'refused', why: 'not-durable' });
    expect(a.link.trouble()).toContain('gone back from revision');
    expect(await a.ask({ op: 'seed', storeId: 's2', epoch: 1 })).toMatchObject({ result: 'seeded' });
    await b.until({ op: 'read' }, { result: 'refused', why: 'store-id' });
    await b.until({ op: 'acquire', storeId: 's2', epochSeen: 1 }, { result: 'granted' });
  });

  test('the record overwritten by somebody: nothing is renewed or granted by it', async () => {
    const { a, b } = await held(etcd);
    await etcd.client.put(`${prefix}/WK1/record`, 'mine');
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ why: 'not-durable', unseeded: true });
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({ why: 'not-durable' });
    expect(b.link.trouble()).toContain('somebody has overwritten it');
  });

  test('full: neither looks nor renewals are answered, and the reason is told', async () => {
    const { a, b } = await held(etcd);
    const large = 'x'.repeat(1_000_000);
    for (let at = 0; at < 40; at += 1) {
      const full = await etcd.client.put(`/fill/${at}`, large).then(
        () => false,
        (error: unknown) => String(error).includes('space'),
      );
      if (full) break;
    }
    await until(
      'it is told',
      async () => {
        await Promise.all([a.ask({ op: 'renew', epoch: 1 }), b.ask({ op: 'read' })]);
        return [a, b].every(({ link }) => link.trouble()?.includes('NOSPACE'));
      },
      30_000,
    );
  });

  test('with users: only with the password, and on after every token has ended with a restart', async () => {
    await etcd.client.addUsers(prefix, 'lease-secret');
    const passwordFile = bench.write('password', 'lease-secret\n');
    const { a } = await held(etcd, { user: 'ixha', passwordFile });
    const stranger = new AskingMember('c', etcd);
    const wrong = new AskingMember('d', etcd, { user: 'ixha', passwordFile: bench.write('wrong', 'x') });
    const outside = new AskingMember('e', etcd, { user: 'ixha', passwordFile, prefix: '/other' });
    await until('no user', () =>
      stranger.link.trouble()?.match(/none is configured here|does not let this member/),
    );
    await until('wrong password', () => wrong.link.trouble()?.includes('refuses the user or its password'));
    await until('another prefix', () => outside.link.trouble()?.includes('does not let this member'));
    await etcd.kill(0);
    etcd.bootAll();
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' });
  });

  test('a foreign authority in its place is refused by name', async () => {
    const other = await EtcdBench.start(bench, 1, 'other');
    try {
      const a = new AskingMember('a', other, { certificates: etcd.certificates });
      await until('it is told', () => a.link.trouble()?.match(/authority|certificate/));
    } finally {
      await other.close();
    }
  });
});

describe.skipIf(etcdMissing !== null)('a real etcd of three members', () => {
  let etcd: EtcdBench;
  beforeEach(async () => {
    etcd = await EtcdBench.start(bench, 3);
  });
  afterEach(() => etcd.close());

  test('its leader killed: renewals go on at the others, and nobody takes the lease', async () => {
    const { a } = await held(etcd);
    await etcd.kill(await etcd.leader());
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' }, 30_000);
    etcd.bootAll();
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' });
  });

  test('its leader frozen: the same, and its late answers change nothing', async () => {
    const { a, b } = await held(etcd);
    const leader = await etcd.leader();
    etcd.signal(leader, 'SIGSTOP');
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' }, 30_000);
    etcd.signal(leader, 'SIGCONT');
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).not.toMatchObject({ result: 'granted' });
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' });
  });

  test('all down and back: the lease is where it was', async () => {
    const { a } = await held(etcd);
    await Promise.all([0, 1, 2].map((at) => etcd.kill(at)));
    await until(
      'it is known',
      async () => (await a.ask({ op: 'renew', epoch: 1 })) === null && a.link.trouble(),
    );
    etcd.bootAll();
    await a.until({ op: 'renew', epoch: 1 }, { result: 'renewed' }, 30_000);
  });

  test('without a majority nothing is granted, renewed or read', async () => {
    const { a, b } = await held(etcd);
    await etcd.kill(0);
    await etcd.kill(1);
    expect(await a.ask({ op: 'renew', epoch: 1 })).toBeNull();
    expect(await b.ask({ op: 'read' })).toBeNull();
  });
});

describe.skipIf(etcdMissing !== null)('an endpoint that is not what it was', () => {
  let etcd: EtcdBench;
  beforeEach(async () => {
    etcd = await EtcdBench.start(bench, 1);
  });
  afterEach(() => etcd.close());

  test('answers cut in the middle are no answers, and a second endpoint is asked', async () => {
    let cuts = 0;
    const server: Server = createServer((socket) => {
      cuts += 1;
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"header":{');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const endpoints = [{ address: '127.0.0.1', port }, ...etcd.endpoints];
      const { a } = await held(etcd, { endpoints });
      expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ result: 'renewed' });
      expect(cuts).toBeGreaterThan(0);
    } finally {
      server.close();
    }
  });
});
