import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  exportCsv,
  exportHistory,
  exportJson,
  exportName,
} from '../../../../electron/host/history/export-history.ts';
import {
  openHistoryDatabase,
  type HistoryDatabase,
} from '../../../../electron/host/history/history-database.ts';
import { canonicalJson } from '../../../../shared/report/canonical-json.ts';
import { fillHistory } from '../../../bench/timeline/fill-history.ts';
import { journalRecord } from './journal-record.ts';

let database: HistoryDatabase;
beforeEach(() => void (database = openHistoryDatabase(':memory:', 'x')));
afterEach(() => database.close());

const maker = { madeAt: '2026-03-14T05:00:00.000Z', madeBy: 'admin-1', consoleVersion: '1.0.0' };
const endMs = Date.parse('2026-03-14T04:00:00.000Z');
const everything = { from: null, to: null, clusters: [] };

function exported(order: Parameters<typeof exportHistory>[1] = everything) {
  const made = exportHistory({ database, name: 'clinic' }, order, maker);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

test('exports every record of a span once, oldest first, however many pages that is', () => {
  fillHistory(database, { records: 12_000, clusters: 1, endMs, spanMs: 3_600_000 });
  const { records, chains } = exported();
  expect(records).toHaveLength(12_000);
  const times = records.map(({ wallTime }) => wallTime);
  expect(times).toEqual(times.toSorted());
  expect(new Set(records.map(({ server, seq }) => `${server} ${seq}`)).size).toBe(12_000);
  expect(chains.map(({ verdict, first, last }) => `${verdict} ${first} ${last}`)).toEqual([
    'unbroken 1 6000',
    'unbroken 1 6000',
  ]);
});

test('holds the ends of a span by the records beside them, and leaves other clusters out', () => {
  fillHistory(database, { records: 400, clusters: 2, endMs, spanMs: 100_000 });
  const order = {
    from: new Date(endMs - 50_000).toISOString(),
    to: new Date(endMs - 40_000).toISOString(),
    clusters: ['BN2'],
  };
  const { records, chains } = exported(order);
  expect(new Set(records.map(({ cluster }) => cluster))).toEqual(new Set(['BN2']));
  const [north] = chains;
  const own = records.filter(({ server }) => server === north!.server);
  expect([north!.first, north!.last]).toEqual([own[0]!.seq - 1, own.at(-1)!.seq + 1]);
});

test('tells where a chain breaks, in both forms', () => {
  fillHistory(database, { records: 20, clusters: 1, endMs, spanMs: 100_000 });
  const foreign = journalRecord(11, {
    ...{ cluster: 'BN1', server: 'bench-north', wallTime: new Date(endMs + 1).toISOString() },
    previous: 'f'.repeat(64),
  });
  database.add({ cluster: 'BN1', server: 'bench-north' }, [foreign]);
  const made = exported();
  expect(made.chains[0]).toMatchObject({ verdict: 'broken', breakCount: 1, breaks: [{ at: 11 }] });
  expect(made.chains[1]).toMatchObject({ verdict: 'unbroken' });
  const rows = exportCsv(made).trim().split('\r\n');
  expect(rows.filter((row) => row.includes('does not name record 10'))).toHaveLength(1);
  expect(rows.filter((row) => row.includes('BROKEN at record 11'))).toHaveLength(11);
});

test('a break in the journal of an agent that was there before stands in no row of the one that began anew', () => {
  const at = (seq: number, minute: number, more = {}) =>
    journalRecord(seq, { wallTime: `2026-03-14T03:${10 + minute}:00.000Z`, ...more });
  const north = { cluster: 'WK1', server: 'north' };
  database.add(north, [at(1, 0), at(2, 1), at(3, 2, { previous: 'f'.repeat(64) })]);
  database.add(north, [at(1, 10, { previous: 'a'.repeat(64) })]);
  database.add(north, [at(2, 11, { previous: 'b'.repeat(64) }), at(3, 12, { previous: 'c'.repeat(64) })]);
  const { chains, ...made } = exported();
  const first = { ...chains.find(({ life }) => life === 1)!, verdict: 'broken' as const, breakCount: 1 };
  const breaks = [{ at: 3, sentence: 'the first one breaks here' }];
  const second = { ...chains.find(({ life }) => life === 2)!, breaks: [] };
  const rows = exportCsv({ ...made, chains: [{ ...first, breaks }, second] })
    .trim()
    .split('\r\n');
  const broken = rows.filter((row) => row.includes('the first one breaks here'));
  expect(broken).toHaveLength(1);
  expect(broken[0]).toContain('2026-03-14T03:12:00.000Z,WK1,north,1,3');
  expect(made.records.map(({ life, seq }) => `${life} ${seq}`)).toEqual([
    '1 1',
    '1 2',
    '1 3',
    '2 1',
    '2 2',
    '2 3',
  ]);
});

test('the JSON carries the hash of its own content', () => {
  fillHistory(database, { records: 20, clusters: 1, endMs, spanMs: 100_000 });
  const { sha256, ...body } = JSON.parse(exportJson(exported())) as { readonly sha256: string };
  expect(createHash('sha256').update(canonicalJson(body), 'utf8').digest('hex')).toBe(sha256);
});

test('no cell of the table is a formula, and every record is a row', () => {
  const sentences = ['=HYPERLINK("http://x")', '+1', '-1', '@x', '\tx', 'two\nlines; "quoted", and commas'];
  database.add(
    { cluster: 'WK1', server: 'north' },
    sentences.map((sentence, at) => journalRecord(at + 1, { sentence, requestedBy: '=cmd|x' })),
  );
  const text = exportCsv(exported());
  expect(text).not.toMatch(/(^|,|\n)"?[=+\-@\t]/);
  expect(text).toContain("'=cmd|x");
  expect(text).toContain('"two\nlines; ""quoted"", and commas"');
});

test('an empty span is exported as such, and one that is too long is refused', () => {
  expect(exported().records).toEqual([]);
  expect(exportCsv(exported()).trim().split('\r\n')).toHaveLength(1);
  const many = { ...database, count: () => 200_001 };
  const made = exportHistory({ database: many, name: 'clinic' }, everything, maker);
  expect(!made.ok && made.error.code).toBe('request.invalid');
  expect(!made.ok && made.error.next).toMatch(/^Choose/);
});

test('its name is safe, whatever a bundle is called', () => {
  const made = { ...exported(), source: '../a b.tar.gz' };
  expect(exportName(made, 'csv')).toBe('history-..-a-b-20260314T050000Z.csv');
});
