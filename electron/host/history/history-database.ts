import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { keepAside } from '../settings/keep-aside.ts';
import { countRecords, findRecords, type FoundPage, type HistorySearch } from './history-search.ts';
import { openHistoryTables } from './history-tables.ts';
import { inOneTransaction } from './in-one-transaction.ts';

/**
 * The journals of a site's agents as this workstation has read them: a cache that makes long histories quick
 * to search, and that can be looked at while a server is away. The agents' journals are the truth; a damaged
 * cache is kept aside and read anew.
 */
export interface HistoryDatabase {
  /** Adds records of one member's journal, in the order of the journal; those it has already are left. */
  add(journal: JournalName, records: readonly JournalRecord[]): void;
  /** Number of the newest record of a journal that is here; 0 when there is none. */
  head(journal: JournalName): number;
  /** Newest first, at most `limit`. */
  find(search: HistorySearch): JournalRecord[];
  /** The same with the key that the next page begins behind. */
  page(search: HistorySearch): FoundPage;
  count(search: HistorySearch): number;
  /** Wall time of the oldest record; null: there is none. */
  oldest(): string | null;
  /** The last record of each kind and journal before an instant: what was true then. */
  lastBefore(wallTime: string, kind: JournalRecord['kind']): JournalRecord[];
  /** The newest records of each journal before an instant, at most so many of each. */
  lastOfEach(wallTime: string, limit: number): JournalRecord[];
  /**
   * Whether all that a journal has of a time is here, from its record before to the one after or its newest: nothing
   * that was written within it, by the clock of its server, can be missing.
   */
  isWhole(journal: JournalName, from: string, to: string): boolean;
  /** Journals that lack records in the middle, because their agent had let go of them before they were read. */
  gaps(): { readonly server: string; readonly cluster: string; readonly missing: number }[];
  /**
   * Records of one life of a journal in the order of their numbers, from one number to another, both included, one
   * after the other: a long journal is never in memory whole.
   */
  chain(journal: JournalName, life: number, from: number, to: number): Iterable<JournalRecord>;
  /** What of which journals was written within a time; a journal that was begun anew has a further life. */
  spans(search: Pick<HistorySearch, 'from' | 'to' | 'clusters'>): JournalSpan[];
  close(): void;
}

export interface JournalName {
  readonly cluster: string;
  readonly server: string;
}

/** One life of a journal, with the numbers that were found within a time, and those that are here in all. */
export interface JournalSpan extends JournalName {
  readonly life: number;
  readonly first: number;
  readonly last: number;
  readonly heldFirst: number;
  readonly heldLast: number;
}

/**
 * Opens the history at `path` (`:memory:` for none on disk). `stamp` names what a damaged file is kept as.
 * Throws only when even a new one cannot be made (no space, no right to write).
 */
export function openHistoryDatabase(path: string, stamp: string): HistoryDatabase {
  try {
    return historyOver(openHistoryTables(path));
  } catch (cause) {
    if (path === ':memory:' || !existsSync(path)) throw cause;
    keepAside(path, stamp);
    return historyOver(openHistoryTables(path));
  }
}

function historyOver(database: DatabaseSync): HistoryDatabase {
  const addAll = adder(database);
  const newest = database.prepare(
    'SELECT last FROM journals WHERE cluster = ? AND server = ? ORDER BY life DESC LIMIT 1',
  );
  const names = database.prepare('SELECT DISTINCT cluster, server FROM journals');
  const before = database.prepare(
    `SELECT body FROM records INDEXED BY by_kind WHERE kind = ? AND cluster = ? AND server = ? AND wall < ?
     ORDER BY wall DESC, life DESC, seq DESC LIMIT 1`,
  );
  const newestBefore = database.prepare(
    `SELECT body FROM records INDEXED BY by_time WHERE wall < ? AND cluster = ? AND server = ?
     ORDER BY wall DESC, life DESC, seq DESC LIMIT ?`,
  );
  const numbered = database.prepare(
    `SELECT body FROM records WHERE cluster = ? AND server = ? AND life = ? AND seq BETWEEN ? AND ? ORDER BY seq`,
  );
  return {
    add: (journal, records) => inOneTransaction(database, () => addAll(journal, records)),
    head: ({ cluster, server }) => Number(newest.get(cluster, server)?.['last'] ?? 0),
    find: (search) => findRecords(database, search).records,
    page: (search) => findRecords(database, search),
    count: (search) => countRecords(database, search),
    oldest: () => {
      const [row] = database.prepare('SELECT min(wall) AS wall FROM records').all();
      return row?.['wall'] == null ? null : String(row['wall']);
    },
    lastBefore: (wallTime, kind) =>
      names
        .all()
        .flatMap(({ cluster, server }) => before.all(kind, cluster!, server!, wallTime))
        .map(recordOf),
    lastOfEach: (wallTime, limit) =>
      names
        .all()
        .flatMap(({ cluster, server }) => newestBefore.all(wallTime, cluster!, server!, limit))
        .map(recordOf),
    isWhole: (journal, from, to) => isWhole(database, journal, { from, to }),
    gaps: () => database.prepare(gapQuery).all().map(gapOf),
    *chain({ cluster, server }, life, from, to) {
      for (const row of numbered.iterate(cluster, server, life, from, to)) yield recordOf(row);
    },
    spans: (search) => spansOf(database, search),
    close: () => database.close(),
  };
}

