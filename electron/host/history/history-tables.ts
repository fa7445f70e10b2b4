import { DatabaseSync } from 'node:sqlite';

/** Version of the tables. */
const tablesVersion = 3;
/** The version before had the same records and other indexes: it is brought up, not read anew. */
const versionBefore = 2;

/**
 * `by_time` holds everything that a search looks at, so that a search over a long past reads no body but those that it
 * answers; `journals` tells how far each journal reaches without counting its records.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS records (
    cluster TEXT NOT NULL, server TEXT NOT NULL, life INTEGER NOT NULL, seq INTEGER NOT NULL,
    wall TEXT NOT NULL, kind TEXT NOT NULL, search TEXT NOT NULL, previous TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (cluster, server, life, seq)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS journals (
    cluster TEXT NOT NULL, server TEXT NOT NULL, life INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, held INTEGER NOT NULL,
    PRIMARY KEY (cluster, server, life)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS by_time ON records (wall, cluster, server, life, seq, kind, search);
  CREATE INDEX IF NOT EXISTS by_kind ON records (kind, cluster, server, wall);
  CREATE INDEX IF NOT EXISTS by_kind_and_time ON records (kind, wall, cluster, server, life, seq);
  PRAGMA user_version = ${tablesVersion};
`;

const fromBefore = `
  DROP INDEX IF EXISTS by_time;
  ${tables}
  INSERT OR REPLACE INTO journals
    SELECT cluster, server, life, min(seq), max(seq), count(*) FROM records GROUP BY cluster, server, life;
`;

/** Opens the tables, making or bringing them up. Throws for a file that is none, or of a version not known here. */
export function openHistoryTables(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > 0 && version !== versionBefore && version !== tablesVersion) {
      throw new Error(`history of version ${version}`);
    }
    if (version !== tablesVersion) {
      database.exec(`BEGIN IMMEDIATE; ${version === versionBefore ? fromBefore : tables} COMMIT;`);
    }
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}
