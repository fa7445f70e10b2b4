import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EtcdClient } from '../../../../agent/lease-stores/etcd-client.ts';
import { EtcdStore } from '../../../../agent/lease-stores/etcd-store.ts';
import { systemTimers } from '../../../../agent/system-timers.ts';
import type { LeaseRequest } from '../../../../shared/agent-api/lease-frames.ts';
import { FakeEtcd } from './fake-etcd.ts';

/**
 * Goal: two members never hold a lease of one etcd at once. Method: both ask all the time over a network that delays,
 * loses and repeats, with clocks that drift apart by what δ allows, freezes, restarts of members and of etcd, and
 * looks that show an older state; who holds is counted as the protocol counts it, on true time.
 */
const [T, H] = [4, 0.5];
const driftMs = 290;
const horizonMs = 60_000;

interface Held {
  readonly member: string;
  readonly epoch: number;
  readonly fromMs: number;
  readonly toMs: number;
}
interface World {
  readonly etcd: FakeEtcd;
  readonly held: Held[];
  /** A number in [0, 1), from the seed. */
  readonly chance: () => number;
}

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

/** Xorshift: the whole run follows from its seed. */
function chances(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Most requests are quick; some are late by seconds, lost, lost after they were carried out, or carried out twice. */
async function overNetwork({ etcd, chance }: World, path: string, body: string) {
  const late = () => later(chance() < 0.8 ? chance() * 50 : chance() * 4_000);
  await late();
  if (chance() < 0.15) throw new Error('lost');
  const old = { keys: new Map(etcd.keys), revision: etcd.revision };
  const answer = etcd.answer(path, body, null);
  if (chance() < 0.1) setTimeout(() => etcd.answer(path, body, null), chance() * 6_000);
  if (chance() < 0.15) throw new Error('answer lost');
  await late();
  const stale = answer.text.includes('"succeeded":true') || chance() < 0.9 ? null : new FakeEtcd();
  if (stale !== null) Object.assign(stale, old);
  return stale?.answer(path, body, null) ?? answer;
}

/** One member: acquires when it may, renews while it holds, freezes and restarts now and then. */
async function live(world: World, name: string, rate: number): Promise<void> {
  const bootMs = () => Date.now() * rate;
  let id = 0;
  const start = () =>
    new EtcdStore({
      client: new EtcdClient({
        post: (_endpoint, path, body) => overNetwork(world, path, body),
        timers: systemTimers,
        endpoints: ['one', 'two'],
        user: null,
        nextAfterMs: 125,
        limitMs: 1_000,
      }),
      clock: { bootMs, wallTime: () => '' },
      ...{
        prefix: '/x',
        cluster: 'WK1',
        member: name,
        T,
        nonce: String(world.chance()),
        failoversPerHour: 1_000,
      },
    });
  let store = start();
  let epoch = 0;
  let epochSeen = 0;
  const ask = async (op: 'acquire' | 'renew') => {
    const sentMs = bootMs();
    id += 1;
    const request = { id, cluster: 'WK1', storeId: 's', T, op, epoch, epochSeen } as LeaseRequest;
    const answer = await store.ask(request).catch(() => null);
    if (answer?.view) epochSeen = answer.view.epoch;
    const given = answer?.result === 'granted' || answer?.result === 'renewed';
    if (answer?.result === 'granted') epoch = answer.view.epoch;
    if (answer?.result === 'refused' && op === 'renew') epoch = 0;
    const toMs = (sentMs + T * 1000 - driftMs) / rate;
    if (given && toMs > Date.now())
      world.held.push({ member: name, epoch: answer.view.epoch, fromMs: Date.now(), toMs });
  };
  while (Date.now() < horizonMs) {
    void ask(epoch > 0 ? 'renew' : 'acquire');
    if (world.chance() < 0.01) store = start();
    if (world.chance() < 0.02) epoch = 0;
    await later(world.chance() < 0.8 ? H * 1000 : 2_000 + world.chance() * 5_000);
  }
}

describe('two members at one etcd', () => {
  it('never hold at once, and epochs are granted once', { timeout: 120_000 }, async () => {
    let grants = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        vi.setSystemTime(0);
        const world: World = { etcd: new FakeEtcd(), held: [], chance: chances(seed) };
        const seeder = new EtcdStore({
          client: new EtcdClient({
            post: (_endpoint, path, body) => Promise.resolve(world.etcd.answer(path, body, null)),
            ...{ timers: systemTimers, endpoints: ['one'], user: null, nextAfterMs: 100, limitMs: 1_000 },
          }),
          clock: { bootMs: () => 0, wallTime: () => '' },
          ...{ prefix: '/x', cluster: 'WK1', member: 'seeder', T, nonce: 's', failoversPerHour: 1_000 },
        });
        await seeder.ask({ id: 1, cluster: 'WK1', storeId: 's', op: 'seed', epoch: 0 });
        const lives = [live(world, 'a', 1.03), live(world, 'b', 0.97)];
        await vi.advanceTimersByTimeAsync(horizonMs + 20_000);
        await Promise.all(lives);
        grants += new Set(world.held.map(({ epoch }) => epoch)).size;
        for (const one of world.held)
          for (const other of world.held) {
            if (one.member === other.member) continue;
            expect(one.epoch, `seed ${seed}`).not.toBe(other.epoch);
            const apart = one.toMs <= other.fromMs || other.toMs <= one.fromMs;
            expect(apart, `seed ${seed}: ${JSON.stringify([one, other])}`).toBe(true);
          }
      }),
      { numRuns: 30 },
    );
    // Not for want of grants.
    expect(grants).toBeGreaterThan(40);
  });
});
