import { describe, expect, it } from 'vitest';
import { EtcdClient, EtcdTrouble } from '../../../../agent/lease-stores/etcd-client.ts';
import { EtcdStore } from '../../../../agent/lease-stores/etcd-store.ts';
import { systemTimers } from '../../../../agent/system-timers.ts';
import type { LeaseAnswer, LeaseRequest } from '../../../../shared/agent-api/lease-frames.ts';
import { FakeEtcd } from './fake-etcd.ts';

/** Goal: the lease's rules hold with records in etcd. Method: two members on one etcd in memory, time by hand. */
const T = 4;
const termMs = 4290;
let nowMs = 0;

/** What of a request is lost, before or after etcd has carried it out. */
type Loss = 'request' | 'answer' | null;

class MemberAtEtcd {
  loss: Loss = null;
  length = T;
  private readonly store: EtcdStore;
  private id = 0;

  constructor(name: string, etcds: readonly FakeEtcd[], own: { T?: number; password?: string } = {}) {
    this.length = own.T ?? T;
    const client = new EtcdClient({
      post: (endpoint, path, body, token) => {
        if (this.loss === 'request') return Promise.reject(new Error('the connection was reset'));
        const answer = etcds[endpoint]!.answer(path, body, token);
        return this.loss === 'answer'
          ? Promise.reject(new Error('the connection was reset'))
          : Promise.resolve(answer);
      },
      timers: systemTimers,
      endpoints: etcds.map((_, at) => `etcd-${at}`),
      user: own.password === undefined ? null : { name: 'ixha', password: own.password },
      nextAfterMs: 1_000,
      limitMs: 5_000,
    });
    this.store = new EtcdStore({
      client,
      clock: { bootMs: () => nowMs, wallTime: () => '' },
      prefix: '/ixha/site',
      cluster: 'WK1',
      member: name,
      T: this.length,
      nonce: name,
    });
  }

  ask(body: { op: LeaseRequest['op']; [more: string]: unknown }): Promise<LeaseAnswer> {
    this.id += 1;
    const request = { id: this.id, cluster: 'WK1', storeId: 's1', T: this.length, ...body };
    return this.store.ask(request as LeaseRequest);
  }

  trouble = () => this.store.unusable();
}

/** Only a grant depends on two keys. */
function isGrant(body: string): boolean {
  return (JSON.parse(body) as { compare: unknown[] }).compare.length === 2;
}

/** A seeded store whose first wait is over for both. */
async function ready(etcd = new FakeEtcd()) {
  nowMs = 1_000;
  const [a, b] = [new MemberAtEtcd('a', [etcd]), new MemberAtEtcd('b', [etcd])];
  await a.ask({ op: 'seed', epoch: 0 });
  await b.ask({ op: 'read' });
  nowMs += termMs;
  return { etcd, a, b };
}

