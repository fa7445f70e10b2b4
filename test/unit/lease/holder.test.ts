import { describe, expect, it } from 'vitest';
import type { LeaseAnswer, LeaseView } from '../../../shared/agent-api/lease-frames.ts';
import {
  endEpoch,
  freeInMs,
  leaseLeftMs,
  newHolder,
  prepareRequest,
  receiveAnswer,
  type HolderState,
} from '../../../shared/lease/holder.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';

const timing = timingPresets.fast;
const view = (changes: Partial<LeaseView> = {}): LeaseView => ({
  storeId: 's',
  epoch: 0,
  holder: null,
  reservedFor: null,
  freeInMs: 0,
  ...changes,
});

type Body = Parameters<typeof prepareRequest>[2];

function send(state: HolderState, body: Body, atMs: number) {
  const prepared = prepareRequest(state, 'WK1', body, atMs, timing);
  if (prepared === null) throw new Error('the request was refused');
  return prepared;
}

/** Sends one request at `sentMs` and takes in its answer at `receivedMs`. */
function exchange(
  state: HolderState,
  body: Body,
  answer: { result: string; view?: LeaseView; why?: string },
  sentMs: number,
  receivedMs: number,
) {
  const { state: sent, request } = send(state, body, sentMs);
  return receiveAnswer(sent, { id: request.id, view: view(), ...answer } as LeaseAnswer, receivedMs, timing);
}

function knowing(): HolderState {
  return exchange(newHolder({ epoch: 0, ended: 0, storeId: null }), { op: 'read' }, { result: 'read' }, 0, 5)
    .state;
}

function holding(): HolderState {
  const answer = { result: 'granted', view: view({ epoch: 1, holder: 'a', freeInMs: 4290 }) };
  return exchange(knowing(), { op: 'acquire' }, answer, 1_000, 1_010).state;
}

describe('lease holder', () => {
  it('pins the first store it meets and tells the shell to write it down', () => {
    const { state, effects } = exchange(
      newHolder({ epoch: 0, ended: 0, storeId: null }),
      { op: 'read' },
      { result: 'read' },
      0,
      5,
    );
    expect(effects).toEqual([{ kind: 'pin-store', storeId: 's' }]);
    expect(state.memory.storeId).toBe('s');
  });

  it('counts the lease from the sending of the request, not from the answer', () => {
    expect(leaseLeftMs(holding(), 1_010)).toBe(3_990);
  });

  it('does not use a grant that comes too late to stop in time', () => {
    const answer = { result: 'granted', view: view({ epoch: 1, holder: 'a' }) };
    const { state, effects } = exchange(knowing(), { op: 'acquire' }, answer, 1_000, 1_000 + 1_710);
    expect(state.lease).toBeNull();
    expect(effects[0]?.kind).toBe('ignored');
  });

  it('does not use a renewal that comes too late, and keeps the older one', () => {
    const answer = { result: 'renewed', view: view({ epoch: 1, holder: 'a' }) };
    const late = exchange(holding(), { op: 'renew' }, answer, 2_000, 2_000 + 1_710);
    expect(late.state.lease?.sentMs).toBe(1_000);
    const good = exchange(holding(), { op: 'renew' }, answer, 2_000, 2_000 + 1_709);
    expect(good.state.lease?.sentMs).toBe(2_000);
  });

  it('never uses a grant at or below its own durable epoch', () => {
    const known = exchange(
      newHolder({ epoch: 5, ended: 5, storeId: 's' }),
      { op: 'read' },
      { result: 'read', view: view({ epoch: 5 }) },
      0,
      1,
    ).state;
    const answer = { result: 'granted', view: view({ epoch: 5, holder: 'a' }) };
    expect(exchange(known, { op: 'acquire' }, answer, 10, 20).state.lease).toBeNull();
  });

  it('refuses a store whose epoch is below its own', () => {
    const state = newHolder({ epoch: 5, ended: 4, storeId: 's' });
    const { effects } = exchange(state, { op: 'renew' }, { result: 'read', view: view({ epoch: 2 }) }, 0, 1);
    expect(effects).toEqual([{ kind: 'ignored', why: "the store's epoch 2 is below our own 5" }]);
  });

  it('ignores another store', () => {
    const { state, effects } = exchange(
      holding(),
      { op: 'renew' },
      { result: 'renewed', view: view({ storeId: 'x', epoch: 1 }) },
      2_000,
      2_001,
    );
    expect(effects[0]?.kind).toBe('ignored');
    expect(state.lease?.sentMs).toBe(1_000);
  });

  it('ignores an answer twice', () => {
    const { state: sent, request } = send(holding(), { op: 'renew' }, 2_000);
    const answer: LeaseAnswer = { id: request.id, result: 'renewed', view: view({ epoch: 1, holder: 'a' }) };
    const once = receiveAnswer(sent, answer, 2_001, timing);
    expect(receiveAnswer(once.state, answer, 3_900, timing).effects).toEqual([
      { kind: 'ignored', why: 'answer to no open request' },
    ]);
  });

  it('loses the lease when the store names somebody else', () => {
    const answer = { result: 'refused', why: 'not-holder', view: view({ epoch: 2, holder: 'b' }) };
    const { state, effects } = exchange(holding(), { op: 'renew' }, answer, 2_000, 2_001);
    expect(state.lease).toBeNull();
    expect(effects).toContainEqual({ kind: 'lost', epoch: 1, why: 'not-holder' });
  });

  it('does not lose a newer lease to the refusal of an older renewal', () => {
    const early = send(holding(), { op: 'renew' }, 1_500);
    const renewed = exchange(
      early.state,
      { op: 'renew' },
      { result: 'renewed', view: view({ epoch: 1, holder: 'a' }) },
      2_000,
      2_001,
    ).state;
    const refusal: LeaseAnswer = {
      id: early.request.id,
      result: 'refused',
      why: 'epoch',
      view: view({ epoch: 1 }),
    };
    expect(receiveAnswer(renewed, refusal, 2_100, timing).state.lease).not.toBeNull();
  });

  it('neither renews nor keeps an epoch that has ended, and releases only then', () => {
    expect(prepareRequest(holding(), 'WK1', { op: 'release', reservedFor: null }, 2_000, timing)).toBeNull();
    const ended = endEpoch(holding(), 1);
    expect(ended.lease).toBeNull();
    expect(prepareRequest(ended, 'WK1', { op: 'renew' }, 2_000, timing)).toBeNull();
    expect(send(ended, { op: 'release', reservedFor: 'b' }, 2_000).request).toMatchObject({
      op: 'release',
      epoch: 1,
      reservedFor: 'b',
    });
  });

  it('does not take a renewal that was under way when the epoch ended', () => {
    const renewing = send(holding(), { op: 'renew' }, 2_000);
    const ended = endEpoch(renewing.state, 1);
    const answer: LeaseAnswer = {
      id: renewing.request.id,
      result: 'renewed',
      view: view({ epoch: 1, holder: 'a' }),
    };
    expect(receiveAnswer(ended, answer, 2_010, timing).state.lease).toBeNull();
  });

  it('counts the store’s remaining time down from the receipt, never ahead of the store', () => {
    const seen = exchange(
      knowing(),
      { op: 'read' },
      { result: 'read', view: view({ freeInMs: 1_000 }) },
      100,
      400,
    ).state;
    expect(freeInMs(seen, 900)).toBe(500);
    expect(freeInMs(seen, 9_000)).toBe(0);
  });

  it('forgets the oldest unanswered requests instead of growing', () => {
    let state = knowing();
    for (let index = 0; index < 500; index += 1) state = send(state, { op: 'read' }, index).state;
    expect(state.pending.size).toBeLessThanOrEqual(64);
  });
});

