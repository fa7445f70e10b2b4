import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDeadlineFile, type DeadlineFile } from '../../../agent/member/deadline-file.ts';
import { LeaseKeeper } from '../../../agent/member/lease-keeper.ts';
import { openMemoryFile, type MemoryFile } from '../../../agent/member/member-memory.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { answerLease, restoreStore, seedRecord, type StoreState } from '../../../shared/lease/store.ts';
import { leaseInstants, timingPresets } from '../../../shared/lease/timing.ts';

/** Goal: the keeper's promises around the guards' deadline. Method: the real store reducer behind a fake wire and fake timers. */
const timing = timingPresets.fast;
const at = leaseInstants(timing);
let folder: string;
let nowMs: number;
let store: StoreState;
let wire: 'up' | 'down';
let deadline: DeadlineFile;
let memory: MemoryFile;
let stops: string[];
let asked: string[];
let told: string[];
let keeper: LeaseKeeper;

const clock = { bootMs: () => nowMs, wallTime: () => '' };

/** Moves both clocks together in small turns, as time does; the decision loop turns as well unless it is dead. */
async function pass(ms: number, loop: 'turns' | 'is dead' = 'turns') {
  for (let left = ms; left > 0; left -= 50) {
    nowMs += 50;
    if (loop === 'turns') keeper.loopTurned();
    await vi.advanceTimersByTimeAsync(50);
  }
}

