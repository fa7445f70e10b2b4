import { describe, expect, it } from 'vitest';
import {
  knownConditions,
  lastingConditions,
  settleMs,
  watchConditions,
  type WatchedConditions,
} from '../../../shared/notifications/condition-watch.ts';
import type { Condition } from '../../../shared/notifications/conditions.ts';

/** Goal: what lasts is told once, and its end once. Method: looks at chosen times. */
const store: Condition = {
  name: 'store',
  kind: 'store-silent',
  severity: 'danger',
  sentence: 'WK1: ig-north does not reach the lease store.',
  ofCluster: false,
};
const blocked: Condition = { ...store, name: 'failover-blocked', kind: 'failover-blocked', ofCluster: true };

function looks(
  ...seen: readonly { atMs: number; conditions: readonly Condition[]; tells?: boolean }[]
): string[][] {
  let watched: WatchedConditions = {};
  return seen.map(({ atMs, conditions, tells = true }) => {
    const next = watchConditions(watched, conditions, { nowMs: atMs, tells });
    watched = next.watched;
    return next.changes.map(({ condition, phase }) => `${condition.name} ${phase}`);
  });
}

describe('conditions', () => {
  it('are told once they have lasted, and once when they are over', () => {
    const told = looks(
      { atMs: 0, conditions: [store] },
      { atMs: settleMs, conditions: [store] },
      { atMs: 2 * settleMs, conditions: [store] },
      { atMs: 3 * settleMs, conditions: [] },
      { atMs: 4 * settleMs, conditions: [] },
      { atMs: 5 * settleMs, conditions: [] },
    );
    expect(told).toEqual([[], ['store began'], [], [], ['store ended'], []]);
  });

  it('that pass with a planned change are not told', () => {
    const told = looks(
      { atMs: 0, conditions: [store] },
      { atMs: settleMs - 1, conditions: [store] },
      { atMs: settleMs, conditions: [] },
      { atMs: settleMs + 1, conditions: [store] },
      { atMs: 2 * settleMs, conditions: [store] },
    );
    expect(told.flat()).toEqual([]);
  });

  it('that get worse are told again, at once, and only the first time', () => {
    const guards: Condition = { ...store, name: 'guards', kind: 'guards', severity: 'warn' };
    const worse: Condition = { ...guards, severity: 'danger' };
    const told = looks(
      { atMs: 0, conditions: [guards] },
      { atMs: settleMs, conditions: [guards] },
      { atMs: settleMs + 1, conditions: [worse] },
      { atMs: settleMs + 2, conditions: [guards] },
      { atMs: settleMs + 3, conditions: [worse] },
    );
    expect(told).toEqual([[], ['guards began'], ['guards began'], [], []]);
  });

  it('that come and go are one that lasts', () => {
    const told = looks(
      { atMs: 0, conditions: [store] },
      { atMs: settleMs, conditions: [store] },
      { atMs: settleMs + 1_000, conditions: [] },
      { atMs: settleMs + 2_000, conditions: [store] },
      { atMs: settleMs + 3_000, conditions: [] },
      { atMs: settleMs + 4_000, conditions: [store] },
      { atMs: 9 * settleMs, conditions: [store] },
    );
    expect(told.flat()).toEqual(['store began']);
  });

  it('that both members see are told by whoever tells, also when that changes', () => {
    const quiet = { conditions: [blocked], tells: false };
    const told = looks(
      { atMs: 0, ...quiet },
      { atMs: settleMs, ...quiet },
      { atMs: 2 * settleMs, conditions: [blocked], tells: true },
      { atMs: 3 * settleMs, conditions: [blocked], tells: true },
    );
    expect(told).toEqual([[], [], ['failover-blocked began'], []]);
  });

  it('that were told before a restart are not told again, and their end is', () => {
    const known = knownConditions([store], 0);
    expect(lastingConditions(known)).toEqual([store]);
    const still = watchConditions(known, [store], { nowMs: settleMs, tells: true });
    expect(still.changes).toEqual([]);
    const gone = watchConditions(still.watched, [], { nowMs: 2 * settleMs, tells: true });
    const over = watchConditions(gone.watched, [], { nowMs: 3 * settleMs, tells: true });
    expect(over.changes).toEqual([{ condition: store, phase: 'ended' }]);
  });
});
