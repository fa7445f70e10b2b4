import type { ClusterUsual } from '../../../shared/history/usual-time.ts';
import { countedChanges, pastChange, usualOf } from '../../../shared/history/usual-times.ts';
import type { SiteSight } from '../../../shared/fleet/sight.ts';
import type { ConsoleSite } from '../console-site.ts';
import type { HistoryDatabase } from './history-database.ts';

/** Commands that are looked through for changes, the newest. */
const commandsAtMost = 1_000;
/** No change takes longer; what led to it was written before. */
const aroundMs = 10 * 60_000;
const recordsAtMost = 500;
/** The other member writes its end a moment later, by its own clock. */
const afterMs = 60_000;

/**
 * What is usual for the changes of one cluster, by its journals as they are here. `except`: a change that is not
 * counted, such as the one that is held against it.
 */
export function usualOfCluster(
  database: HistoryDatabase,
  cluster: string,
  except: string | null = null,
): ClusterUsual {
  const search = { from: null, to: null, clusters: [cluster], words: [], skip: 0 };
  const commands = database.find({ ...search, kinds: ['command'], limit: commandsAtMost });
  const counted = countedChanges(commands.filter(({ operation }) => operation !== except));
  return usualOf(
    counted.flatMap(({ operation, wallTime }) => {
      const endMs = Date.parse(wallTime);
      const records = database.find({
        ...search,
        kinds: [],
        limit: recordsAtMost,
        from: new Date(endMs - aroundMs).toISOString(),
        to: new Date(endMs + afterMs).toISOString(),
      });
      return pastChange(records, operation) ?? [];
    }),
  );
}

/** The site with what is usual for each of its clusters; as it is where the history cannot be read. Never rejects. */
export async function withUsual(sight: SiteSight, site: Pick<ConsoleSite, 'history'>): Promise<SiteSight> {
  try {
    const { database } = await site.history();
    const clusters = sight.clusters.map((one) => ({
      ...one,
      usual: usualOfCluster(database, one.cluster.id),
    }));
    return { ...sight, clusters };
  } catch {
    return sight;
  }
}
