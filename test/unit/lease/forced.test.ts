import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { judgeRecordInPeerMode } from '../../../shared/lease/asker.ts';
import { forcedAbove, jumpedEpoch } from '../../../shared/lease/forced.ts';
import { answerLease, restoreStore, seedRecord, type StoreState } from '../../../shared/lease/store.ts';
import type { StoreRequest } from '../../../shared/lease/store-request.ts';

/** Goal: what a forced takeover may and may not do in the lease store. Method: the reducer, a clock by hand. */
const T = 4;
const termMs = 4290;
const storeId = 'store-1';
const forced = { by: 'anna', reason: 'power lost', at: '2026-11-28T03:10:00Z', alone: false };

function ask(
  state: StoreState,
  member: string,
  request: Partial<StoreRequest> & { op: string },
  nowMs: number,
) {
  return answerLease(state, member, { storeId, T, forced, ...request } as StoreRequest, nowMs);
}

/** A store whose lease `a` holds since 10 000. */
function heldByA(): StoreState {
  const fresh = { ...restoreStore(seedRecord(storeId, 'WK1', T, 0), T, 0), liveUntilMs: 0 };
  return ask(fresh, 'a', { op: 'acquire', epochSeen: 0 }, 10_000).state;
}

describe('forced takeover in the lease store', () => {
  it('waits until no lease is live, and not a millisecond longer', () => {
    const early = ask(heldByA(), 'b', { op: 'force', epochSeen: 1 }, 10_000 + termMs - 1);
    expect(early).toMatchObject({ durable: false, answer: { result: 'refused', why: 'live' } });
    const due = ask(heldByA(), 'b', { op: 'force', epochSeen: 1 }, 10_000 + termMs);
    expect(due).toMatchObject({ durable: true, answer: { result: 'granted', view: { epoch: 2 } } });
  });

  it('waits out a restart of the store like everybody else', () => {
    const restarted = restoreStore(heldByA().record, T, 100_000);
    const turn = ask(restarted, 'b', { op: 'force', epochSeen: 1 }, 100_000 + termMs - 1);
    expect(turn.answer).toMatchObject({ why: 'live' });
  });

  it('puts who, why and when on record with the epoch, durable', () => {
    const turn = ask(heldByA(), 'b', { op: 'force', epochSeen: 1 }, 20_000);
    expect(turn.state.record).toMatchObject({ epoch: 2, holder: 'b', forced: { epoch: 2, ...forced } });
    expect(turn.answer.view?.forced).toEqual({ epoch: 2, ...forced });
  });

  it('keeps the mark through later grants and restarts, so that a peer-mode Active still learns of it', () => {
    const taken = ask(heldByA(), 'b', { op: 'force', epochSeen: 1 }, 20_000).state;
    const again = ask(taken, 'b', { op: 'acquire', epochSeen: 2 }, 40_000).state;
    const { record } = restoreStore(again.record, T, 0);
    expect(record).toMatchObject({ epoch: 3, forced: { epoch: 2 } });
    const seenByA = { epoch: record.epoch, holder: record.holder, forced: forcedAbove(record.forced, 1) };
    expect(judgeRecordInPeerMode(seenByA, 'a', 1)).toBe('stop');
    // Whoever took over after it is not meant by it.
    const seenLater = { ...seenByA, forced: forcedAbove(record.forced, 3) };
    expect(judgeRecordInPeerMode(seenLater, 'b', 3)).toBe('renew');
  });

  it('is held back neither by a block nor by a reservation, but by maintenance', () => {
    const block = { kind: 'block', by: 'anna', why: 'network work', lastsMs: 60_000 } as const;
    const free = ask(heldByA(), 'a', { op: 'release', epoch: 1, reservedFor: 'a' }, 11_000).state;
    const blocked = ask(free, 'a', { op: 'policy', version: 0, change: block }, 11_500).state;
    expect(ask(blocked, 'b', { op: 'acquire', epochSeen: 1 }, 12_000).answer.result).toBe('refused');
    expect(ask(blocked, 'b', { op: 'force', epochSeen: 1 }, 12_000).answer.result).toBe('granted');
    const change = { kind: 'maintenance', by: 'anna', reason: '', lastsMs: 60_000 } as const;
    const held = ask(blocked, 'a', { op: 'policy', version: 1, change }, 12_000).state;
    expect(ask(held, 'b', { op: 'force', epochSeen: 1 }, 13_000).answer).toMatchObject({
      why: 'maintenance',
    });
  });

  it('is no automatic failover, so it is not counted as one', () => {
    const taken = ask(heldByA(), 'b', { op: 'force', epochSeen: 1 }, 20_000).state;
    expect(taken.policy.failoversMs).toEqual([]);
    expect(taken.policy.record.lastHolder).toBe('b');
  });

  it('refuses who has not seen the newest epoch, and who counts a longer lease', () => {
    expect(ask(heldByA(), 'b', { op: 'force', epochSeen: 0 }, 20_000).answer).toMatchObject({ why: 'epoch' });
    expect(ask(heldByA(), 'b', { op: 'force', epochSeen: 1, T: 15 }, 20_000).answer).toMatchObject({
      why: 'lease-too-long',
    });
    expect(ask(heldByA(), 'b', { op: 'force', epochSeen: 1, storeId: 'other' }, 20_000).answer).toMatchObject(
      { why: 'store-id' },
    );
  });

  it('grants above an epoch that was raised without it, by force or as usual', () => {
    const raised = jumpedEpoch(1, 1);
    const byForce = ask(heldByA(), 'b', { op: 'force', epochSeen: 1, least: raised }, 20_000);
    expect(byForce.state.record).toMatchObject({ epoch: raised + 1, forced: { epoch: raised + 1 } });
    const asUsual = ask(heldByA(), 'b', { op: 'acquire', epochSeen: 1, least: raised }, 20_000);
    expect(asUsual.state.record).toMatchObject({ epoch: raised + 1, holder: 'b' });
    expect(asUsual.state.record.forced).toBeUndefined();
    const below = ask(byForce.state, 'b', { op: 'acquire', epochSeen: raised + 1, least: 5 }, 40_000);
    expect(below.state.record.epoch).toBe(raised + 2);
  });

  it('refuses the old holder for good', () => {
    const taken = ask(heldByA(), 'b', { op: 'force', epochSeen: 1 }, 20_000).state;
    expect(ask(taken, 'a', { op: 'renew', epoch: 1 }, 20_001).answer).toMatchObject({ why: 'not-holder' });
    expect(ask(taken, 'a', { op: 'release', epoch: 1, reservedFor: null }, 20_001).answer.result).toBe(
      'refused',
    );
  });

  it('tells how old the last renewal is, and nothing of one before a restart', () => {
    const renewed = ask(heldByA(), 'a', { op: 'renew', epoch: 1 }, 12_000).state;
    expect(ask(renewed, 'b', { op: 'read' }, 12_300).answer.view?.renewedMs).toBe(300);
    const restarted = restoreStore(renewed.record, T, 500);
    expect(ask(restarted, 'b', { op: 'read' }, 600).answer.view?.renewedMs).toBeNull();
  });

  it('never has two live holders and never repeats an epoch, over random histories', () => {
    const event = fc.record({
      member: fc.constantFrom('a', 'b'),
      op: fc.constantFrom('acquire', 'force', 'renew', 'release', 'restart'),
      waitMs: fc.integer({ min: 0, max: 6_000 }),
      least: fc.constantFrom(0, 0, 5, 2_000),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = heldByA();
        let nowMs = 10_000;
        const liveUntil = new Map([['a', 10_000 + T * 1000]]);
        const seen = new Set([1]);
        for (const { member, op, waitMs, least } of events) {
          nowMs += waitMs;
          if (op === 'restart') {
            state = restoreStore(state.record, T, nowMs);
            continue;
          }
          const { epoch, forced: before } = state.record;
          const turn = ask(state, member, { op, epochSeen: epoch, epoch, reservedFor: null, least }, nowMs);
          state = turn.state;
          if (turn.answer.result === 'refused') continue;
          if (op === 'release') {
            liveUntil.delete(member);
            continue;
          }
          for (const [other, until] of liveUntil) if (other !== member) expect(until).toBeLessThan(nowMs);
          liveUntil.set(member, nowMs + T * 1000);
          if (turn.answer.result !== 'granted') continue;
          expect(seen.has(state.record.epoch)).toBe(false);
          expect(state.record.epoch).toBeGreaterThan(Math.max(epoch, least));
          seen.add(state.record.epoch);
          if (op === 'acquire') expect(state.record.forced).toEqual(before);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a jumped epoch', () => {
  it('is far from any grant, and in another half of a thousand for each member', () => {
    expect(jumpedEpoch(7, 0)).toBe(2000);
    expect(jumpedEpoch(7, 1)).toBe(2500);
    expect(jumpedEpoch(1999, 0)).toBe(3000);
  });

  it('is met by nothing that the other member jumps to, or is granted after its own jumps', () => {
    // Either knows what both knew once, and its own jumps and grants since.
    const move = fc.record({ member: fc.constantFrom(0, 1), grants: fc.integer({ min: 0, max: 50 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.array(move, { maxLength: 12 }), (common, moves) => {
        const known = [common, common];
        const used = new Set<number>();
        for (const { member, grants } of moves) {
          const raised = jumpedEpoch(known[member]!, member);
          expect(raised).toBeGreaterThan(known[member]! + 1_000);
          for (let epoch = raised; epoch <= raised + grants; epoch += 1) {
            expect(used.has(epoch)).toBe(false);
            used.add(epoch);
          }
          known[member] = raised + grants;
        }
      }),
    );
  });
});

describe('the frame of a forced takeover', () => {
  const frame = { id: 1, cluster: 'WK1', storeId: null, op: 'force', epochSeen: 3, T: 4, forced };

  it('is taken with who, why and when', () => {
    expect(LeaseRequest.safeParse(frame).success).toBe(true);
    expect(LeaseRequest.safeParse({ ...frame, least: 1003 }).success).toBe(true);
  });

  it.each([
    ['nobody', { ...frame, forced: { ...forced, by: undefined } }],
    ['endless words', { ...frame, forced: { ...forced, reason: 'x'.repeat(501) } }],
    ['no note', { ...frame, forced: undefined }],
    ['a negative epoch', { ...frame, least: -1 }],
    ['an epoch beyond the digits of the guards', { ...frame, least: 1e15 }],
    ['half an epoch', { ...frame, least: 3.5 }],
  ])('is refused with %s', (_what, bad) => {
    expect(LeaseRequest.safeParse(bad).success).toBe(false);
  });
});
