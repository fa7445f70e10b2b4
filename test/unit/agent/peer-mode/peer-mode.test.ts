import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaseInstants } from '../../../../shared/lease/timing.ts';
import { timing, TwoKeepers, type BenchMember } from './two-keepers.ts';

/** Goal: peer mode of two real lease keepers, sentence by sentence of the design. Method: the store's reducer, real files, fake wires and time. */
const at = leaseInstants(timing);
let bench: TwoKeepers;

beforeEach(() => {
  bench = new TwoKeepers();
});
afterEach(() => bench.close());

/** North is Active on south's promise, the store is lost. */
async function enterPeerMode() {
  const { north } = bench;
  await bench.serve(north);
  bench.loseStore();
  await bench.until('north lives on the promise', () => bench.lives(north), 4_000);
}

describe('an Active whose lease store is lost', () => {
  it('goes on with the promise of its peer, and its engine is not touched', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    await bench.pass(30_000);
    expect(north.stops).toEqual([]);
    expect(north.keeper.facts(bench.nowMs).held).toBe(true);
    expect(north.keeper.holdsNow()).toBe(true);
    expect(north.memory.current().peer).toEqual({ e: 1, n: 1 });
    expect(south.memory.current().promise).toEqual({ e: 1, n: 1 });
  });

  it('has the promise on disk on both sides before anything rests on it', async () => {
    const { north } = bench;
    await bench.serve(north);
    bench.loseStore();
    bench.log.length = 0;
    await bench.until('north lives on the promise', () => bench.lives(north), 4_000);
    const order = bench.log.filter((line) => !line.includes(' asks '));
    const first = [
      'north writes its state',
      'north tells question',
      'south writes its state',
      'south tells promise',
    ];
    expect(first.map((line) => order.indexOf(line))).toEqual(
      first.map((line) => order.indexOf(line)).sort((one, other) => one - other),
    );
    expect(order).toEqual(expect.arrayContaining(first));
    expect(order.slice(-2)).toEqual(['north writes its state', 'north writes its deadline']);
  });

  it('keeps feeding the guards no further than a lease would', async () => {
    await enterPeerMode();
    await bench.pass(5_000);
    const ahead = bench.north.deadline.read()!.deadlineMs - bench.nowMs;
    expect(ahead).toBeLessThanOrEqual(at.guardKillMs);
    expect(ahead).toBeGreaterThan(at.guardKillMs - 2 * timing.H * 1000);
  });

  it('runs on when the peer is lost later', async () => {
    await enterPeerMode();
    bench.link = 'down';
    await bench.pass(60_000);
    expect(bench.north.stops).toEqual([]);
  });

  it('stops in time when store and peer are lost at once', async () => {
    const { north } = bench;
    await bench.serve(north);
    bench.loseStore();
    bench.link = 'down';
    const lastDeadline = north.deadline.read()!.deadlineMs;
    await bench.until('it stops', () => north.stops.length > 0, 4_000);
    expect(bench.nowMs).toBeLessThan(lastDeadline);
    expect(bench.lives(north)).toBe(false);
  });

  it('stops in time when the peer was lost first', async () => {
    const { north } = bench;
    await bench.serve(north);
    bench.link = 'down';
    await bench.pass(10_000);
    expect(north.stops).toEqual([]);
    bench.loseStore();
    await bench.until('it stops', () => north.stops.length > 0, 4_000);
  });

  it('asks nothing of a peer of an earlier release, and stops in time', async () => {
    const { north, south } = bench;
    south.understands = false;
    await bench.serve(north);
    bench.loseStore();
    await bench.until(
      'it knows',
      () => north.keeper.peerMode.facts(bench.nowMs).question === 'not-understood',
      2_000,
    );
    await bench.until('it stops', () => north.stops.length > 0, 4_000);
    expect(questions(north)).toEqual([]);
    expect(north.memory.current().asked ?? null).toBeNull();
  });

  it('gets no promise while only its own way to the store is cut', async () => {
    const { north, south } = bench;
    await bench.serve(north);
    north.store = 'down';
    await bench.until('it stops', () => north.stops.length > 0, 4_000);
    expect(bench.given(south)).toBeNull();
    expect(south.frames.map(({ type }) => type)).toContain('store-reached');
  });

  it('does not use a promise that comes when the lease is about to end', async () => {
    const { north, south } = bench;
    await bench.serve(north);
    bench.loseStore();
    await bench.until('it asks', () => questions(north).length > 0, 2_000);
    bench.link = 'down';
    await bench.until(
      'the last use has passed',
      () => {
        const lease = north.keeper.facts(bench.nowMs).renewedMs;
        return lease !== null && lease >= at.lastUseMs;
      },
      3_000,
    );
    bench.link = 'up';
    const question = questions(north)[0]!;
    north.keeper.peerMode.takeFrame(
      { type: 'promise', period: question.period, nonce: question.nonce },
      () => undefined,
    );
    expect(bench.lives(north)).toBe(false);
    expect(north.told.at(-1)).toContain('too-late');
    expect(south.stops).toEqual([]);
  });

  it('does not live on a promise that it cannot write down', async () => {
    const { north } = bench;
    await bench.serve(north);
    const update = north.memory.update.bind(north.memory);
    north.memory.update = (change) => {
      if (change.peer) throw new Error('EIO');
      update(change);
    };
    bench.loseStore();
    await bench.until('it stops', () => north.stops.length > 0, 5_000);
    expect(bench.lives(north)).toBe(false);
  });

  it('has a dead decision loop stopped in time also on a promise', async () => {
    await enterPeerMode();
    const { north } = bench;
    north.turns = false;
    await bench.until('it stops', () => north.stops.length > 0, 8_000);
    expect(north.stops).toEqual(['the decision loop does not turn']);
    expect(bench.lives(north)).toBe(false);
    expect(north.memory.current().peer).not.toBeNull();
  });

  it('kills the engine when the clocks jump, and starts it again only with a new promise', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    bench.wallJumpMs += 3_000;
    await bench.pass(600);
    expect(north.stops).toEqual(['at once: the clocks jumped']);
    await bench.until('south promises anew', () => bench.given(south)?.n === 2, 4_000);
    await bench.until('north may start again', () => bench.lives(north), 1_000);
  });
});

