import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerLease, restoreStore, seedRecord, type StoreState } from '../../../shared/lease/store.ts';
import type { StoreRequest } from '../../../shared/lease/store-request.ts';

const T = 4;
const termMs = 4290;
const storeId = 'store-1';

function ask(
  state: StoreState,
  member: string,
  request: Partial<StoreRequest> & { op: string },
  nowMs: number,
) {
  return answerLease(state, member, { storeId, T, ...request } as StoreRequest, nowMs);
}

/** A store that has waited out its first start. */
function ready(): StoreState {
  return { ...restoreStore(seedRecord(storeId, 'WK1', T, 0), T, 0), liveUntilMs: 0 };
}

describe('lease store', () => {
  it('grants a free lease with the next epoch, to be durable before the answer', () => {
    const turn = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000);
    expect(turn.answer).toMatchObject({
      result: 'granted',
      view: { epoch: 1, holder: 'a', freeInMs: termMs },
    });
    expect(turn.durable).toBe(true);
  });

  it('refuses a second member until T + δ after the last renewal, and not a millisecond longer', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const renewed = ask(granted, 'a', { op: 'renew', epoch: 1 }, 12_000).state;
    const early = ask(renewed, 'b', { op: 'acquire', epochSeen: 1 }, 12_000 + termMs - 1);
    expect(early.answer).toMatchObject({ result: 'refused', why: 'live', view: { freeInMs: 1 } });
    const due = ask(renewed, 'b', { op: 'acquire', epochSeen: 1 }, 12_000 + termMs);
    expect(due.answer).toMatchObject({ result: 'granted', view: { epoch: 2, holder: 'b' } });
  });

  it('refuses who has not seen the newest epoch', () => {
    const turn = ask(ready(), 'a', { op: 'acquire', epochSeen: 3 }, 10_000);
    expect(turn.answer).toMatchObject({ result: 'refused', why: 'epoch' });
  });

  it('renews late as long as nobody else has taken the lease', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    expect(ask(granted, 'a', { op: 'renew', epoch: 1 }, 99_000).answer.result).toBe('renewed');
    const taken = ask(granted, 'b', { op: 'acquire', epochSeen: 1 }, 99_000).state;
    expect(ask(taken, 'a', { op: 'renew', epoch: 1 }, 99_001).answer).toMatchObject({ why: 'not-holder' });
  });

  it('keeps the latest period of peer mode that was left, durable, through grants and restarts', () => {
    const left = { e: 1, n: 2 };
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const told = ask(granted, 'a', { op: 'left', left }, 10_001);
    expect(told).toMatchObject({ durable: true, answer: { result: 'noted', view: { left } } });
    const older = ask(told.state, 'a', { op: 'left', left: { e: 1, n: 1 } }, 10_002);
    expect(older).toMatchObject({ durable: false, answer: { result: 'noted', view: { left } } });
    const restarted = restoreStore(older.state.record, T, 0);
    const taken = ask(restarted, 'b', { op: 'acquire', epochSeen: 1 }, 99_000);
    expect(taken.answer).toMatchObject({ result: 'granted', view: { epoch: 2, left } });
  });

  it('notes no period of an epoch that it has not granted, and neither extends nor frees a lease by noting', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const foreign = ask(granted, 'a', { op: 'left', left: { e: 2, n: 1 } }, 10_001);
    expect(foreign).toMatchObject({ durable: false, answer: { result: 'refused', why: 'epoch' } });
    const told = ask(granted, 'a', { op: 'left', left: { e: 1, n: 1 } }, 12_000);
    expect(told.state.liveUntilMs).toBe(granted.liveUntilMs);
  });

  it('takes no word on a period of the present epoch from the member that gave the promise', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const left = { e: 1, n: 1 };
    const other = ask(granted, 'b', { op: 'left', left }, 10_001);
    expect(other).toMatchObject({ durable: false, answer: { result: 'refused', why: 'not-holder' } });
    const released = ask(granted, 'a', { op: 'release', epoch: 1, reservedFor: null }, 10_002).state;
    expect(ask(released, 'b', { op: 'left', left }, 10_003).answer.result).toBe('refused');
    expect(ask(released, 'a', { op: 'left', left }, 10_003).answer.result).toBe('noted');
  });

  it('treats every held lease as live for T + δ after a restart', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const restarted = restoreStore(granted.record, T, 500_000);
    expect(ask(restarted, 'b', { op: 'acquire', epochSeen: 1 }, 500_000 + termMs - 1).answer).toMatchObject({
      why: 'live',
    });
    expect(ask(restarted, 'b', { op: 'acquire', epochSeen: 1 }, 500_000 + termMs).answer.result).toBe(
      'granted',
    );
  });

  it('remembers the longest lease that may be outstanding across a change of timing', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 0).state;
    const restarted = restoreStore({ ...granted.record, T: 15 }, T, 0);
    expect(ask(restarted, 'b', { op: 'acquire', epochSeen: 1 }, 15_000).answer).toMatchObject({
      why: 'live',
    });
  });

  it('grants nothing from a fresh seed before T + δ, also after restarts', () => {
    const seeded = restoreStore(seedRecord(storeId, 'WK1', T, 7), T, 0);
    expect(ask(seeded, 'a', { op: 'acquire', epochSeen: 7 }, termMs - 1).answer).toMatchObject({
      why: 'live',
    });
    const again = restoreStore(seeded.record, T, 2_000);
    expect(ask(again, 'a', { op: 'acquire', epochSeen: 7 }, termMs + 1).answer).toMatchObject({
      why: 'live',
    });
    expect(ask(again, 'a', { op: 'acquire', epochSeen: 7 }, 2_000 + termMs).answer).toMatchObject({
      view: { epoch: 8 },
    });
  });

  it('frees the lease at once on release and keeps others out while it is reserved', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const released = ask(granted, 'a', { op: 'release', epoch: 1, reservedFor: 'b' }, 11_000);
    expect(released.durable).toBe(true);
    expect(ask(released.state, 'a', { op: 'acquire', epochSeen: 1 }, 11_001).answer).toMatchObject({
      why: 'reserved',
    });
    expect(ask(released.state, 'b', { op: 'acquire', epochSeen: 1 }, 11_001).answer.result).toBe('granted');
    expect(ask(released.state, 'a', { op: 'acquire', epochSeen: 1 }, 11_000 + termMs).answer.result).toBe(
      'granted',
    );
  });

  it('starts the reservation anew after a restart, then ends it', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const { record } = ask(granted, 'a', { op: 'release', epoch: 1, reservedFor: 'b' }, 11_000).state;
    const restarted = restoreStore(record, T, 50_000);
    expect(ask(restarted, 'a', { op: 'acquire', epochSeen: 1 }, 50_000 + termMs - 1).answer).toMatchObject({
      why: 'reserved',
    });
    expect(ask(restarted, 'a', { op: 'acquire', epochSeen: 1 }, 50_000 + termMs).answer.result).toBe(
      'granted',
    );
  });

  it('refuses a renewal that arrives after the release', () => {
    const granted = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const released = ask(granted, 'a', { op: 'release', epoch: 1, reservedFor: null }, 11_000).state;
    expect(ask(released, 'a', { op: 'renew', epoch: 1 }, 11_001).answer).toMatchObject({ result: 'refused' });
  });

  it('ignores requests meant for another store', () => {
    const turn = answerLease(ready(), 'a', { op: 'acquire', storeId: 'other', epochSeen: 0, T }, 10_000);
    expect(turn.answer).toMatchObject({ result: 'refused', why: 'store-id' });
  });

  it('never has two live holders and never repeats an epoch, over random histories with restarts', () => {
    const event = fc.record({
      member: fc.constantFrom('a', 'b'),
      op: fc.constantFrom('acquire', 'renew', 'release', 'restart', 'read'),
      waitMs: fc.integer({ min: 0, max: 6_000 }),
      reserve: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = ready();
        let nowMs = 10_000;
        const grants: { epoch: number; member: string; atMs: number }[] = [];
        const usedUntil = new Map<string, number>();
        for (const { member, op, waitMs, reserve } of events) {
          nowMs += waitMs;
          if (op === 'restart') {
            state = restoreStore(state.record, T, nowMs);
            continue;
          }
          const { epoch } = state.record;
          const turn = ask(
            state,
            member,
            { op, epochSeen: epoch, epoch, reservedFor: reserve ? 'b' : null },
            nowMs,
          );
          state = turn.state;
          if (turn.answer.result === 'granted' || turn.answer.result === 'renewed') {
            const others = [...usedUntil].filter(([other]) => other !== member);
            for (const [, until] of others) expect(until).toBeLessThanOrEqual(nowMs);
            usedUntil.set(member, nowMs + T * 1000);
          }
          if (turn.answer.result === 'released') usedUntil.delete(member);
          if (turn.answer.result === 'granted')
            grants.push({ epoch: turn.answer.view.epoch, member, atMs: nowMs });
        }
        expect(new Set(grants.map((grant) => grant.epoch)).size).toBe(grants.length);
      }),
    );
  });
});

