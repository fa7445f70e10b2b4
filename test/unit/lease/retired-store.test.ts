import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerLease,
  mayGiveWay,
  recordToWrite,
  restoreStore,
  seedRecord,
  type StoreState,
} from '../../../shared/lease/store.ts';
import { StoreRecordSchema } from '../../../shared/lease/store-record-schema.ts';
import type { StoreRequest } from '../../../shared/lease/store-request.ts';

/**
 * Goal: a retired lease store has no say whatever is asked, and may be used again as if nothing had been.
 * Method: the store's rules alone, with requests as members would send them.
 */
const T = 4;
const termMs = 4290;
const storeId = 'store-1';
const retired = { successor: 'the witness on nas', by: 'a person', at: '2026-01-01T00:00:00Z' };
const retire = { op: 'retire', epoch: 1, retired } as const;

function ask(
  state: StoreState,
  member: string,
  request: Partial<StoreRequest> & { op: string },
  nowMs: number,
) {
  return answerLease(state, member, { storeId, T, ...request } as StoreRequest, nowMs);
}

/** Held by a under epoch 1 since 10 s, with a failover blocked. */
function heldByA(): StoreState {
  const ready = { ...restoreStore(seedRecord(storeId, 'WK1', T, 0), T, 0), liveUntilMs: 0 };
  const held = ask(ready, 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
  const change = { kind: 'block', by: 'someone', why: 'a test', lastsMs: 60_000 } as const;
  return ask(held, 'a', { op: 'policy', version: 0, change }, 10_000).state;
}

describe('a lease store that is retired', () => {
  it('tells what it knew beside the lease, durable before the answer', () => {
    const turn = ask(heldByA(), 'a', retire, 11_000);
    expect(turn.durable).toBe(true);
    expect(turn.answer).toMatchObject({
      result: 'retired',
      policy: { lastHolder: 'a', block: { by: 'someone', lastsMs: 59_000 } },
    });
    expect(StoreRecordSchema.parse(recordToWrite(turn.state, 11_000)).retired).toEqual(retired);
  });

  it('is so at the word of the holder of a live lease only', () => {
    expect(ask(heldByA(), 'b', retire, 11_000).answer).toMatchObject({ why: 'not-holder' });
    expect(ask(heldByA(), 'a', retire, 10_000 + termMs).answer).toMatchObject({ why: 'not-holder' });
    expect(ask(heldByA(), 'a', { ...retire, epoch: 2 }, 11_000).answer).toMatchObject({ why: 'epoch' });
  });

  it('refuses its members everything, without a view that they could use, also after a restart', () => {
    const { state } = ask(heldByA(), 'a', retire, 11_000);
    const restarted = restoreStore(recordToWrite(state, 11_000), T, 500);
    const requests = [
      { op: 'read' },
      { op: 'acquire', epochSeen: 1 },
      { op: 'force', epochSeen: 1, forced: { by: 'p', reason: 'r', at: 't', alone: false } },
      { op: 'renew', epoch: 1 },
      { op: 'release', epoch: 1, reservedFor: null },
      { op: 'left', left: { e: 1, n: 1 } },
      { op: 'seed', epoch: 9 },
    ] as const;
    for (const request of requests)
      for (const [present, atMs] of [[state, 12_000] as const, [restarted, 900_000] as const]) {
        const turn = ask(present, 'a', request, atMs);
        expect(turn).toEqual({
          state: present,
          answer: { result: 'refused', why: 'retired', view: null },
          durable: false,
        });
      }
  });

  it('is as if it had no record for whoever belongs to another store', () => {
    const { state } = ask(heldByA(), 'a', retire, 11_000);
    for (const request of [retire, { op: 'read' }, { op: 'reinstate' }] as const)
      expect(ask(state, 'a', { ...request, storeId: 'store-2' }, 12_000).answer).toEqual({
        result: 'refused',
        why: 'retired',
        view: null,
        unseeded: true,
      });
    expect(mayGiveWay(state.record, 1)).toBe(true);
    expect(mayGiveWay(state.record, 0)).toBe(false);
    expect(mayGiveWay(heldByA().record, 1)).toBe(false);
  });

  it('answers the same request again, whose answer was lost', () => {
    const { state } = ask(heldByA(), 'a', retire, 11_000);
    const again = ask(state, 'a', retire, 12_000);
    expect(again).toMatchObject({ durable: false, answer: { result: 'retired' } });
  });

  it('is used again as it was: the lease is live as long as if nobody had retired it', () => {
    const { state } = ask(heldByA(), 'a', retire, 11_000);
    const turn = ask(state, 'a', { op: 'reinstate' }, 12_000);
    expect(turn).toMatchObject({ durable: true, answer: { result: 'reinstated', view: { holder: 'a' } } });
    const early = ask(turn.state, 'b', { op: 'acquire', epochSeen: 1 }, 10_000 + termMs - 1);
    expect(early.answer).toMatchObject({ why: 'live' });
    expect(ask(turn.state, 'a', { op: 'renew', epoch: 1 }, 13_000).answer.result).toBe('renewed');
  });

  it('says that it works to who asks for a store that was never retired', () => {
    const turn = ask(heldByA(), 'a', { op: 'reinstate' }, 11_000);
    expect(turn).toMatchObject({ durable: false, answer: { result: 'reinstated' } });
  });

  it('never lets a lease begin while another one may be live, however it is retired and used again', () => {
    const step = fc.record({
      op: fc.constantFrom('acquire', 'renew', 'retire', 'reinstate'),
      member: fc.constantFrom('a', 'b'),
      afterMs: fc.integer({ min: 0, max: 6_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = heldByA();
        let nowMs = 10_000;
        let last = { member: 'a', atMs: 10_000 };
        for (const { op, member, afterMs } of steps) {
          nowMs += afterMs;
          const { epoch } = state.record;
          const turn = ask(state, member, { op, epoch, epochSeen: epoch, retired }, nowMs);
          if (turn.answer.result === 'granted')
            expect(member === last.member || nowMs - last.atMs >= termMs).toBe(true);
          if (turn.answer.result === 'granted' || turn.answer.result === 'renewed')
            last = { member, atMs: nowMs };
          state = turn.state;
        }
      }),
    );
  });
});