describe('a store that is back', () => {
  it('ends peer mode in order: guards, disk, store, peer', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    await bench.pass(5_000);
    bench.restoreStore();
    bench.log.length = 0;
    await bench.until('north has left', () => !bench.lives(north), 3_000);
    const own = bench.log.filter((line) => line.startsWith('north'));
    const state = own.indexOf('north writes its state');
    expect(own[state - 1]).toBe('north writes its deadline');
    const [store, peer] = [own.indexOf('north asks left'), own.indexOf('north tells left')];
    expect([state < store, store < peer]).toEqual([true, true]);
    await bench.until('the promise is dropped', () => bench.given(south) === null, 1_000);
    await bench.until('the store shows it', () => bench.store.record.left?.n === 1, 1_000);
    expect(north.stops).toEqual([]);
    expect(north.memory.current()).toMatchObject({ peer: null, left: { e: 1, n: 1 } });
  });

  it('is told again of a period that was left, also after a restart, until it shows it', async () => {
    await enterPeerMode();
    const { north } = bench;
    bench.restoreStore();
    await bench.until('north has left', () => !bench.lives(north), 3_000);
    bench.store = { ...bench.store, record: { ...bench.store.record, left: undefined } };
    bench.restart(north);
    await bench.until('the store shows it', () => bench.store.record.left?.n === 1, 2_000);
    await bench.pass(1_000);
    north.asked.length = 0;
    await bench.pass(2_000);
    expect(north.asked.map(({ op }) => op)).not.toContain('left');
  });

  it('lets the peer take over again as ever', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    bench.restoreStore();
    await bench.until('the promise is dropped', () => bench.given(south) === null, 3_000);
    north.keeper.close();
    north.engine = false;
    await bench.pass(6_000);
    const asked = south.keeper.acquire();
    await bench.pass(200);
    expect((await asked).ok).toBe(true);
  });

  it('ends a question that was not needed, with the next renewal', async () => {
    const { north, south } = bench;
    await bench.serve(north);
    north.store = 'down';
    await bench.until('it asks', () => questions(north).length > 0, 2_000);
    north.store = 'up';
    await bench.until('it is over', () => north.memory.current().left?.n === 1, 2_000);
    await bench.pass(1_000);
    expect(bench.store.record.left).toEqual({ e: 1, n: 1 });
    expect(bench.given(south)).toBeNull();
    expect(north.stops).toEqual([]);
  });

  it('is not acquired from by whoever has promised, however free it says that it is', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    north.store = 'down';
    bench.restoreStore();
    north.store = 'down';
    bench.restart(south);
    await bench.pass(10_000);
    expect(south.keeper.facts(bench.nowMs).freeInMs).toBe(0);
    south.asked.length = 0;
    const asked = await south.keeper.acquire();
    expect(asked).toEqual({ ok: false, error: 'it has promised not to take over' });
    await bench.pass(2_000);
    expect(new Set(south.asked.map(({ op }) => op))).toEqual(new Set(['read']));
    expect(north.stops).toEqual([]);
  });
});

