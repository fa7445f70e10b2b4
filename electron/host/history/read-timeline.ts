import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { HistoryDatabase, HistorySearch } from './history-database.ts';
import type { HistoryKeeper } from './history-keeper.ts';

/** More changes of role than a page can draw; the oldest are left out. */
const rolesAtMost = 5_000;

/** What an open site keeps of its past. */
export interface SiteHistory {
  readonly database: HistoryDatabase;
  readonly keeper: HistoryKeeper;
}

/** One page of the timeline, with the roles of its window. */
export function readTimeline(
  request: ConsoleRequest<'readTimeline'>,
  { database, keeper }: SiteHistory,
  now: string,
): ConsoleResponse<'readTimeline'> {
  const { from, to, clusters, kinds, limit, skip } = request;
  const words = request.text.split(/\s+/).filter((word) => word !== '');
  const search: HistorySearch = { from, to, clusters, kinds, words, limit, skip };
  const roles = database.find({ ...search, kinds: ['role'], words: [], limit: rolesAtMost, skip: 0 });
  const before = from === null ? [] : database.lastBefore(from, 'role');
  const gaps = database.gaps();
  return {
    records: database.find(search),
    total: database.count(search),
    roles: [...roles, ...before.filter(({ cluster }) => clusters.length === 0 || clusters.includes(cluster))],
    now,
    journals: keeper.progress().map((journal) => ({
      ...journal,
      missing:
        gaps.find((gap) => gap.cluster === journal.cluster && gap.server === journal.server)?.missing ?? 0,
    })),
  };
}
