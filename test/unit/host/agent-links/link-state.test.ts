import { describe, expect, test } from 'vitest';
import {
  isSilent,
  linkView,
  newLink,
  nextLink,
  silenceLimitMs,
  type LinkEvent,
  type LinkState,
} from '../../../../electron/host/agent-links/link-state.ts';
import { productError } from '../../../../shared/errors.ts';

const limits = { silenceMs: 3000, nonsenseShownMs: 10_000, name: 'ig-north (WK1)' };
const unreachable = productError('agent.unreachable', 'Nothing listens.');
const nonsense = productError('agent.nonsense', 'A frame outside the contract.');

/** Plays events at their instants on a new link. */
function play(...events: readonly (readonly [number, LinkEvent])[]): LinkState {
  return events.reduce((state, [at, event]) => nextLink(state, event, at, limits), newLink(0));
}

describe('the state of a link', () => {
  test('waits for as long as three heartbeats, and three seconds at least', () => {
    expect(silenceLimitMs(0.2)).toBe(3000);
    expect(silenceLimitMs(5)).toBe(15_000);
  });

  test('is connecting until a snapshot was heard, also over an open connection', () => {
    expect(play().phase).toBe('connecting');
    expect(play([10, { kind: 'opened' }], [20, { kind: 'alive' }]).phase).toBe('connecting');
  });

  test('is connected from the first snapshot on, and keeps since when', () => {
    const state = play([10, { kind: 'opened' }], [30, { kind: 'snapshot' }], [500, { kind: 'snapshot' }]);
    expect(linkView(state, 600)).toEqual({ state: 'connected', sinceMs: 570, heardMs: 100, error: null });
  });

  test('is lost with the reason when the first attempt fails', () => {
    const view = linkView(play([40, { kind: 'closed', error: unreachable }]), 100);
    expect(view).toEqual({ state: 'lost', sinceMs: 60, heardMs: null, error: unreachable });
  });

  test('stays lost through attempts that do not lead to a snapshot', () => {
    const state = play(
      [40, { kind: 'closed', error: unreachable }],
      [300, { kind: 'opened' }],
      [310, { kind: 'alive' }],
    );
    expect(linkView(state, 400)).toMatchObject({ state: 'lost', sinceMs: 360, error: unreachable });
  });

  test('counts failures for the waits, and forgets them with the next snapshot', () => {
    const failed = play(
      [40, { kind: 'closed', error: unreachable }],
      [300, { kind: 'closed', error: unreachable }],
    );
    expect(failed.failures).toBe(2);
    expect(nextLink(failed, { kind: 'snapshot' }, 400, limits).failures).toBe(0);
  });

  test('is lost after silence although the connection is open', () => {
    const heard = play([10, { kind: 'opened' }], [20, { kind: 'snapshot' }]);
    expect(nextLink(heard, { kind: 'look' }, 3020, limits).phase).toBe('connected');
    const lost = nextLink(heard, { kind: 'look' }, 3021, limits);
    expect(lost.phase).toBe('lost');
    expect(lost.error?.message).toBe('ig-north (WK1) has been silent for 3.0 s.');
  });

  test('is kept by pongs for a while, but not without any snapshot for three times as long', () => {
    let state = play([0, { kind: 'opened' }], [0, { kind: 'snapshot' }]);
    for (let at = 1000; at <= 9000; at += 1000) {
      state = nextLink(state, { kind: 'alive' }, at, limits);
      expect(isSilent(state, at, limits)).toBe(false);
    }
    state = nextLink(state, { kind: 'alive' }, 9001, limits);
    expect(isSilent(state, 9001, limits)).toBe(true);
  });

  test('does not judge silence while there is no connection', () => {
    const state = play([40, { kind: 'closed', error: unreachable }]);
    expect(isSilent(state, 1_000_000, limits)).toBe(false);
    expect(nextLink(state, { kind: 'look' }, 1_000_000, limits)).toBe(state);
  });

  test('shows a refused frame for a while after good ones follow, and stays connected', () => {
    const refused = play(
      [0, { kind: 'opened' }],
      [10, { kind: 'snapshot' }],
      [20, { kind: 'nonsense', error: nonsense }],
      [30, { kind: 'snapshot' }],
    );
    expect(refused).toMatchObject({ phase: 'connected', error: nonsense, heardAt: 30 });
    expect(nextLink(refused, { kind: 'snapshot' }, 10_020, limits).error).toEqual(nonsense);
    expect(nextLink(refused, { kind: 'snapshot' }, 10_021, limits).error).toBeNull();
  });

  test('never becomes connected by nonsense', () => {
    const state = play([0, { kind: 'opened' }], [10, { kind: 'nonsense', error: nonsense }]);
    expect(state).toMatchObject({ phase: 'connecting', heardAt: null });
  });

  test('keeps the age of the last snapshot through a loss', () => {
    const lost = play(
      [0, { kind: 'opened' }],
      [10, { kind: 'snapshot' }],
      [500, { kind: 'closed', error: unreachable }],
    );
    expect(linkView(lost, 2010)).toMatchObject({ state: 'lost', heardMs: 2000, sinceMs: 1510 });
  });
});