function openKeeper() {
  memory = openMemoryFile(folder, { siteId: 's', cluster: 'WK1', server: 'north' });
  keeper = new LeaseKeeper({
    clock,
    timers: systemTimers,
    cluster: 'WK1',
    self: 'north',
    timing,
    memory,
    deadline,
    openStore: (onAnswer) => ({
      send(request: LeaseRequest) {
        if (wire === 'down') return true;
        asked.push(request.op);
        const { state, answer } = answerLease(store, 'north', request, nowMs);
        store = state;
        queueMicrotask(() => onAnswer({ id: request.id, ...answer }));
        return true;
      },
      trouble: () => null,
      close: () => undefined,
    }),
    peer: { name: 'ig-south', tell: () => false, understands: () => false, heard: () => ({}) },
    engineRunning: () => true,
    onGranted: () => undefined,
    emergencyStop: ({ why, atOnce }) => stops.push(atOnce ? `at once: ${why}` : why),
    note: (sentence) => told.push(`${stops.length} stops: ${sentence}`),
    onChange: () => undefined,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  folder = mkdtempSync(join(tmpdir(), 'ixha-keeper-'));
  nowMs = 1_000_000;
  store = { ...restoreStore(seedRecord('s', 'WK1', timing.T, 0), timing.T, nowMs), liveUntilMs: 0 };
  wire = 'up';
  stops = [];
  asked = [];
  told = [];
  deadline = openDeadlineFile(folder);
  openKeeper();
});
afterEach(() => {
  keeper.close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

async function becomeActive() {
  await pass(1_000);
  expect((await keeper.acquire()).ok).toBe(true);
  expect(keeper.arm().ok).toBe(true);
}

describe('lease keeper', () => {
  it('writes the epoch down before the lease counts, and no deadline before it is armed', async () => {
    await pass(1_000);
    await keeper.acquire();
    expect(memory.current().epoch).toBe(1);
    expect(deadline.read()).toBeNull();
  });

  it('moves the deadline with every renewal, never past what the lease allows', async () => {
    await becomeActive();
    await pass(2_000);
    const found = deadline.read();
    expect(found?.epoch).toBe(1);
    expect(found!.deadlineMs - nowMs).toBeLessThanOrEqual(at.guardKillMs);
    expect(found!.deadlineMs - nowMs).toBeGreaterThan(at.guardKillMs - 2 * timing.H * 1000);
    expect(stops).toEqual([]);
  });

  it('stops the engine before the guards would, once renewals stay away', async () => {
    await becomeActive();
    await pass(1_000);
    wire = 'down';
    const lastDeadline = deadline.read()!.deadlineMs;
    while (stops.length === 0) await pass(50);
    expect(nowMs).toBeLessThan(lastDeadline);
    expect(keeper.facts(nowMs).held).toBe(false);
    expect(deadline.read()?.deadlineMs).toBe(lastDeadline);
  });

  it('lets the lease go when the decision loop is dead', async () => {
    await becomeActive();
    await pass(1_000);
    const before = deadline.read()!.deadlineMs;
    await pass(2_500, 'is dead');
    const after = deadline.read()!.deadlineMs;
    expect(after - before).toBeLessThanOrEqual(timing.K * 1000 + 500);
    await pass(2_500, 'is dead');
    expect(stops).toEqual(['the lease could not be renewed in time']);
    await pass(2_000, 'is dead');
    expect(
      answerLease(store, 'south', { op: 'acquire', T: timing.T, storeId: 's', epochSeen: 1 }, nowMs).answer
        .result,
    ).toBe('granted');
  });

  it('asks the store as soon as the peer serves no more, until it knows of it', async () => {
    const south = (op: 'acquire' | 'release') => {
      const { epoch } = store.record;
      const own = { T: timing.T, storeId: 's', epochSeen: epoch };
      const request =
        op === 'acquire' ? ({ op, ...own } as const) : ({ op, ...own, epoch, reservedFor: 'north' } as const);
      const { state, answer } = answerLease(store, 'south', request, nowMs);
      store = state;
      return answer.result;
    };
    const hear = async (role: 'active' | 'passive') => {
      asked.length = 0;
      keeper.peerHeard({ role, epoch: 1 });
      await Promise.resolve();
      return [...asked];
    };
    await pass(1_000);
    expect(south('acquire')).toBe('granted');
    await pass(1_000);
    expect(await hear('active')).toEqual([]);
    expect(await hear('passive')).toEqual(['read']);
    expect(south('release')).toBe('released');
    expect(keeper.facts(nowMs).freeInMs).not.toBe(0);
    expect(await hear('passive')).toEqual(['read']);
    expect(keeper.facts(nowMs)).toMatchObject({ freeInMs: 0, reservedFor: 'north' });
    expect(await hear('passive')).toEqual([]);
  });

  it('gives the lease up when the store names somebody else', async () => {
    await becomeActive();
    store = { ...store, record: { ...store.record, epoch: 2, holder: 'south' } };
    await pass(600);
    expect(stops).toEqual(['at once: the store no longer names this member']);
    expect(keeper.lostEpoch()).toBe(1);
  });

  it('treats its lease as lost when the clocks jump apart', async () => {
    await becomeActive();
    nowMs += 2_000;
    await pass(600);
    expect(stops).toEqual(['at once: the clocks jumped']);
    expect(told.at(-1)).toMatch(/^1 stops: The clocks jumped by/);
  });

  it('takes the guard file of its own epoch for its lease after a restart, until it has renewed', async () => {
    await becomeActive();
    keeper.close();
    wire = 'down';
    openKeeper();
    expect(keeper.inherited(nowMs)?.epoch).toBe(1);
    wire = 'up';
    await pass(600);
    expect(keeper.inherited(nowMs)).toBeNull();
    expect(keeper.facts(nowMs).held).toBe(true);
    expect(stops).toEqual([]);
  });

  it('starts the stop in time when the restarted agent cannot renew', async () => {
    await becomeActive();
    const found = deadline.read()!.deadlineMs;
    keeper.close();
    wire = 'down';
    openKeeper();
    while (stops.length === 0) await pass(50);
    expect(nowMs).toBeLessThanOrEqual(found - timing.D * 1000 + 50);
  });

  it('removes a guard file that is not of its own epoch', async () => {
    await becomeActive();
    keeper.close();
    deadline.write(9, nowMs + 9_999_999);
    openKeeper();
    expect(deadline.read()).toBeNull();
  });

  it('ends an epoch for good: no renewal, no deadline, and only then a release', async () => {
    await becomeActive();
    expect((await keeper.release('south')).ok).toBe(false);
    keeper.endEpoch(1);
    expect(deadline.read()).toBeNull();
    expect((await keeper.release('south')).ok).toBe(true);
    await pass(1_000);
    expect(keeper.facts(nowMs).held).toBe(false);
    expect(store.record).toMatchObject({ holder: null, reservedFor: 'south' });
  });

  it('stops first and tells afterwards when the lease is lost', async () => {
    await becomeActive();
    store = { ...store, record: { ...store.record, epoch: 2, holder: 'south' } };
    await pass(600);
    expect(told.at(-1)).toBe('1 stops: Lease of epoch 1 is lost: not-holder.');
  });

  it('lets a lease run out whose end cannot be written down', async () => {
    await becomeActive();
    keeper.abandon();
    expect(deadline.read()).toBeNull();
    await pass(timing.T * 1_000 + 1_000);
    expect(keeper.facts(nowMs)).toMatchObject({ held: false, freeInMs: 0 });
    expect((await keeper.acquire()).ok).toBe(true);
    expect(keeper.facts(nowMs).held).toBe(true);
  });

  it('goes on to its own stop when the deadline cannot be moved forward', async () => {
    await becomeActive();
    rmSync(folder, { recursive: true });
    while (stops.length === 0) await pass(50);
    expect(stops).toEqual(['the lease could not be renewed in time']);
    expect(told.filter((line) => line.includes('could not be written'))).toHaveLength(1);
  });

  it('does not open the gate when the deadline cannot be written', async () => {
    await pass(1_000);
    await keeper.acquire();
    rmSync(folder, { recursive: true });
    expect(keeper.arm()).toEqual({
      ok: false,
      error: "the guards' deadline could not be written (ENOENT)",
    });
    expect(keeper.armed()).toBe(false);
  });

  it('says that a store has lost its memory, or is another one', async () => {
    await becomeActive();
    store = { ...store, record: { ...store.record, epoch: 0, holder: null } };
    await pass(4_000);
    expect(keeper.facts(nowMs)).toMatchObject({ behind: 0, storeReachable: false });
    expect(keeper.facts(nowMs).trouble).toMatch(/has lost its memory/);
    store = { ...store, record: { ...store.record, epoch: 9, storeId: 'other' } };
    await pass(1_000);
    expect(keeper.facts(nowMs).behind).toBeNull();
  });

  it('does not open the gate without a usable lease', async () => {
    await pass(1_000);
    expect(keeper.arm()).toEqual({ ok: false, error: 'no usable lease is held' });
    expect(deadline.read()).toBeNull();
  });
});

describe('lease length', () => {
  it('says why it gets no lease from a store that knows a shorter T only', async () => {
    store = restoreStore({ ...store.record, T: timing.T - 1, untouched: false }, timing.T - 1, nowMs);
    await pass(1_000);
    const answer = await keeper.acquire();
    expect(answer).toEqual({
      ok: false,
      error: `it refuses a lease of T = ${timing.T} s, it knows at most T = ${timing.T - 1} s: give the witness the present site document`,
    });
    expect(keeper.facts(nowMs).trouble).toMatch(/refuses a lease of T/);
  });
});

describe('a takeover that a person has forced without the store', () => {
  const forceAlone = () => {
    const word = { by: 'admin-1', reason: 'lost', at: '', statement: 'power-off' } as const;
    keeper.forceAlone({ epoch: 1_001, from: 1, ...word });
    expect(keeper.arm().ok).toBe(true);
  };

  it.each([
    ['opens no gate', () => expect(keeper.arm().ok).toBe(false)],
    ['is not told to a balancer', () => expect(keeper.holdsNow()).toBe(false)],
  ])('%s on a machine that was suspended, before anything else is done', async (_what, look) => {
    wire = 'down';
    await pass(1_000);
    forceAlone();
    expect(keeper.holdsNow()).toBe(true);
    nowMs += 3_600_000;
    look();
    expect(stops).toEqual(['at once: the clocks jumped']);
  });

  it('is given up when the other member tells that it is Active with a higher epoch', async () => {
    wire = 'down';
    await pass(1_000);
    forceAlone();
    keeper.peerHeard({ role: 'passive', epoch: 2_002 });
    keeper.peerHeard({ role: 'active', epoch: 1_001 });
    expect(keeper.holdsNow()).toBe(true);
    keeper.peerHeard({ role: 'active', epoch: 1_002 });
    expect(keeper.holdsNow()).toBe(false);
    expect(stops.join()).toContain('Active with the higher epoch 1002');
  });

  it('is given up when the other member renews its lease, also by an agent that was started anew', async () => {
    wire = 'down';
    await pass(1_000);
    forceAlone();
    await pass(1_000);
    keeper.close();
    openKeeper();
    wire = 'up';
    const renews = async () => {
      const record = { ...store.record, epoch: 1, holder: 'south', untouched: false };
      store = { ...store, record, liveUntilMs: nowMs + timing.T * 1000, renewedAtMs: nowMs };
      await pass(timing.H * 1000);
    };
    for (let turn = 0; turn < 4 && stops.length === 0; turn += 1) await renews();
    expect(stops.join()).toContain('south has renewed its lease since');
  });
});
