import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  openHistoryDatabase,
  type HistoryDatabase,
} from '../../../../electron/host/history/history-database.ts';
import type { HistorySearch } from '../../../../electron/host/history/history-search.ts';
import { journalRecord } from './journal-record.ts';

const everything: HistorySearch = {
  from: null,
  to: null,
  clusters: [],
  kinds: [],
  words: [],
  limit: 100,
  skip: 0,
};
const north = { cluster: 'WK1', server: 'north' };

let folder: string;
let history: HistoryDatabase;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  history = openHistoryDatabase(join(folder, 'history.sqlite'), 'x');
});

afterEach(() => {
  history.close();
  rmSync(folder, { recursive: true });
});

test('keeps records over a restart of the console, each once', () => {
  history.add(north, [journalRecord(1), journalRecord(2)]);
  history.add(north, [journalRecord(2), journalRecord(3)]);
  history.close();
  history = openHistoryDatabase(join(folder, 'history.sqlite'), 'x');
  expect(history.head(north)).toBe(3);
  expect(history.find(everything).map(({ seq }) => seq)).toEqual([3, 2, 1]);
});

test('tells a journal that was begun anew from the one before, and loses neither', () => {
  history.add(north, [journalRecord(1), journalRecord(2)]);
  history.add(north, [
    journalRecord(1, { wallTime: '2026-03-01T00:00:00.000Z' }),
    journalRecord(2, { wallTime: '2026-03-01T00:00:01.000Z', previous: 'other' }),
  ]);
  expect(history.count(everything)).toBe(4);
  expect(history.head(north)).toBe(2);
  expect(history.gaps()).toEqual([]);
});

test('tells whether all of a time is here, whatever is missing elsewhere', () => {
  const at = (seq: number) =>
    journalRecord(seq, { wallTime: `2026-03-01T00:00:${String(seq).padStart(2, '0')}.000Z` });
  const whole = (from: number, to: number) => history.isWhole(north, at(from).wallTime, at(to).wallTime);
  history.add(north, [at(5), at(6), at(7), at(11), at(12)]);
  expect(whole(5, 6)).toBe(true);
  expect(whole(11, 12)).toBe(true);
  expect(whole(12, 30)).toBe(true);
  // What was written before the first that is here, and what is missing in the middle, may be of that time.
  expect(whole(3, 6)).toBe(false);
  expect(whole(6, 7)).toBe(false);
  expect(whole(8, 9)).toBe(false);
  expect(history.isWhole({ cluster: 'WK2', server: 'north' }, at(5).wallTime, at(6).wallTime)).toBe(false);
  // Begun anew: how far the one before went is not known.
  history.add(north, [journalRecord(12, { wallTime: '2026-03-01T00:01:00.000Z', previous: 'other' })]);
  expect(whole(12, 30)).toBe(false);
  expect(whole(5, 6)).toBe(true);
});

test('tells of a journal from its first record on that nothing was before', () => {
  history.add(north, [journalRecord(1), journalRecord(2)]);
  expect(history.isWhole(north, '2000-01-01T00:00:00.000Z', '2000-01-01T00:00:01.000Z')).toBe(true);
});

test('finds every record of one operation', () => {
  history.add(north, [journalRecord(1, { operation: 'op-17' }), journalRecord(2), journalRecord(3)]);
  expect(history.find({ ...everything, words: ['op-17'] }).map(({ seq }) => seq)).toEqual([1]);
});

test('finds by time, cluster, kind and words in any order and case', () => {
  history.add(north, [
    journalRecord(1, { sentence: 'Engine of WK1 started.', kind: 'step' }),
    journalRecord(2, { sentence: 'WK1 engine stopped: 100 %_ok', requestedBy: 'admin-1' }),
  ]);
  history.add({ cluster: 'WK2', server: 'north' }, [journalRecord(1, { cluster: 'WK2' })]);
  const seqs = (search: Partial<HistorySearch>) =>
    history.find({ ...everything, ...search }).map(({ cluster, seq }) => `${cluster} ${seq}`);
  expect(seqs({ words: ['wk1', 'ENGINE'] })).toEqual(['WK1 2', 'WK1 1']);
  expect(seqs({ words: ['%_ok', 'admin-1'] })).toEqual(['WK1 2']);
  expect(seqs({ clusters: ['WK2'] })).toEqual(['WK2 1']);
  expect(seqs({ kinds: ['step'] })).toEqual(['WK1 1']);
  expect(seqs({ from: journalRecord(2).wallTime })).toEqual(['WK1 2']);
  expect(seqs({ to: journalRecord(2).wallTime, clusters: ['WK1'] })).toEqual(['WK1 1']);
});

