import type { JournalRecord, RoleTold } from '../../../shared/agent-api/journal-record.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../../shared/console-ipc/console-contract.ts';
import type { HistoryDatabase } from './history-database.ts';
import type { HistoryKeeper } from './history-keeper.ts';

/** More changes of role than a page can draw; the oldest are left out. */
const rolesAtMost = 5_000;

/** What an open site keeps of its past. */
export interface SiteHistory {
  readonly database: HistoryDatabase;
  readonly keeper: Pick<HistoryKeeper, 'progress' | 'stop'>;
}

/** One page of the timeline. */
export function readTimeline(
  { text, ...search }: Omit<ConsoleRequest<'readTimeline'>, 'source'>,
  { database }: Pick<SiteHistory, 'database'>,
): ConsoleResponse<'readTimeline'> {
  const { records, end } = database.page({ ...search, words: wordsIn(text) });
  return { records, end: end === null ? null : [...end] };
}

/** How much a search finds, with the roles of its window and how far the journals are read. */
export function readTimelineOverview(
  { text, ...request }: Omit<ConsoleRequest<'readTimelineOverview'>, 'source'>,
  { database, keeper }: SiteHistory,
  now: string,
): ConsoleResponse<'readTimelineOverview'> {
  const { from, clusters } = request;
  const search = { ...request, limit: rolesAtMost, skip: 0 };
  const roles = database.find({ ...search, kinds: ['role'], words: [] });
  const before = from === null ? [] : database.lastBefore(from, 'role');
  const gaps = database.gaps();
  return {
    total: database.count({ ...search, words: wordsIn(text) }),
    oldest: database.oldest(),
    roles: [
      ...roles,
      ...before.filter(({ cluster }) => clusters.length === 0 || clusters.includes(cluster)),
    ].map(roleTold),
    now,
    journals: keeper.progress().map((journal) => ({
      ...journal,
      missing:
        gaps.find((gap) => gap.cluster === journal.cluster && gap.server === journal.server)?.missing ?? 0,
    })),
  };
}

/** A long past has thousands of them: the page gets what it draws and no more. */
function roleTold({ cluster, server, wallTime, seq, kind, verdict, epoch }: JournalRecord): RoleTold {
  return { cluster, server, wallTime, seq, kind, verdict, epoch };
}

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
