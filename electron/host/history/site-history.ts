import { join } from 'node:path';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { HostLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import type { SiteWatch } from '../snapshot/site-watch.ts';
import type { SiteHistory } from './read-timeline.ts';

export const historyFile = 'history.sqlite';

/** Opens the history of one profile in the background and keeps it up to date until it is closed. */
export function siteHistory(
  directory: string,
  watch: SiteWatch,
  ask: AskAgent,
  { time, log }: { readonly time: HostTime; readonly log: HostLog },
): { history(): Promise<SiteHistory>; closeHistory(): Promise<void> } {
  const opening = open(directory, watch, ask, time);
  opening.catch((cause: unknown) => log.error('the history of this site cannot be kept', cause));
  return {
    history: () => opening,
    closeHistory: async () => {
      const opened = await opening.catch(() => null);
      opened?.keeper.stop();
      opened?.database.close();
    },
  };
}

async function open(
  directory: string,
  watch: SiteWatch,
  ask: AskAgent,
  time: HostTime,
): Promise<SiteHistory> {
  // Loaded here and not with the console: SQLite is not needed for the first picture.
  const { openHistoryDatabase } = await import('./history-database.ts');
  const { startHistoryKeeper } = await import('./history-keeper.ts');
  const database = openHistoryDatabase(join(directory, historyFile), time.wallTime());
  return { database, keeper: startHistoryKeeper({ database, agents: () => watch.agents(), ask, time }) };
}
