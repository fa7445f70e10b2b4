import type { DatabaseSync } from 'node:sqlite';

/** All of it or nothing, and nobody else writes meanwhile, in this program or another. */
export function inOneTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (cause) {
    database.exec('ROLLBACK');
    throw cause;
  }
}
