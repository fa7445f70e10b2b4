import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import { siteThen } from '../../shared/history/site-then.ts';
import { fixtures } from '../screens/fixtures.ts';
import { journalRecord } from '../unit/host/history/journal-record.ts';
import { openPage } from './open-page.tsx';

type TimelineRequest = ConsoleRequest<'readTimeline'>;
type Overview = ConsoleResponse<'readTimelineOverview'>;

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function role(server: string, minutes: number, verdict: string, epoch: number): JournalRecord {
  return journalRecord(1, { server, kind: 'role', verdict, epoch, wallTime: minutesAgo(minutes) });
}

/** A host whose history is these records, newest first. */
export function history(records: readonly JournalRecord[], changes: Partial<Overview> = {}) {
  return {
    readTimeline: (request: unknown): ConsoleResponse<'readTimeline'> => {
      const { skip, limit, before } = request as TimelineRequest;
      const first = before === null ? 0 : records.findIndex(({ seq }) => seq === before[4]) + 1;
      const page = records.slice(first + skip, first + skip + limit);
      const last = page.at(-1);
      return { records: page, end: last ? [last.wallTime, last.cluster, last.server, 1, last.seq] : null };
    },
    readInstant: (request: unknown) => siteThen([], (request as { at: string }).at, null),
    readTimelineOverview: (): Overview => ({
      total: records.length,
      oldest: records.at(-1)?.wallTime ?? null,
      roles: [
        role('ig-north', 500, 'active', 1),
        role('ig-south', 500, 'passive', 0),
        role('ig-south', 20, 'active', 2),
      ],
      now: minutesAgo(0),
      journals: [],
      ...changes,
    }),
  };
}

type Answers = ReturnType<typeof history>;

/** Opens the timeline in front of it. */
export const openTimeline = (answers: Partial<Record<keyof Answers, (request: unknown) => unknown>>) =>
  openPage({ snapshot: fixtures.healthy(), hash: '#/timeline', answers });
