import { expect, test } from 'vitest';
import { reconnectDelayMs } from '../../../../electron/host/agent-links/reconnect-delay.ts';

test('waits 0.2 s first, doubles, and never waits longer than 2 s', () => {
  const waits = [1, 2, 3, 4, 5, 6, 1000].map((failures) => reconnectDelayMs(failures, 1));
  expect(waits).toEqual([200, 400, 800, 1600, 2000, 2000, 2000]);
});

test('spreads the waits by a quarter', () => {
  expect(reconnectDelayMs(5, 0)).toBe(1500);
  expect(reconnectDelayMs(5, 0.5)).toBe(1750);
});
