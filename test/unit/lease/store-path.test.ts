import { describe, expect, it } from 'vitest';
import {
  directAnswered,
  newStorePath,
  pathTurned,
  peerAnswered,
  releaseSent,
  renewalSent,
  storePathTiming,
  type StorePath,
} from '../../../shared/lease/store-path.ts';
import { leaseInstants, timingPresetNames, timingPresets } from '../../../shared/lease/timing.ts';

/** Goal: the second way is there in time, is used only when needed, and is given up only when the first one is proven. */
const timing = storePathTiming(timingPresets.fast);
const period = timingPresets.fast.H * 1000;

/** Renewals every H from `fromMs` to `toMs`, each answered directly after `directMs` and by the peer at once. */
function renewals(
  path: StorePath,
  fromMs: number,
  toMs: number,
  directMs: number | null,
  byPeer = true,
): StorePath {
  let state = path;
  for (let at = fromMs; at <= toMs; at += period) {
    const id = at;
    state = pathTurned(renewalSent(state, id, at, timing), at, timing);
    if (directMs === null) state = pathTurned(state, at + timing.openAfterMs, timing);
    if (byPeer && state.relayWanted)
      state = pathTurned(peerAnswered(state, at + 20, timing), at + 20, timing);
    if (directMs !== null)
      state = pathTurned(directAnswered(state, id, at + directMs, timing), at + directMs, timing);
  }
  return state;
}

describe('the choice between the two ways to the store', () => {
  it.each(timingPresetNames)('opens the second way early enough for two operations with %s', (name) => {
    const preset = timingPresets[name];
    const { openAfterMs } = storePathTiming(preset);
    const { lastUseMs } = leaseInstants(preset);
    expect(openAfterMs).toBeGreaterThan(0);
    expect(preset.H * 1000 + openAfterMs + 2 * preset.O * 1000).toBeLessThanOrEqual(lastUseMs);
  });

  it('stays direct while every answer comes in time', () => {
    const state = renewals(newStorePath(0), 0, 60_000, 30);
    expect(state).toMatchObject({ way: 'direct', sinceMs: 0, relayWanted: false });
  });

  it('wants the second way as soon as a renewal is late, before it says that the first one is broken', () => {
    let state = renewalSent(newStorePath(0), 1, 1_000, timing);
    expect(pathTurned(state, 1_000 + timing.openAfterMs - 1, timing).relayWanted).toBe(false);
    state = pathTurned(state, 1_000 + timing.openAfterMs, timing);
    expect(state).toMatchObject({ relayWanted: true, way: 'direct' });
    expect(peerAnswered(state, 1_000 + timing.silentMs - 1, timing).way).toBe('direct');
    expect(peerAnswered(state, 1_000 + timing.silentMs, timing)).toMatchObject({
      way: 'through-peer',
      sinceMs: 1_000 + timing.silentMs,
    });
  });

  it('does not call the lease relayed while the peer gives no answer either', () => {
    const state = renewals(newStorePath(0), 0, 3_000, null, false);
    expect(state).toMatchObject({ way: 'direct', relayWanted: true });
  });

  it('goes back only after the direct way has answered in time for long enough', () => {
    const broken = renewals(newStorePath(0), 0, 3_000, null);
    expect(broken.way).toBe('through-peer');
    const almost = renewals(broken, 3_500, 3_500 + timing.provenMs - period, 20);
    expect(almost).toMatchObject({ way: 'through-peer', relayWanted: true });
    const proven = renewals(almost, 3_500 + timing.provenMs, 3_500 + timing.provenMs + period, 20);
    expect(proven).toMatchObject({ way: 'direct', relayWanted: false });
    expect(proven.sinceMs).toBeGreaterThan(3_500);
  });

  it('begins its proof anew when an answer is late or missing', () => {
    const broken = renewals(newStorePath(0), 0, 3_000, null);
    const half = renewals(broken, 3_500, 3_500 + timing.provenMs / 2, 20);
    const late = renewals(half, 5_000, 5_000, timing.openAfterMs + 1);
    expect(late.wellSinceMs).toBeNull();
    const again = renewals(late, 5_500, 5_500 + timing.provenMs - period, 20);
    expect(again).toMatchObject({ way: 'through-peer', relayWanted: true });
  });

  it('does not take an answer to an old renewal for one to the newest', () => {
    let state = renewalSent(newStorePath(0), 1, 0, timing);
    state = renewalSent(state, 2, 500, timing);
    state = directAnswered(state, 1, 520, timing);
    expect(state.owedSinceMs).toBe(500);
    expect(directAnswered(state, 7, 530, timing)).toEqual(state);
    expect(directAnswered(state, 2, 540, timing).owedSinceMs).toBeNull();
  });

  it('needs no second way once it has nothing to say as the holder, but a release still counts', () => {
    const broken = renewals(newStorePath(0), 0, 3_000, null);
    const released = releaseSent(broken, 4_000, timing);
    expect(pathTurned(released, 4_000 + timing.holderMs - 1, timing).relayWanted).toBe(true);
    const over = pathTurned(released, 4_000 + timing.holderMs, timing);
    expect(over).toMatchObject({ relayWanted: false, way: 'direct', owedSinceMs: null });
  });
});
