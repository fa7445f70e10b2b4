import type { ConsoleHandlers } from '../../../shared/console-ipc/console-contract.ts';
import { describeCause } from '../host-log.ts';
import { CallFailure, callFailure } from '../ipc/call-failure.ts';
import { readTimeline, readTimelineOverview, type SiteHistory } from './read-timeline.ts';

export interface HistoryParts {
  /** Of the site that is open. Throws while none is; rejects when its history cannot be kept. */
  history(): Promise<SiteHistory>;
  wallTime(): string;
}

/** What the page asks of the history. */
export function historyHandlers({ history, wallTime }: HistoryParts) {
  const opened = () => history().catch(noHistory);
  return {
    readTimeline: async (request) => readTimeline(request, await opened()),
    readTimelineOverview: async (request) => readTimelineOverview(request, await opened(), wallTime()),
  } satisfies Partial<ConsoleHandlers>;
}

function noHistory(cause: unknown): never {
  if (cause instanceof CallFailure) throw cause;
  const why = describeCause(cause).split('\n')[0]!;
  throw callFailure('history.unavailable', 'The history of this site could not be opened.', [why]);
}