describe('a lease in etcd', () => {
  it('is granted to nobody before T + δ after the seeding, and then to the first who asks', async () => {
    const etcd = new FakeEtcd();
    nowMs = 1_000;
    const [a, b] = [new MemberAtEtcd('a', [etcd]), new MemberAtEtcd('b', [etcd])];
    expect(await a.ask({ op: 'read' })).toMatchObject({
      result: 'refused',
      why: 'not-durable',
      unseeded: true,
    });
    expect(a.trouble()).toContain('must be seeded');
    expect(await a.ask({ op: 'seed', epoch: 7 })).toMatchObject({ result: 'seeded', view: { epoch: 7 } });
    nowMs += termMs - 1;
    expect(await a.ask({ op: 'acquire', epochSeen: 7 })).toMatchObject({ result: 'refused', why: 'live' });
    nowMs += 1;
    expect(await a.ask({ op: 'acquire', epochSeen: 7 })).toMatchObject({
      result: 'granted',
      view: { epoch: 8, holder: 'a', storeId: 's1' },
    });
    expect(await b.ask({ op: 'acquire', epochSeen: 8 })).toMatchObject({ result: 'refused', why: 'live' });
  });

  it('is taken only T + δ after the taker has seen the last renewal', async () => {
    const { a, b } = await ready();
    await a.ask({ op: 'acquire', epochSeen: 0 });
    nowMs += 3_000;
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ result: 'renewed' });
    nowMs += 1_000;
    expect(await b.ask({ op: 'read' })).toMatchObject({ view: { holder: 'a', freeInMs: termMs } });
    nowMs += termMs - 1;
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({
      why: 'live',
      view: { freeInMs: 1 },
    });
    nowMs += 1;
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({
      result: 'granted',
      view: { epoch: 2 },
    });
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ result: 'refused', why: 'not-holder' });
  });

  it('is not granted over a renewal that the taker has not seen', async () => {
    const { etcd, a, b } = await ready();
    await a.ask({ op: 'acquire', epochSeen: 0 });
    await b.ask({ op: 'read' });
    nowMs += termMs;
    // Between the taker's look and its grant the holder renews.
    const answer = etcd.answer.bind(etcd);
    let renewed = false;
    etcd.answer = (path, body, token) => {
      if (!renewed && isGrant(body)) {
        renewed = true;
        etcd.write('/ixha/site/WK1/beat', JSON.stringify({ id: 'x', of: 'y', recordAgeMs: 0 }));
      }
      return answer(path, body, token);
    };
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({ result: 'refused', why: 'live' });
    expect(renewed).toBe(true);
  });

  it('is released for one member, and others wait a grace time', async () => {
    const { a, b } = await ready();
    await a.ask({ op: 'acquire', epochSeen: 0 });
    expect(await a.ask({ op: 'release', epoch: 1, reservedFor: 'a' })).toMatchObject({ result: 'released' });
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({ why: 'reserved' });
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ why: 'not-holder' });
    expect(await a.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({ result: 'granted' });
  });

  it('keeps left periods, forced takeovers and the policy as a witness does', async () => {
    const { a, b } = await ready();
    await a.ask({ op: 'acquire', epochSeen: 0 });
    expect(await a.ask({ op: 'left', left: { e: 1, n: 2 } })).toMatchObject({
      view: { left: { e: 1, n: 2 } },
    });
    const change = { kind: 'maintenance', by: 'admin', reason: 'disk', lastsMs: 60_000 };
    expect(await a.ask({ op: 'policy', version: 0, change })).toMatchObject({ result: 'changed' });
    expect(await b.ask({ op: 'policy', version: 0, change })).toMatchObject({ why: 'version' });
    nowMs += termMs;
    expect(await b.ask({ op: 'acquire', epochSeen: 1 })).toMatchObject({ why: 'maintenance' });
    nowMs += 60_000;
    const forced = { by: 'admin', reason: 'fire', at: 'now', alone: false };
    expect(await b.ask({ op: 'force', epochSeen: 1, forced })).toMatchObject({
      result: 'granted',
      view: { epoch: 2, forced: { epoch: 2, by: 'admin' }, left: { e: 1, n: 2 } },
    });
  });

  it('blocks automatic failover after three within the hour, also by what a restarted member reads', async () => {
    const { etcd, a, b } = await ready();
    const members = [a, b];
    await a.ask({ op: 'acquire', epochSeen: 0 });
    for (let epoch = 1; epoch <= 3; epoch += 1) {
      const taker = members[epoch % 2]!;
      await taker.ask({ op: 'read' });
      nowMs += termMs;
      expect(await taker.ask({ op: 'acquire', epochSeen: epoch })).toMatchObject({ result: 'granted' });
    }
    const restarted = new MemberAtEtcd('a', [etcd]);
    await restarted.ask({ op: 'read' });
    nowMs += termMs;
    expect(await restarted.ask({ op: 'acquire', epochSeen: 4 })).toMatchObject({ why: 'blocked' });
  });

  it('waits by the longer length while a holder may count by it', async () => {
    const { etcd, b } = await ready();
    const a = new MemberAtEtcd('a', [etcd], { T: 10 });
    await a.ask({ op: 'read' });
    nowMs += 20_000;
    await a.ask({ op: 'acquire', epochSeen: 0 });
    expect(await b.ask({ op: 'read' })).toMatchObject({ view: { freeInMs: 10_350, longestT: 10 } });
    const shorter = new MemberAtEtcd('a', [etcd]);
    expect(await shorter.ask({ op: 'renew', epoch: 1 })).toMatchObject({ view: { longestT: 10 } });
    nowMs += 10_350;
    expect(await shorter.ask({ op: 'renew', epoch: 1 })).toMatchObject({ view: { longestT: 4 } });
    const longer = new MemberAtEtcd('a', [etcd], { T: 10 });
    expect(await longer.ask({ op: 'renew', epoch: 1 })).toMatchObject({ result: 'renewed' });
    expect(await b.ask({ op: 'read' })).toMatchObject({ view: { freeInMs: 10_350 } });
  });
});

describe('a request that is lost', () => {
  it('is trouble, and what was carried out all the same is seen by the next one', async () => {
    const { a, b } = await ready();
    a.loss = 'answer';
    await expect(a.ask({ op: 'acquire', epochSeen: 0 })).rejects.toThrow(EtcdTrouble);
    a.loss = 'request';
    await expect(a.ask({ op: 'read' })).rejects.toThrow('etcd-0: the connection was reset');
    a.loss = null;
    // The look of the lost acquire went through, its grant did not.
    expect(await b.ask({ op: 'acquire', epochSeen: 0 })).toMatchObject({ result: 'granted' });
  });

  it('is found carried out at the second endpoint, and counts once', async () => {
    const { etcd } = await ready();
    let lose = false;
    const flaky = Object.create(etcd) as FakeEtcd;
    flaky.answer = (path, body, token) => {
      const answer = etcd.answer(path, body, token);
      return lose && isGrant(body)
        ? { status: 503, text: '{"message":"etcdserver: request timed out"}' }
        : answer;
    };
    const c = new MemberAtEtcd('c', [flaky, etcd]);
    await c.ask({ op: 'read' });
    nowMs += termMs;
    lose = true;
    expect(await c.ask({ op: 'acquire', epochSeen: 0 })).toMatchObject({
      result: 'granted',
      view: { epoch: 1 },
    });
    expect(JSON.parse(etcd.read('/ixha/site/WK1/record')!)).toMatchObject({
      record: { epoch: 1, holder: 'c' },
    });
  });
});

