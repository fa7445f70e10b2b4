import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { siteDifference, type SiteDifference } from '../../../shared/history/site-difference.ts';
import { siteThen, type SiteThen } from '../../../shared/history/site-then.ts';
import type { HistorySource } from './history-sources.ts';

/** Of each journal, the newest up to an instant: enough for what was true then, however long it was quiet. */
const recordsEach = 300;
/** Of each kind between two instants; the newest, and that there are more is told. */
const happenedAtMost = 500;

const tellingKinds: readonly JournalRecord['kind'][] = ['role', 'lease', 'step', 'guard', 'alarm', 'agent'];
/** Words of the records by which a person set something. */
const settingWords = [
  ['asked for', 'maintenance'],
  ['asked for', 'automatic failover'],
] as const;

/** The site at an instant, as the journals of the source tell it. `at`: wall time, ISO 8601 in UTC. */
export function siteAt({ database, members }: HistorySource, at: string): SiteThen {
  // Ends of searches are not included themselves.
  const to = new Date(Date.parse(at) + 1).toISOString();
  const search = { from: null, to, clusters: [], kinds: [], words: [], limit: 20, skip: 0 };
  const records = [
    ...database.lastOfEach(to, recordsEach),
    ...tellingKinds.flatMap((kind) => database.lastBefore(to, kind)),
    ...settingWords.flatMap((words) => database.find({ ...search, kinds: ['command'], words })),
  ];
  return siteThen(eachOnce(records), new Date(at).toISOString(), members);
}

export interface SiteBetween {
  readonly before: SiteThen;
  readonly after: SiteThen;
  readonly difference: SiteDifference;
  /** Changes and alarms between the two that were left out because there are too many. */
  readonly leftOut: number;
}

/** Two instants, whichever is named first, and what changed from the earlier to the later one. */
export function siteBetween(source: HistorySource, one: string, other: string): SiteBetween {
  const [from, to] = Date.parse(one) <= Date.parse(other) ? [one, other] : [other, one];
  const before = siteAt(source, from);
  const after = siteAt(source, to);
  const search = {
    from: before.at,
    to: new Date(Date.parse(after.at) + 1).toISOString(),
    ...{ clusters: [], words: [], limit: happenedAtMost, skip: 0 },
  };
  const kinds: readonly JournalRecord['kind'][] = ['command', 'alarm'];
  const between = kinds.map((kind) => source.database.find({ ...search, kinds: [kind] }));
  const total = kinds.reduce((sum, kind) => sum + source.database.count({ ...search, kinds: [kind] }), 0);
  const leftOut = total - between.reduce((sum, records) => sum + records.length, 0);
  return { before, after, difference: siteDifference(before, after, between.flat()), leftOut };
}

function eachOnce(records: readonly JournalRecord[]): JournalRecord[] {
  const keyed = records.map(
    (record) => [`${record.cluster} ${record.server} ${record.seq} ${record.wallTime}`, record] as const,
  );
  return [...new Map(keyed).values()];
}