describe('lease length', () => {
  const longTermMs = 15_400;
  const held = () => ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
  /** The lease of `a` counted for 15 s, found by a store that is configured for 4 s now. */
  const shrunk = (nowMs: number) => restoreStore({ ...held().record, T: 15 }, T, nowMs);

  it('refuses a member that counts its lease longer than the store waits, and says how long it may be', () => {
    const acquired = ask(ready(), 'a', { op: 'acquire', epochSeen: 0, T: 4.1 }, 10_000);
    expect(acquired.answer).toMatchObject({ why: 'lease-too-long', view: { longestT: 4 } });
    expect(acquired.state.record.holder).toBeNull();
    const renewed = ask(held(), 'a', { op: 'renew', epoch: 1, T: 15 }, 11_000);
    expect(renewed.answer).toMatchObject({ why: 'lease-too-long' });
    expect(renewed.state.liveUntilMs).toBe(10_000 + termMs);
  });

  it('refuses a request that does not say how long its lease is', () => {
    const silent = { T: undefined };
    expect(ask(ready(), 'a', { op: 'acquire', epochSeen: 0, ...silent }, 10_000).answer).toMatchObject({
      why: 'lease-length-missing',
    });
    expect(ask(held(), 'a', { op: 'renew', epoch: 1, ...silent }, 11_000).answer).toMatchObject({
      why: 'lease-length-missing',
    });
  });

  it('takes a shorter lease and waits for the length on record all the same', () => {
    const turn = ask(held(), 'a', { op: 'renew', epoch: 1, T: 2 }, 12_000);
    expect(turn.answer.result).toBe('renewed');
    expect(turn.state.liveUntilMs).toBe(12_000 + termMs);
  });

  it('grants by the shorter T once the lease of the longer one has run out, and puts it on record', () => {
    const state = shrunk(0);
    expect(ask(state, 'b', { op: 'acquire', epochSeen: 1 }, longTermMs - 1).answer).toMatchObject({
      why: 'live',
    });
    expect(ask(state, 'b', { op: 'acquire', epochSeen: 1, T: 15 }, longTermMs).answer).toMatchObject({
      why: 'lease-too-long',
    });
    const turn = ask(state, 'b', { op: 'acquire', epochSeen: 1 }, longTermMs);
    expect(turn.state.record.T).toBe(T);
    expect(turn.state.liveUntilMs).toBe(longTermMs + termMs);
  });

  it('lets a holder keep the longer T until it says the shorter one, and shrinks T + δ after that', () => {
    const longer = ask(shrunk(0), 'a', { op: 'renew', epoch: 1, T: 15 }, 1_000);
    expect(longer.state.liveUntilMs).toBe(1_000 + longTermMs);
    const early = ask(longer.state, 'a', { op: 'renew', epoch: 1 }, 1_000 + longTermMs - 1);
    expect(early).toMatchObject({ durable: false, state: { record: { T: 15 } } });
    const due = ask(early.state, 'a', { op: 'renew', epoch: 1 }, 1_000 + longTermMs);
    expect(due).toMatchObject({ durable: true, state: { record: { T } } });
    expect(due.state.liveUntilMs).toBe(1_000 + longTermMs + termMs);
  });

  it('never grants while somebody may count an older lease, over random changes of T on both sides', () => {
    const lengths = fc.constantFrom(2, 4, 10);
    const event = fc.record({
      member: fc.constantFrom('a', 'b'),
      op: fc.constantFrom('acquire', 'renew', 'renew', 'restart'),
      waitMs: fc.integer({ min: 0, max: 6_000 }),
      T: lengths,
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = ready();
        let nowMs = 10_000;
        const countedUntil = new Map<string, number>();
        for (const { member, op, waitMs, T: length } of events) {
          nowMs += waitMs;
          if (op === 'restart') {
            state = restoreStore(state.record, length, nowMs);
            continue;
          }
          const { epoch } = state.record;
          const turn = ask(state, member, { op, epochSeen: epoch, epoch, T: length }, nowMs);
          state = turn.state;
          if (turn.answer.result === 'refused') continue;
          for (const [other, until] of countedUntil)
            if (other !== member) expect(until).toBeLessThanOrEqual(nowMs);
          countedUntil.set(member, Math.max(countedUntil.get(member) ?? 0, nowMs + length * 1000));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('policy', () => {
  it('blocks and allows automatic failover durably, and only from the present version', () => {
    const change = { kind: 'block', by: 'admin-1', why: 'network work', lastsMs: 60_000 } as const;
    const taken = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const free = ask(taken, 'a', { op: 'release', epoch: 1, reservedFor: null }, 11_000).state;
    const blocked = ask(free, 'a', { op: 'policy', version: 0, change }, 12_000);
    expect(blocked).toMatchObject({ durable: true, answer: { result: 'changed' } });
    expect(ask(blocked.state, 'b', { op: 'policy', version: 0, change }, 12_500).answer).toMatchObject({
      why: 'version',
    });
    const acquire = { op: 'acquire', epochSeen: 1 } as const;
    expect(ask(blocked.state, 'b', acquire, 13_000).answer).toMatchObject({ why: 'blocked' });
    expect(ask(blocked.state, 'b', { ...acquire, planned: true }, 13_000).answer.result).toBe('granted');
    expect(ask(blocked.state, 'a', acquire, 13_000).answer.result).toBe('granted');
    const restarted = restoreStore(blocked.state.record, T, 500_000);
    expect(ask(restarted, 'b', acquire, 540_000).answer).toMatchObject({ why: 'blocked' });
    expect(ask(restarted, 'b', acquire, 560_000).answer.result).toBe('granted');
  });

  it('goes on renewing in maintenance', () => {
    const taken = ask(ready(), 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
    const change = { kind: 'maintenance', by: 'admin-1', reason: '', lastsMs: 60_000 } as const;
    const { state } = ask(taken, 'b', { op: 'policy', version: 0, change }, 11_000);
    expect(ask(state, 'a', { op: 'renew', epoch: 1 }, 12_000).answer.result).toBe('renewed');
    expect(ask(state, 'b', { op: 'acquire', epochSeen: 1, planned: true }, 60_000).answer).toMatchObject({
      why: 'maintenance',
    });
  });
});
