import { expect, test } from 'vitest';
import { roleBands, withoutActiveMs } from '../../../shared/fleet/timeline/role-bands.ts';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { journalRecord } from '../host/history/journal-record.ts';

const start = Date.UTC(2026, 0, 1);
const window = { fromMs: start, toMs: start + 100_000 };

function role(server: string, second: number, verdict: string, epoch: number): JournalRecord {
  const wallTime = new Date(start + second * 1000).toISOString();
  return journalRecord(Math.abs(second), { server, kind: 'role', verdict, epoch, wallTime });
}

function words(records: readonly JournalRecord[]) {
  return roleBands(records, window).map(
    (band) => `${band.server} ${band.role} ${(band.fromMs - start) / 1000}-${(band.toMs - start) / 1000}`,
  );
}

test('draws what was true before the window from its start', () => {
  expect(words([role('north', -50, 'active', 1), role('south', -40, 'passive', 0)])).toEqual([
    'north active 0-100',
    'south passive 0-100',
  ]);
});

test('ends an Active that wrote nothing more where the other one became Active; from there it is unknown', () => {
  const records = [
    role('north', -5, 'active', 1),
    role('south', -5, 'passive', 0),
    role('south', 30, 'active', 2),
  ];
  expect(words(records)).toEqual([
    'north active 0-30',
    'north unknown 30-100',
    'south passive 0-30',
    'south active 30-100',
  ]);
  expect(roleBands(records, window)[0]?.endedBy).toBe('south became Active with epoch 2');
});

test('takes no notice of an older epoch of the other one, whatever its clock says', () => {
  expect(words([role('north', 10, 'active', 3), role('south', 20, 'active', 2)])).toEqual([
    'north active 10-100',
    'south active 20-100',
  ]);
});

test('keeps words it does not know as they are', () => {
  const [band] = roleBands([role('north', 5, 'taking-over', 1)], window);
  expect(band).toMatchObject({ role: 'other', word: 'taking-over' });
});

test('adds up the time in which no member was Active', () => {
  const bands = roleBands(
    [role('north', -5, 'active', 1), role('north', 20, 'passive', 1), role('south', 24, 'active', 2)],
    window,
  );
  expect(withoutActiveMs(bands, 'WK1', window)).toBe(4_000);
});