test('counts what is missing between records', () => {
  history.add(north, [journalRecord(1), journalRecord(5)]);
  expect(history.gaps()).toEqual([{ ...north, missing: 3 }]);
});

test('answers the last role of each member before an instant', () => {
  history.add(north, [
    journalRecord(1, { kind: 'role', verdict: 'passive' }),
    journalRecord(2, { kind: 'role', verdict: 'active' }),
    journalRecord(3, { kind: 'role', verdict: 'passive' }),
  ]);
  expect(history.lastBefore(journalRecord(3).wallTime, 'role').map(({ verdict }) => verdict)).toEqual([
    'active',
  ]);
});

test('keeps a damaged history aside and begins anew', () => {
  history.close();
  const path = join(folder, 'history.sqlite');
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  writeFileSync(path, 'this is no database, but text that is long enough to be read as one'.repeat(20));
  history = openHistoryDatabase(path, '2026-01-01');
  history.add(north, [journalRecord(1)]);
  expect(history.count(everything)).toBe(1);
  expect(readdirSync(folder)).toContain('history.sqlite.damaged-20260101');
});

test('adds a page as a whole or not at all', () => {
  const broken = { ...journalRecord(2), wallTime: null };
  expect(() => history.add(north, [journalRecord(1), broken as never])).toThrow();
  expect(history.count(everything)).toBe(0);
});

test('reads page behind page by key, whatever is written meanwhile, and jumps over what nobody has read', () => {
  const records = Array.from({ length: 50 }, (_, index) => journalRecord(index + 1));
  history.add(north, records);
  const first = history.page({ ...everything, limit: 10 });
  expect(first.records.map(({ seq }) => seq)).toEqual([50, 49, 48, 47, 46, 45, 44, 43, 42, 41]);
  history.add(north, [journalRecord(51)]);
  const seqs = (search: Partial<HistorySearch>) =>
    history.page({ ...everything, limit: 3, ...search }).records.map(({ seq }) => seq);
  expect(seqs({ before: first.end })).toEqual([40, 39, 38]);
  expect(seqs({ before: first.end, skip: 20 })).toEqual([20, 19, 18]);
  expect(seqs({ before: first.end, words: ['record 3'] })).toEqual([39, 38, 37]);
  expect(seqs({ before: first.end, kinds: ['decision'] })).toEqual([40, 39, 38]);
  expect(history.page({ ...everything, skip: 60 })).toEqual({ records: [], end: null });
});

test('brings a history of the version before up, with everything in it', () => {
  history.add(north, [journalRecord(1), journalRecord(5)]);
  history.close();
  const path = join(folder, 'history.sqlite');
  const old = new DatabaseSync(path);
  old.exec('DROP TABLE journals; DROP INDEX by_time; DROP INDEX by_kind_and_time; PRAGMA user_version = 2;');
  old.exec('CREATE INDEX by_time ON records (wall);');
  old.close();
  history = openHistoryDatabase(path, 'x');
  expect(history.find(everything).map(({ seq }) => seq)).toEqual([5, 1]);
  expect(history.head(north)).toBe(5);
  expect(history.gaps()).toEqual([{ ...north, missing: 3 }]);
  expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(false);
});

test('tells what of each journal was written within a time, each life for itself', () => {
  history.add(north, [journalRecord(1), journalRecord(2), journalRecord(3)]);
  history.add(north, [journalRecord(1, { wallTime: '2026-03-01T00:00:00.000Z' })]);
  expect(
    history.spans({ from: journalRecord(2).wallTime, to: '2026-02-01T00:00:00.000Z', clusters: [] }),
  ).toEqual([{ ...north, life: 1, first: 2, last: 3, heldFirst: 1, heldLast: 3 }]);
  expect(history.spans({ from: null, to: null, clusters: ['WK1'] }).map(({ life }) => life)).toEqual([1, 2]);
  expect(history.spans({ from: null, to: null, clusters: ['WK2'] })).toEqual([]);
  expect([...history.chain(north, 1, 2, 9)].map(({ seq }) => seq)).toEqual([2, 3]);
});
