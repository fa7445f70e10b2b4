import { expect, test } from 'vitest';
import { afterCheck, route, unchecked, type Standing } from '../../../electron/demo/balancer/standing.ts';

const thresholds = { fall: 2, rise: 1 };
const checks = (statuses: (number | null)[], of = thresholds) =>
  statuses.reduce<Standing>((standing, status) => afterCheck(standing, status, of), unchecked('a'));
const up = (server: string): Standing => ({ server, up: true, against: 0, status: 200 });

test('a server is up after its first 200 and down after two failures in a row', () => {
  expect(checks([200]).up).toBe(true);
  expect(checks([200, 503]).up).toBe(true);
  expect(checks([200, 503, 503]).up).toBe(false);
  expect(checks([200, 503, 200, 503]).up).toBe(true);
  expect(checks([200, null, 500]).up).toBe(false);
});

test('a rise threshold is counted without a break', () => {
  expect(checks([200, 200, 503, 200, 200], { fall: 1, rise: 3 }).up).toBe(false);
  expect(checks([200, 200, 200], { fall: 1, rise: 3 }).up).toBe(true);
});

test('only 200 is a yes', () => {
  for (const status of [201, 204, 301, 503, null]) expect(checks([status, status]).up).toBe(false);
});

test('the server in use keeps the traffic while it is up, otherwise the first that is up gets it', () => {
  const down = unchecked('a');
  expect(route([up('a'), up('b')], 'b')).toBe('b');
  expect(route([up('a'), up('b')], null)).toBe('a');
  expect(route([down, up('b')], 'a')).toBe('b');
  expect(route([down, unchecked('b')], 'a')).toBeNull();
});
