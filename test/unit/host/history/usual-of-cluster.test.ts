import { afterEach, expect, it } from 'vitest';
import { openHistoryDatabase } from '../../../../electron/host/history/history-database.ts';
import { usualOfCluster } from '../../../../electron/host/history/usual-of-cluster.ts';
import { usualIn } from '../../../../shared/history/usual-times.ts';
import { failbackJournal, failoverJournal } from '../../history/journals.ts';
import { journalRecord } from './journal-record.ts';

const database = openHistoryDatabase(':memory:', '');
afterEach(() => database.close());

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
