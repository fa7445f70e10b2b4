import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { moveOf, type Move } from '../../../shared/verification/moves.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { HistoryDatabase } from '../history/history-database.ts';
import type { HistorySearch } from '../history/history-search.ts';

const minuteMs = 60_000;
/** Wall times of two servers may differ: what belongs together is looked for generously. */
const before = 30 * minuteMs;
const after = 10 * minuteMs;
const recordsAtMost = 5_000;
/** Changes of role before the window: who was Active before may have been so for months. */
const rolesBefore = 20;
const startsBefore = 5;

const everything: Omit<HistorySearch, 'clusters'> = {
  from: null,
  to: null,
  kinds: [],
  words: [],
  limit: recordsAtMost,
  skip: 0,
};

/** Operations of a cluster that changed who is Active, the newest first, at most `limit`. */
export function recentOperations(database: HistoryDatabase, cluster: string, limit: number): string[] {
  const found = ['acquire', 'force'].flatMap((step) =>
    database
      .find({ ...everything, clusters: [cluster], kinds: ['step'], words: [step], limit: limit * 2 })
      .filter((record) => record.step === step && record.result === 'ok'),
  );
  const ordered = found.sort((one, other) => other.epoch - one.epoch);
  const names = ordered.flatMap(({ operation }) => (operation === null ? [] : [operation]));
  return [...new Set(names)].slice(0, limit);
}

/** Everything that the history has about one operation, and what led to it; oldest first. */
export function recordsOfMove(
  database: HistoryDatabase,
  cluster: string,
  operation: string,
): JournalRecord[] {
  const own = database
    .find({ ...everything, clusters: [cluster], words: [operation] })
    .filter((record) => record.operation === operation);
  if (own.length === 0) return [];
  const walls = own.map(({ wallTime }) => Date.parse(wallTime));
  const from = new Date(Math.min(...walls) - before).toISOString();
  const to = new Date(Math.max(...walls) + after).toISOString();
  const search = { ...everything, clusters: [cluster] };
  const around = database.find({ ...search, from, to });
  const roles = database.find({ ...search, to: from, kinds: ['role'], limit: rolesBefore });
  const starts = database.find({
    ...search,
    to: from,
    kinds: ['step'],
    words: ['start-engine'],
    limit: startsBefore,
  });
  return [...around, ...roles, ...starts]
    .reverse()
    .sort((one, other) => one.wallTime.localeCompare(other.wallTime));
}

/** The move of one operation with its records; null: the history does not tell of it. */
export function moveInHistory(
  database: HistoryDatabase,
  site: SiteDocument,
  cluster: string,
  operation: string,
): { readonly move: Move; readonly records: readonly JournalRecord[] } | null {
  const members = site.clusters.find(({ id }) => id === cluster)?.members.map(({ server }) => server) ?? [];
  const records = recordsOfMove(database, cluster, operation);
  const name = (server: string) => site.servers.find(({ id }) => id === server)?.name ?? server;
  const move = moveOf(records, operation, members, name);
  return move === null ? null : { move, records };
}