describe('lease holder after a forced takeover without the store', () => {
  const jumped = () => newHolder({ epoch: 1003, ended: 0, storeId: 's', jumpedFrom: 3 });

  it('uses the answers of a store that still knows the epoch from which it jumped', () => {
    const { state } = exchange(jumped(), { op: 'read' }, { result: 'read', view: view({ epoch: 3 }) }, 0, 5);
    expect(state.seen?.view.epoch).toBe(3);
  });

  it('refuses a store that knows less: that one has lost its memory', () => {
    const { state, effects } = exchange(
      jumped(),
      { op: 'read' },
      { result: 'read', view: view({ epoch: 2 }) },
      0,
      5,
    );
    expect(state.seen).toBeNull();
    expect(effects[0]).toMatchObject({ kind: 'ignored' });
  });

  it('asks for an epoch above its own, and neither renews nor releases what no store has granted', () => {
    const seen = exchange(jumped(), { op: 'read' }, { result: 'read', view: view({ epoch: 3 }) }, 0, 5).state;
    const forced = { by: 'anna', reason: 'power lost', at: '', alone: true };
    expect(send(seen, { op: 'force', forced }, 10).request).toMatchObject({
      epochSeen: 3,
      least: 1003,
      forced,
    });
    expect(send(seen, { op: 'acquire' }, 10).request).toMatchObject({ epochSeen: 3, least: 1003 });
    expect(prepareRequest(seen, 'WK1', { op: 'renew' }, 10, timing)).toBeNull();
    const over = endEpoch(seen, 1003);
    expect(prepareRequest(over, 'WK1', { op: 'release', reservedFor: null }, 10, timing)).toBeNull();
  });

  it('is an ordinary holder again once the store has granted above its epoch', () => {
    const seen = exchange(jumped(), { op: 'read' }, { result: 'read', view: view({ epoch: 3 }) }, 0, 5).state;
    const answer = { result: 'granted', view: view({ epoch: 1004, holder: 'a', freeInMs: 4290 }) };
    const { state, effects } = exchange(seen, { op: 'acquire' }, answer, 1_000, 1_010);
    expect(effects).toEqual([{ kind: 'granted', epoch: 1004 }]);
    expect(state.memory).toMatchObject({ epoch: 1004, jumpedFrom: undefined });
    expect(send(state, { op: 'renew' }, 1_500).request).toMatchObject({ op: 'renew', epoch: 1004 });
  });

  it('asks a store that knows as much as itself for no more than the next epoch', () => {
    expect(send(knowing(), { op: 'acquire' }, 10).request).not.toHaveProperty('least');
  });

  it('asks by force above every epoch that is known anywhere', () => {
    const forced = { by: 'anna', reason: 'power lost', at: '', alone: false };
    const seen = knowing();
    const above = (least: number) => send(seen, { op: 'force', forced, least }, 10).request;
    expect(above(2_002)).toMatchObject({ least: 2_002 });
    expect(above(0)).not.toHaveProperty('least');
  });
});
