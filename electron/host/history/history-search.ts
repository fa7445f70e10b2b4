import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';

export interface HistorySearch {
  /** Wall times, ISO 8601 in UTC; null leaves that end open. */
  readonly from: string | null;
  readonly to: string | null;
  /** Empty: all. */
  readonly clusters: readonly string[];
  readonly kinds: readonly JournalRecord['kind'][];
  /** Words that a record's sentence, rule, step, person or operation must contain, in any order and case. */
  readonly words: readonly string[];
  readonly limit: number;
  /** How many of the newest are passed over. */
  readonly skip: number;
  /** Only what is older than the record of this key; absent or null: from the newest on. */
  readonly before?: RecordKey | null;
}

/** Where a record stands among all: records are ordered by it. */
export type RecordKey = readonly [wall: string, cluster: string, server: string, life: number, seq: number];

/** A record, and which life of its journal it is of: 1, or more after an agent was installed anew. */
export type FoundRecord = JournalRecord & { readonly life: number };

export interface FoundPage {
  readonly records: FoundRecord[];
  /** Of the last record of the page; null: the page is empty. */
  readonly end: RecordKey | null;
}

/** One page of what a search finds, newest first. Only the bodies of that page are read. */
export function findRecords(database: DatabaseSync, search: HistorySearch): FoundPage {
  const { where, values } = conditions(search);
  const rows = database
    .prepare(
      `SELECT wall, cluster, server, life, seq, body FROM records ${indexOf(search)} ${where}
       ORDER BY wall DESC, cluster DESC, server DESC, life DESC, seq DESC LIMIT ? OFFSET ?`,
    )
    .all(...values, search.limit, search.skip);
  const last = rows.at(-1);
  return { records: rows.map(foundOf), end: last === undefined ? null : keyOf(last) };
}

/** How many records a search finds, without its limits. */
export function countRecords(database: DatabaseSync, search: HistorySearch): number {
  const { where, values } = conditions({ ...search, before: null });
  const [row] = database
    .prepare(`SELECT count(*) AS n FROM records ${indexOf(search)} ${where}`)
    .all(...values);
  return Number(row?.['n'] ?? 0);
}

/** The words are in one index only; a single kind is found quicker by another one. */
function indexOf({ kinds, words }: HistorySearch): string {
  return `INDEXED BY ${kinds.length === 1 && words.length === 0 ? 'by_kind_and_time' : 'by_time'}`;
}

function conditions(search: HistorySearch): { where: string; values: SQLInputValue[] } {
  // An index that is named must be of use for some condition.
  const parts: string[] = ['wall >= ?'];
  const values: SQLInputValue[] = [search.from ?? ''];
  const oneOf = (column: string, wanted: readonly string[]) => {
    if (wanted.length === 0) return;
    parts.push(`${column} IN (${wanted.map(() => '?').join(',')})`);
    values.push(...wanted);
  };
  if (search.to !== null) {
    parts.push('wall < ?');
    values.push(search.to);
  }
  if (search.before) {
    parts.push('(wall, cluster, server, life, seq) < (?,?,?,?,?)');
    values.push(...search.before);
  }
  const [kind] = search.kinds;
  if (search.kinds.length === 1 && kind !== undefined) {
    parts.push('kind = ?');
    values.push(kind);
  } else oneOf('kind', search.kinds);
  oneOf('cluster', search.clusters);
  for (const word of search.words) {
    parts.push('instr(search, ?) > 0');
    values.push(word.toLowerCase());
  }
  return { where: `WHERE ${parts.join(' AND ')}`, values };
}

/** Bodies were written from parsed records. */
function foundOf(row: Record<string, unknown>): FoundRecord {
  return { ...(JSON.parse(String(row['body'])) as JournalRecord), life: Number(row['life']) };
}

function keyOf(row: Record<string, unknown>): RecordKey {
  const { wall, cluster, server, life, seq } = row;
  return [String(wall), String(cluster), String(server), Number(life), Number(seq)];
}
