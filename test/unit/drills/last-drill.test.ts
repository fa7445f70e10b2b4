import { expect, test } from 'vitest';
import { lastDrills, lastDrillWords } from '../../../shared/drills/last-drill.ts';
import { begunDrill, endedDrill } from '../../screens/drills-fixtures.ts';

const ended = (kind: Parameters<typeof begunDrill>[0], cluster: string, day: string, ms = 5_900) =>
  endedDrill(begunDrill(kind, cluster, `2026-03-${day}T21:05:00.000Z`), ms);

test('the last drill of a cluster is the newest that measures a recovery time and has ended', () => {
  const running = begunDrill('engine-kill', 'WK1', '2026-03-09T21:05:00.000Z');
  const records = [
    running,
    ended('dry-run', 'WK1', '08'),
    ended('cut-off', 'WK1', '07'),
    ended('engine-kill', 'WK1', '06'),
  ];
  expect(lastDrills(['WK1', 'WK2'], records)).toMatchObject([{ cluster: 'WK1', kind: 'cut-off' }]);
});

test('its words tell no time that was not measured', () => {
  const [last] = lastDrills(['WK1'], [ended('switchover-and-back', 'WK1', '07')]);
  const words = (change: object) => lastDrillWords({ ...last!, outage: { ...last!.outage!, ...change } });
  expect(words({})).toBe('Switchover and back passed, 5.9 s without service');
  expect(words({ atLeast: true })).toBe('Switchover and back passed, at least 5.9 s without service');
  expect(words({ betweenClocks: true })).toBe('Switchover and back passed, time without service not known');
  expect(lastDrillWords({ ...last!, outage: null, verdict: 'interrupted' })).toBe(
    'Switchover and back interrupted',
  );
});
