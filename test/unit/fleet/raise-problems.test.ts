import { describe, expect, it } from 'vitest';
import { newDangers, raiseProblems } from '../../../shared/fleet/raise-problems.ts';
import type { Problem } from '../../../shared/fleet/problem.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { acknowledgedIn } from '../../screens/acknowledged-fixture.ts';
import { fixtures } from '../../screens/fixtures.ts';

/** Goal: a desktop is told once of what is new and high, and of nothing that a person knows. Method: the pure watch, and snapshots. */
const problem = (key: string) => ({ key }) as Problem;
const keys = (fresh: readonly Problem[]) => fresh.map(({ key }) => key);

describe('what is new', () => {
  it('is not what was there at the first look', () => {
    const { watched, fresh } = newDangers(null, [problem('a')], 0);
    expect(fresh).toEqual([]);
    expect(keys(newDangers(watched, [problem('a')], 20_000).fresh)).toEqual([]);
  });

  it('is what has lasted for five seconds, once', () => {
    let { watched } = newDangers(null, [], 0);
    const at = (nowMs: number) => {
      const next = newDangers(watched, [problem('a')], nowMs);
      ({ watched } = next);
      return keys(next.fresh);
    };
    expect([at(1_000), at(5_000), at(6_000), at(7_000)]).toEqual([[], [], ['a'], []]);
  });

  it('is not what comes back within a minute, and is again what comes back later', () => {
    let { watched } = newDangers(newDangers(null, [], 0).watched, [problem('a')], 0);
    ({ watched } = newDangers(watched, [problem('a')], 6_000));
    expect(keys(newDangers(watched, [problem('a')], 60_000).fresh)).toEqual([]);
    const later = newDangers(watched, [problem('a')], 70_000);
    expect(keys(newDangers(later.watched, [problem('a')], 76_000).fresh)).toEqual(['a']);
  });
});

describe('a desktop', () => {
  function shown(snapshots: readonly ConsoleSnapshot[], isOn = true): string[] {
    const titles: string[] = [];
    let nowMs = 0;
    const raise = raiseProblems({ isOn: () => isOn, show: ({ title }) => titles.push(title) }, () => nowMs);
    raise(fixtures.healthy());
    for (const snapshot of snapshots) {
      nowMs += 3_000;
      raise(snapshot);
    }
    return titles;
  }
  const bad = () => [1, 2, 3, 4].map(() => fixtures['failover-blocked']());

  it('is told of a blocked failover, in its words', () => {
    expect(shown(bad())).toEqual([expect.stringContaining('automatic failover is blocked')]);
  });

  it('is told nothing when it is off, of a warning, or of what a person has acknowledged', () => {
    expect(shown(bad(), false)).toEqual([]);
    expect(shown([1, 2, 3, 4].map(() => fixtures.maintenance()))).toEqual([]);
    expect(shown([1, 2, 3, 4].map(() => acknowledgedIn(fixtures['failover-blocked']())))).toEqual([]);
  });
});
