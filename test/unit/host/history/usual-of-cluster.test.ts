import { afterAll, expect, it } from 'vitest';
import { openHistoryDatabase } from '../../../../electron/host/history/history-database.ts';
import type { ConsoleSite } from '../../../../electron/host/console-site.ts';
import { usualOfCluster, withUsual } from '../../../../electron/host/history/usual-of-cluster.ts';
import { siteSight } from '../../../../shared/fleet/sight.ts';
import { usualIn } from '../../../../shared/history/usual-times.ts';
import { failbackJournal, failoverJournal } from '../../history/journals.ts';
import { fixtures } from '../../../screens/fixtures.ts';
import { journalRecord } from './journal-record.ts';

const database = openHistoryDatabase(':memory:', '');
afterAll(() => database.close());

it('finds what is usual in a long history, months after the last change', () => {
  const records = [...failoverJournal(), ...failbackJournal()];
  for (const server of ['ig-north', 'ig-south']) {
    const own = records.filter((record) => record.server === server);
    database.add({ cluster: 'WK1', server }, own);
    const later = Array.from({ length: 3_000 }, (_, index) =>
      journalRecord(10_000 + index, {
        server,
        wallTime: new Date(Date.UTC(2026, 8, 1) + index * 60_000).toISOString(),
      }),
    );
    database.add({ cluster: 'WK1', server }, later);
  }
  const found = usualOfCluster(database, 'WK1');
  expect(found).toEqual(usualIn(records));
  expect(found.planned.steps.find(({ step }) => step === 'start-engine')).toMatchObject({ medianMs: 2_710 });
  expect(usualOfCluster(database, 'WK1', 'e272e383').planned.steps).toEqual([]);
  expect(usualOfCluster(database, 'WK2').takeover.steps).toEqual([]);
});

it('gives each cluster of a site its own, and leaves the site as it is where nothing can be read', async () => {
  const sight = siteSight(fixtures.healthy().site!, 0);
  const history = () => Promise.resolve({ database }) as unknown as ReturnType<ConsoleSite['history']>;
  const { clusters } = await withUsual(sight, { history });
  expect(clusters.map(({ usual }) => usual)).toEqual([
    usualOfCluster(database, 'WK1'),
    usualOfCluster(database, 'WK2'),
  ]);
  expect(clusters[0]?.usual?.planned.steps).not.toEqual([]);
  const broken = () => Promise.reject(new Error('the disk is gone'));
  expect(await withUsual(sight, { history: broken })).toBe(sight);
});
