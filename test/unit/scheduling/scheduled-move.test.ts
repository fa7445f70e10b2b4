import { describe, expect, test } from 'vitest';
import { patchWhy } from '../../../shared/patching/patch-why.ts';
import {
  judgeSchedule,
  windowRefusal,
  type ScheduledMove,
  type ScheduleSight,
} from '../../../shared/scheduling/scheduled-move.ts';

/** Goal: a scheduled move is asked for only inside its window and only as it was meant. Method: the pure judgement. */
const move: ScheduledMove = {
  ...{ id: 's-1', verb: 'switchover', to: 'ig-south', epoch: 7, by: 'owner-1', reason: 'patch' },
  ...{ from: '2026-03-14T22:00:00.000Z', until: '2026-03-14T23:00:00.000Z', state: 'waiting', why: '' },
};
const fine: ScheduleSight = {
  ...{ now: '2026-03-14T22:10:00.000Z', epoch: 7, seenEpoch: 7, held: true, blockers: [], block: null },
  ...{ clockSetByMs: 40, peerAheadMs: -900 },
};
const judge = (sight: Partial<ScheduleSight>, about: Partial<ScheduledMove> = {}) =>
  judgeSchedule({ ...move, ...about }, { ...fine, ...sight });

describe('what a member does with a scheduled move', () => {
  test('it goes inside its window, when nothing speaks against it', () => {
    expect(judge({})).toEqual({ kind: 'go' });
    expect(judge({ now: move.from })).toEqual({ kind: 'go' });
    expect(judge({ clockSetByMs: null, peerAheadMs: null })).toEqual({ kind: 'go' });
  });

  test('it waits before, and never goes after', () => {
    expect(judge({ now: '2026-03-14T21:59:59.000Z' })).toEqual({ kind: 'wait', why: '' });
    expect(judge({ now: '2026-03-14T23:00:00.001Z' })).toMatchObject({ kind: 'skip' });
  });

  test('a blocker is waited for until the end of the window, and then named', () => {
    const reason = 'ig-south does not answer.';
    expect(judge({ blockers: [{ reason }] })).toEqual({ kind: 'wait', why: reason });
    expect(judge({ held: false })).toMatchObject({ kind: 'wait' });
    const late = judge({ now: '2026-03-14T23:00:01.000Z' }, { why: reason });
    expect(late).toEqual({ kind: 'skip', why: `until its end: ${reason}` });
  });

  test('a server that is held out for patching gets nothing, until that has ended', () => {
    const block = (server: string) => ({ why: patchWhy(server, 'kernel patch'), by: 'admin-1' });
    const why = 'ig-south is held out of service by admin-1: kernel patch';
    expect(judge({ block: block('ig-south') })).toEqual({ kind: 'wait', why });
    expect(judge({ block: block('ig-north') })).toEqual({ kind: 'go' });
    expect(judge({ block: { why: 'work on the network', by: 'admin-1' } })).toEqual({ kind: 'go' });
  });

  test('a cluster that has moved since is not moved by it, also before its time', () => {
    for (const seen of [{ epoch: 8 }, { seenEpoch: 8 }]) {
      expect(judge(seen)).toMatchObject({ kind: 'skip' });
      expect(judge({ ...seen, now: '2026-03-14T12:00:00.000Z' })).toMatchObject({ kind: 'skip' });
    }
  });

  test('clocks that do not mean the same time hold it back', () => {
    expect(judge({ clockSetByMs: 61_000 })).toMatchObject({ kind: 'wait' });
    expect(judge({ clockSetByMs: -3_600_000, now: '2026-03-14T23:30:00.000Z' })).toMatchObject({
      kind: 'skip',
    });
    expect(judge({ peerAheadMs: -120_000 })).toMatchObject({ kind: 'wait' });
  });
});

describe('a window that cannot be kept to', () => {
  const now = '2026-03-14T12:00:00.000Z';
  const good = { from: move.from, until: move.until, askedAt: now };
  test.each([
    ['shorter than a minute', { until: '2026-03-14T22:00:30.000Z' }],
    ['longer than a day', { until: '2026-03-16T22:00:30.000Z' }],
    ['passed', { from: '2026-03-14T10:00:00.000Z', until: '2026-03-14T11:00:00.000Z' }],
    ['more than a month', { from: '2026-06-14T22:00:00.000Z', until: '2026-06-14T23:00:00.000Z' }],
    ['apart', { askedAt: '2026-03-14T12:05:00.000Z' }],
  ])('%s', (words, change) => {
    expect(windowRefusal({ ...good, ...change }, now)?.said).toContain(words);
  });
  test('a good one is kept, also one that has begun', () => {
    expect(windowRefusal(good, now)).toBeNull();
    expect(windowRefusal({ ...good, from: '2026-03-14T11:59:00.000Z' }, now)).toBeNull();
  });
});
