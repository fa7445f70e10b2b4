import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { inOneTransaction } from './in-one-transaction.ts';
import { keepAside } from '../settings/keep-aside.ts';

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
  count(search: HistorySearch): number;
  /** The last record of each kind and journal before an instant: what was true then. */
  lastBefore(wallTime: string, kind: JournalRecord['kind']): JournalRecord[];
  /** Journals that lack records in the middle, because their agent had let go of them before they were read. */
  gaps(): { readonly server: string; readonly cluster: string; readonly missing: number }[];
  close(): void;
}

export interface JournalName {
  readonly cluster: string;
  readonly server: string;
}

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
}

/** Version of the tables. Another one in the file: the cache is read anew. */
const tablesVersion = 2;

const tables = `
  CREATE TABLE IF NOT EXISTS records (
    cluster TEXT NOT NULL, server TEXT NOT NULL, life INTEGER NOT NULL, seq INTEGER NOT NULL,
    wall TEXT NOT NULL, kind TEXT NOT NULL, search TEXT NOT NULL, previous TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (cluster, server, life, seq)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS by_time ON records (wall);
  CREATE INDEX IF NOT EXISTS by_kind ON records (kind, cluster, server, wall);
  PRAGMA user_version = ${tablesVersion};
`;

/**
 * Opens the history at `path` (`:memory:` for none on disk). `stamp` names what a damaged file is kept as.
 * Throws only when even a new one cannot be made (no space, no right to write).
 */
export function openHistoryDatabase(path: string, stamp: string): HistoryDatabase {
  try {
    return historyOver(openTables(path));
  } catch (cause) {
    if (path === ':memory:' || !existsSync(path)) throw cause;
    keepAside(path, stamp);
    return historyOver(openTables(path));
  }
}

function openTables(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version !== 0 && version !== tablesVersion) throw new Error(`history of version ${version}`);
    database.exec(tables);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function historyOver(database: DatabaseSync): HistoryDatabase {
  const insert = database.prepare(
    `INSERT INTO records (cluster, server, life, seq, wall, kind, search, previous, body)
     VALUES (?,?,?,?,?,?,?,?,?) ON CONFLICT (cluster, server, life, seq) DO NOTHING`,
  );
  const newest = database.prepare(
    'SELECT life, seq FROM records WHERE cluster = ? AND server = ? ORDER BY life DESC, seq DESC LIMIT 1',
  );
  const same = database.prepare(
    'SELECT wall, previous FROM records WHERE cluster = ? AND server = ? AND life = ? AND seq = ?',
  );
  const lifeOf = ({ cluster, server }: JournalName) => Number(newest.get(cluster, server)?.['life'] ?? 1);

  const addAll = ({ cluster, server }: JournalName, records: readonly JournalRecord[]) => {
    let life = lifeOf({ cluster, server });
    for (const record of records) {
      const held = same.get(cluster, server, life, record.seq);
      // The same number with another past: the agent was installed anew and began a new journal.
      if (held !== undefined && !sameRecord(held, record)) life += 1;
      const search = [record.sentence, record.ruleId, record.requestedBy, record.step, record.operation]
        .join(' ')
        .toLowerCase();
      const body = JSON.stringify(record);
      insert.run(
        ...[cluster, server, life, record.seq, record.wallTime, record.kind],
        ...[search, record.previous, body],
      );
    }
  };
  return {
    add: (journal, records) => inOneTransaction(database, () => addAll(journal, records)),
    head: ({ cluster, server }) => Number(newest.get(cluster, server)?.['seq'] ?? 0),
    find: (search) => {
      const { where, values } = conditions(search);
      const rows = database
        .prepare(
          `SELECT body FROM records ${where} ORDER BY wall DESC, cluster, server, life DESC, seq DESC LIMIT ? OFFSET ?`,
        )
        .all(...values, search.limit, search.skip);
      return rows.map(recordOf);
    },
    count: (search) => {
      const { where, values } = conditions(search);
      return Number(
        database.prepare(`SELECT count(*) AS n FROM records ${where}`).get(...values)?.['n'] ?? 0,
      );
    },
    lastBefore: (wallTime, kind) =>
      database
        .prepare(`SELECT body, max(wall) FROM records WHERE kind = ? AND wall < ? GROUP BY cluster, server`)
        .all(kind, wallTime)
        .map(recordOf),
    gaps: () => database.prepare(gapQuery).all().map(gapOf),
    close: () => database.close(),
  };
}

function sameRecord(held: Record<string, unknown>, record: JournalRecord): boolean {
  return held['previous'] === record.previous && held['wall'] === record.wallTime;
}

function conditions(search: HistorySearch): { where: string; values: SQLInputValue[] } {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const oneOf = (column: string, wanted: readonly string[]) => {
    if (wanted.length === 0) return;
    parts.push(`${column} IN (${wanted.map(() => '?').join(',')})`);
    values.push(...wanted);
  };
  if (search.from !== null) {
    parts.push('wall >= ?');
    values.push(search.from);
  }
  if (search.to !== null) {
    parts.push('wall < ?');
    values.push(search.to);
  }
  oneOf('cluster', search.clusters);
  oneOf('kind', search.kinds);
  for (const word of search.words) {
    parts.push('instr(search, ?) > 0');
    values.push(word.toLowerCase());
  }
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

const gapQuery = `
  SELECT cluster, server, sum(whole - held) AS missing FROM
    (SELECT cluster, server, max(seq) - min(seq) + 1 AS whole, count(*) AS held
     FROM records GROUP BY cluster, server, life)
  GROUP BY cluster, server HAVING missing > 0`;

function gapOf(row: Record<string, unknown>) {
  const { cluster, server, missing } = row;
  return { cluster: String(cluster), server: String(server), missing: Number(missing) };
}

/** Bodies were written by `add` from parsed records. */
function recordOf(row: Record<string, unknown>): JournalRecord {
  return JSON.parse(String(row['body'])) as JournalRecord;
}
