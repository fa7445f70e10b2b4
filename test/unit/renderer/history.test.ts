import { describe, expect, it } from 'vitest';
import { createHistory, longestWaitWithin } from '../../../renderer/stores/history.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { clusterOf } from '../../screens/site-fixture.ts';

/** Goal: a wait belongs to the change it happened in. Method: snapshots every half second with the sender's own figures. */
function watched(
  waits: readonly { readonly fromMs: number; readonly toMs: number }[],
  pauses: readonly number[] = [],
) {
  const history = createHistory();
  let longest = 0;
  for (let now = 1_000; now <= 60_000; now += 500) {
    if (pauses.includes(now)) continue;
    const snapshot = fixtures.healthy();
    const open = waits.find(({ fromMs, toMs }) => now >= fromMs && now < toMs);
    for (const { fromMs, toMs } of waits) if (now >= toMs) longest = Math.max(longest, toMs - fromMs);
    const currentGapMs = open ? now - open.fromMs : 40;
    Object.assign(clusterOf(snapshot, 'WK1').traffic!, {
      ageMs: 0,
      currentGapMs,
      longestGapMs: Math.max(longest, currentGapMs),
    });
    history.getState().note(snapshot, now);
  }
  return (fromMs: number, toMs: number) => longestWaitWithin(history.getState(), 'WK1', { fromMs, toMs });
}

describe('longest wait of the senders', () => {
  it('is that within the change, although a longer one came before', () => {
    const within = watched([
      { fromMs: 5_000, toMs: 20_000 },
      { fromMs: 41_000, toMs: 45_000 },
    ]);
    expect(within(40_000, 50_000)).toBeGreaterThanOrEqual(3_500);
    expect(within(40_000, 50_000)).toBeLessThanOrEqual(4_000);
  });

  it('is exact where it was the longest ever, which the sender tells', () => {
    expect(watched([{ fromMs: 41_130, toMs: 45_370 }])(40_000, 50_000)).toBe(4_240);
  });

  it('is nothing when nobody waited', () => {
    expect(watched([])(40_000, 50_000)).toBe(0);
  });

  it('is not known where the page was not open, or saw nothing for a while', () => {
    expect(watched([])(500, 5_000)).toBeNull();
    const asleep = Array.from({ length: 12 }, (_, index) => 42_000 + index * 500);
    expect(watched([], asleep)(40_000, 50_000)).toBeNull();
  });
});

describe('another site in the same console', () => {
  it('begins with no past, although its clusters have the same names', () => {
    const history = createHistory();
    const note = (site: string, nowMs: number) => {
      const snapshot = fixtures.healthy();
      history.getState().note({ ...snapshot, site: { ...snapshot.site!, id: site } }, nowMs);
    };
    note('demo', 1_000);
    note('demo', 2_000);
    note('hospital', 3_000);
    const { byCluster, sinceMs } = history.getState();
    expect(byCluster['WK1']?.map(({ atMs }) => atMs)).toEqual([3_000]);
    expect(sinceMs).toBe(3_000);
  });
});