/** Adds records of one journal, and keeps beside them how far each life of it reaches. */
function adder(database: DatabaseSync): (journal: JournalName, records: readonly JournalRecord[]) => void {
  const insert = database.prepare(
    `INSERT INTO records (cluster, server, life, seq, wall, kind, search, previous, body)
     VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (cluster, server, life, seq) DO NOTHING`,
  );
  const newestLife = database.prepare(
    'SELECT max(life) AS life FROM journals WHERE cluster = ? AND server = ?',
  );
  const same = database.prepare(
    'SELECT wall, previous FROM records WHERE cluster = ? AND server = ? AND life = ? AND seq = ?',
  );
  const reach = database.prepare(
    `INSERT INTO journals (cluster, server, life, first, last, held) VALUES (?,?,?,?,?,1)
     ON CONFLICT (cluster, server, life) DO UPDATE SET
       first = min(first, excluded.first), last = max(last, excluded.last), held = held + 1`,
  );
  return ({ cluster, server }, records) => {
    let life = Number(newestLife.get(cluster, server)?.['life'] ?? 1);
    for (const record of records) {
      const held = same.get(cluster, server, life, record.seq);
      // The same number with another past: the agent was installed anew and began a new journal.
      if (held !== undefined && !sameRecord(held, record)) life += 1;
      const search = [record.sentence, record.ruleId, record.requestedBy, record.step, record.operation]
        .join(' ')
        .toLowerCase();
      const { changes } = insert.run(
        ...[cluster, server, life, record.seq, record.wallTime, record.kind],
        ...[search, record.previous, JSON.stringify(record)],
      );
      if (changes > 0) reach.run(cluster, server, life, record.seq, record.seq);
    }
  };
}

function sameRecord(held: Record<string, unknown>, record: JournalRecord): boolean {
  return held['previous'] === record.previous && held['wall'] === record.wallTime;
}

function isWhole(
  database: DatabaseSync,
  { cluster, server }: JournalName,
  { from, to }: { readonly from: string; readonly to: string },
): boolean {
  const one = (query: string, ...values: (string | number)[]) =>
    database.prepare(query).all(cluster, server, ...values)[0];
  const before =
    one(
      `SELECT life, seq FROM records INDEXED BY by_time WHERE cluster = ? AND server = ? AND wall <= ?
       ORDER BY wall DESC, life DESC, seq DESC LIMIT 1`,
      from,
    ) ??
    one(
      'SELECT life, first AS seq FROM journals WHERE cluster = ? AND server = ? AND life = 1 AND first = 1',
    );
  if (before === undefined) return false;
  const [life, first] = [Number(before['life']), Number(before['seq'])];
  const after = one(
    `SELECT seq FROM records WHERE cluster = ? AND server = ? AND life = ? AND seq >= ? AND wall > ?
     ORDER BY seq LIMIT 1`,
    ...[life, first, to],
  );
  const newest = one(
    'SELECT life, last FROM journals WHERE cluster = ? AND server = ? ORDER BY life DESC LIMIT 1',
  );
  // A journal that was begun anew does not tell how far the one before went.
  if (after === undefined && Number(newest?.['life']) !== life) return false;
  const last = Number(after?.['seq'] ?? newest?.['last']);
  const held = one(
    'SELECT count(*) AS held FROM records WHERE cluster = ? AND server = ? AND life = ? AND seq BETWEEN ? AND ?',
    ...[life, first, last],
  );
  return Number(held?.['held']) === last - first + 1;
}

const gapQuery = `
  SELECT cluster, server, sum(last - first + 1 - held) AS missing FROM journals
  GROUP BY cluster, server HAVING missing > 0`;

function gapOf(row: Record<string, unknown>) {
  const { cluster, server, missing } = row;
  return { cluster: String(cluster), server: String(server), missing: Number(missing) };
}

function spansOf(
  database: DatabaseSync,
  { from, to, clusters }: Pick<HistorySearch, 'from' | 'to' | 'clusters'>,
): JournalSpan[] {
  const found = database
    .prepare(
      `SELECT f.cluster, f.server, f.life, f.first, f.last, j.first AS heldFirst, j.last AS heldLast FROM
         (SELECT cluster, server, life, min(seq) AS first, max(seq) AS last FROM records INDEXED BY by_time
          WHERE wall >= ? AND wall < ? GROUP BY cluster, server, life) AS f
       JOIN journals AS j USING (cluster, server, life) ORDER BY f.cluster, f.server, f.life`,
    )
    .all(from ?? '', to ?? '~');
  return found
    .map((row) => ({
      cluster: String(row['cluster']),
      server: String(row['server']),
      life: Number(row['life']),
      first: Number(row['first']),
      last: Number(row['last']),
      heldFirst: Number(row['heldFirst']),
      heldLast: Number(row['heldLast']),
    }))
    .filter(({ cluster }) => clusters.length === 0 || clusters.includes(cluster));
}

/** Bodies were written by `add` from parsed records. */
function recordOf(row: Record<string, unknown>): JournalRecord {
  return JSON.parse(String(row['body'])) as JournalRecord;
}