describe('an etcd that is not what it was', () => {
  it('wiped: nothing is granted or renewed, and it may be seeded anew', async () => {
    const { etcd, a } = await ready();
    await a.ask({ op: 'acquire', epochSeen: 0 });
    etcd.wipe();
    expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ why: 'not-durable', unseeded: true });
    expect(a.trouble()).toContain('gone back from revision');
    expect(await a.ask({ op: 'seed', storeId: 's2', epoch: 1 })).toMatchObject({
      view: { epoch: 1, storeId: 's2' },
    });
    expect(await a.ask({ op: 'acquire', storeId: 's2', epochSeen: 1 })).toMatchObject({ why: 'live' });
    nowMs += termMs;
    expect(await a.ask({ op: 'acquire', storeId: 's2', epochSeen: 1 })).toMatchObject({ view: { epoch: 2 } });
  });

  it('wiped and seeded by the peer: the new store is seen as another one', async () => {
    const { etcd, a, b } = await ready();
    etcd.wipe();
    await b.ask({ op: 'seed', storeId: 's2', epoch: 5 });
    expect(await a.ask({ op: 'read' })).toMatchObject({ why: 'store-id', view: { storeId: 's2', epoch: 5 } });
  });

  it('set back to an older state: nothing of it is used', async () => {
    const { etcd, a } = await ready();
    const old = { keys: new Map(etcd.keys), revision: etcd.revision };
    await a.ask({ op: 'acquire', epochSeen: 0 });
    Object.assign(etcd, old);
    expect(await a.ask({ op: 'read' })).toMatchObject({ why: 'not-durable', view: null });
    expect(a.trouble()).toMatch(/gone back from revision \d+ to \d+/);
  });

  it('a copy of its data in another etcd: nothing of it is used', async () => {
    const { etcd, a } = await ready();
    const copy = new FakeEtcd();
    Object.assign(copy, { clusterId: '99', keys: new Map(etcd.keys), revision: 500 });
    const moved = new MemberAtEtcd('b', [copy]);
    expect(await moved.ask({ op: 'read' })).toMatchObject({ why: 'not-durable', unseeded: true });
    expect(moved.trouble()).toContain('a copy from another etcd');
    expect(copy.read('/ixha/site/WK1/look/b')).toBeDefined();
    expect(await a.ask({ op: 'read' })).toMatchObject({ result: 'read' });
  });

  it('one endpoint of another etcd: it is passed over', async () => {
    const { etcd } = await ready();
    const c = new MemberAtEtcd('c', [etcd, etcd]);
    await c.ask({ op: 'read' });
    const other = new FakeEtcd();
    other.clusterId = '99';
    other.revision = 1_000_000;
    const both = [other, etcd];
    const d = new MemberAtEtcd('d', both);
    both[0] = etcd;
    await d.ask({ op: 'read' });
    both[0] = other;
    expect(await d.ask({ op: 'read' })).toMatchObject({ result: 'read', view: { storeId: 's1' } });
    expect(d.trouble()).toBeNull();
  });

  it.each(['', 'garbage', '{}', '{"schema":1}', 'null'])(
    'overwritten by "%s": refused until it is seeded anew',
    async (text) => {
      const { etcd, a } = await ready();
      await a.ask({ op: 'acquire', epochSeen: 0 });
      const before = etcd.read('/ixha/site/WK1/record')!;
      etcd.write('/ixha/site/WK1/record', text);
      expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ why: 'not-durable' });
      expect(a.trouble()).toContain('somebody has overwritten it');
      etcd.write('/ixha/site/WK1/record', before);
      expect(await a.ask({ op: 'renew', epoch: 1 })).toMatchObject({ result: 'renewed' });
      expect(a.trouble()).toBeNull();
    },
  );

  it('full: no look is answered either, so that nobody takes it for a store that works', async () => {
    const { etcd, a } = await ready();
    etcd.full = true;
    await expect(a.ask({ op: 'read' })).rejects.toThrow('NOSPACE');
  });
});

describe('an etcd with users', () => {
  it('is given a token, and a new one when that has ended', async () => {
    const etcd = new FakeEtcd();
    etcd.users = { token: 't1', password: 'secret' };
    const a = new MemberAtEtcd('a', [etcd], { password: 'secret' });
    expect(await a.ask({ op: 'seed', epoch: 0 })).toMatchObject({ result: 'seeded' });
    etcd.users = { token: 't2', password: 'secret' };
    expect(await a.ask({ op: 'read' })).toMatchObject({ result: 'read' });
  });

  it('refuses a wrong password, and a member without one', async () => {
    const etcd = new FakeEtcd();
    etcd.users = { token: 't1', password: 'secret' };
    await expect(new MemberAtEtcd('a', [etcd], { password: 'x' }).ask({ op: 'read' })).rejects.toThrow(
      'refuses the user or its password',
    );
    await expect(new MemberAtEtcd('a', [etcd]).ask({ op: 'read' })).rejects.toThrow(
      'none is configured here',
    );
  });
});
