import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerLease,
  restoreStore,
  seedRecord,
  type StoreRequest,
  type StoreState,
} from '../../../shared/lease/store.ts';

const T = 4;
const termMs = 4290;
const storeId = 'store-1';

function ask(
  state: StoreState,
  member: string,
  request: Partial<StoreRequest> & { op: string },
  nowMs: number,
) {
  return answerLease(state, member, { storeId, ...request } as StoreRequest, nowMs);
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
    const turn = answerLease(ready(), 'a', { op: 'acquire', storeId: 'other', epochSeen: 0 }, 10_000);
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