describe('a grant that met a promise', () => {
  it('is ended unused and given back by the one who has promised', async () => {
    await enterPeerMode();
    const { south } = bench;
    const record = { ...bench.store.record, epoch: 2, holder: 'south' };
    bench.store = { ...bench.store, record };
    south.store = 'up';
    await bench.until('it has ended', () => south.memory.current().ended === 2, 2_000);
    expect(south.memory.current().epoch).toBe(2);
    expect(south.keeper.facts(bench.nowMs)).toMatchObject({ releasing: true, held: false });
    expect((await releases(south.keeper)).ok).toBe(true);
    expect(bench.store.record.holder).toBeNull();
  });

  it('leaves the Active on its promise, which acquires the next epoch once no lease is live', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    bench.store = { ...bench.store, record: { ...bench.store.record, epoch: 2, holder: 'south' } };
    bench.restoreStore();
    bench.log.length = 0;
    await bench.until('north has a lease again', () => north.memory.current().epoch === 3, 8_000);
    expect(north.stops).toEqual([]);
    expect(north.memory.current()).toMatchObject({ peer: null, left: { e: 3, n: 0 } });
    expect(north.raised).toEqual([3]);
    expect(north.deadline.read()?.epoch).toBe(3);
    await bench.until('the promise is dropped', () => bench.given(south) === null, 2_000);
    await bench.pass(5_000);
    expect(north.stops).toEqual([]);
  });

  it('is believed when a person has forced it: the engine is killed at once', async () => {
    await enterPeerMode();
    const { north } = bench;
    const forced = { epoch: 2, by: 'admin-1', reason: 'off', at: '', alone: false };
    bench.store = { ...bench.store, record: { ...bench.store.record, epoch: 2, holder: 'south', forced } };
    north.store = 'up';
    await bench.until('it stops', () => north.stops.length > 0, 2_000);
    expect(north.stops).toEqual(['at once: a person has given the cluster to the other member']);
    expect(north.keeper.lostEpoch()).toBe(1);
  });

  it('is believed when the peer says that it is Active with it', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    south.memory.update({ epoch: 1_001 });
    await bench.pass(1_000);
    expect(north.stops).toEqual([]);
    south.role = 'active';
    await bench.pass(100);
    expect(north.stops).toEqual(['at once: ig-south is Active with the higher epoch 1001']);
  });
});

describe('an agent that is restarted in peer mode', () => {
  it('goes on when its engine has kept running', async () => {
    await enterPeerMode();
    const { north } = bench;
    bench.restart(north);
    expect(bench.lives(north)).toBe(false);
    await bench.pass(100);
    expect(bench.lives(north)).toBe(true);
    await bench.pass(20_000);
    expect(north.stops).toEqual([]);
  });

  it('does not start an engine that has stopped without a new promise', async () => {
    await enterPeerMode();
    const { north } = bench;
    north.engine = false;
    bench.link = 'down';
    bench.restart(north);
    await bench.pass(5_000);
    expect(north.keeper.facts(bench.nowMs).held).toBe(false);
    expect(north.keeper.peerMode.facts(bench.nowMs).lapsed).toBe(true);
    bench.link = 'up';
    await bench.until('it has a new promise', () => bench.lives(north), 4_000);
    const { peer } = north.memory.current();
    expect(peer?.n).toBeGreaterThan(1);
    expect(bench.given(bench.south)).toEqual(peer);
    expect(north.keeper.arm().ok).toBe(true);
  });

  it('leaves with the first renewal although its engine is off', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    north.engine = false;
    bench.restart(north);
    bench.restoreStore();
    await bench.until('it holds the lease', () => north.keeper.facts(bench.nowMs).held, 3_000);
    const { peer, left, asked } = north.memory.current();
    expect([peer, left]).toEqual([null, asked]);
    await bench.until('the promise is dropped', () => bench.given(south) === null, 2_000);
  });

  it('ends peer mode with its epoch', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    north.engine = false;
    north.keeper.endEpoch(1);
    expect(north.memory.current()).toMatchObject({ ended: 1, peer: null, left: { e: 1, n: 1 } });
    expect(bench.lives(north)).toBe(false);
    bench.restoreStore();
    await bench.until('the promise is dropped', () => bench.given(south) === null, 2_000);
  });
});

function questions({ frames }: BenchMember) {
  return frames.filter((frame) => frame.type === 'question');
}

/** Releases as rule R07 does. */
async function releases(keeper: (typeof bench)['south']['keeper']) {
  const released = keeper.release(null);
  await bench.pass(200);
  return released;
}

describe('a Passive whose state was taken away while its promise stood', () => {
  it('does not count as one that never ran, once the store tells of an epoch before', async () => {
    await enterPeerMode();
    const { north, south } = bench;
    bench.loseState(south);
    expect(south.memory.damaged).toBeNull();
    south.store = 'up';
    await bench.until('it hears the store', () => south.keeper.facts(bench.nowMs).storeEpoch !== null);
    await bench.pass(2 * timing.T * 1000);
    expect(south.memory.damaged).toContain('although the cluster has been Active before (epoch 1)');
    expect(south.memory.current()).toMatchObject({ epoch: 0, storeId: null });
    expect(bench.lives(north)).toBe(true);
    expect(north.keeper.peerMode.countsOnPromise()).toBe(true);
  });

  it('hears from its peer that it counts on no promise, only after that has left the period', async () => {
    await enterPeerMode();
    const { north } = bench;
    bench.restoreStore();
    await bench.until('north has a lease', () => !bench.lives(north));
    expect(north.memory.current().left).toEqual({ e: 1, n: 1 });
    expect(north.keeper.peerMode.countsOnPromise()).toBe(false);
  });
});
