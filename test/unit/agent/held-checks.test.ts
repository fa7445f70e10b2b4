import { expect, it } from 'vitest';
import { patienceMs } from '../../../agent/api/held-checks.ts';

/** Goal: a caller has its answer before it gives up. Method: any instant of a second. */
const instants = Array.from({ length: 1_000 }, (_, index) => 7_000 + index + 0.5);
const longest = (waitSeconds: number) =>
  Math.max(...instants.map((nowMs) => patienceMs(waitSeconds, 900, nowMs)));

it.each([
  ['a balancer of today, which waits 1.05 s', 2, 900],
  ['one of an earlier version, which waits 0.65 s', 1, 500],
])('is held so long at most for %s', (_, waitSeconds, ms) => {
  expect(longest(waitSeconds)).toBe(ms);
});

it('is answered with the next whole second, where that is not beyond it', () => {
  expect([7_200, 7_990, 7_050].map((nowMs) => patienceMs(2, 900, nowMs))).toEqual([800, 10, 900]);
});
