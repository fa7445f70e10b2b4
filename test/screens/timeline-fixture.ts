import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import { siteDifference } from '../../shared/history/site-difference.ts';
import { siteThen, type SiteThen } from '../../shared/history/site-then.ts';
import { journalFixture } from './journal-fixture.ts';

const minute = 60_000;

/** The journal of a switchover 12 minutes ago, and what was quiet before it. */
export function timelineFixture(
  request: ConsoleRequest<'readTimeline'>,
  nowMs: number,
): ConsoleResponse<'readTimeline'> {
  const fits = found(request, nowMs);
  const first = Math.max(0, fits.findIndex(({ wallTime }) => wallTime === request.before?.[0]) + 1);
  const records = fits.slice(first + request.skip, first + request.skip + request.limit);
  const last = records.at(-1);
  return { records, end: last ? [last.wallTime, last.cluster, last.server, 1, last.seq] : null };
}

/** How much there is of it, with the roles of both clusters over some days. */
export function timelineOverviewFixture(
  request: ConsoleRequest<'readTimelineOverview'>,
  nowMs: number,
): ConsoleResponse<'readTimelineOverview'> {
  return {
    total: found(request, nowMs).length,
    oldest: recordsOf([], nowMs).at(-1)?.wallTime ?? null,
    roles: rolesFixture(nowMs),
    now: new Date(nowMs).toISOString(),
    journals: [],
  };
}

/** Of the kinds and the stretch that are asked for. */
function found(
  { kinds, from, to }: Pick<ConsoleRequest<'readTimelineOverview'>, 'kinds' | 'from' | 'to'>,
  nowMs: number,
): JournalRecord[] {
  return recordsOf(kinds, nowMs).filter(
    ({ wallTime }) => (from === null || wallTime >= from) && (to === null || wallTime < to),
  );
}

function recordsOf(kinds: readonly JournalRecord['kind'][], nowMs: number): JournalRecord[] {
  const ago = (ms: number) => new Date(nowMs - ms).toISOString();
  const records = [
    ...journalFixture().records.map((record, index) => ({
      ...record,
      wallTime: ago(12 * minute + index * 1_200),
      bootMs: 9_000_000 - index * 1_200,
    })),
    ...Array.from({ length: 40 }, (_, index) => quiet(index, ago(31 * minute + index * 9 * minute))),
  ];
  return records.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
}

/** The site at an instant, told from the same roles and records. */
export function instantFixture(at: string, nowMs: number): SiteThen {
  return siteThen([...rolesFixture(nowMs), ...recordsOf([], nowMs)], at, null);
}

/** What changed between two instants, told from the same. */
export function differenceFixture(
  { one, other }: ConsoleRequest<'readDifference'>,
  nowMs: number,
): ConsoleResponse<'readDifference'> {
  const [before, after] = [one, other].toSorted().map((at) => instantFixture(at, nowMs));
  return {
    ...{ before: before!, after: after!, leftOut: 0 },
    difference: siteDifference(before!, after!, recordsOf([], nowMs)),
  };
}

/** A bundle of the same records, one server of which could not be reached when it was made. */
export function bundleFixture(nowMs: number): ConsoleResponse<'openBundle'> {
  const records = recordsOf([], nowMs);
  const chain = { life: 1, verdict: 'unbroken', breaks: [], breakCount: 0, unchecked: 0, gaps: [] } as const;
  return {
    ...{ id: 'bundle-1', fileName: 'ixha-support-clinic.tar.gz', site: 'clinic', productVersion: '0.1.0' },
    ...{ madeAt: new Date(nowMs).toISOString(), records: records.length },
    ...{ from: records.at(-1)?.wallTime ?? null, to: records[0]?.wallTime ?? null },
    members: [
      { cluster: 'WK1', server: 'ig-north' },
      { cluster: 'WK1', server: 'ig-south' },
    ],
    chains: [{ ...chain, cluster: 'WK1', server: 'ig-south', records: 412, first: 1, last: 412 }],
    lacks: ['Missing from ig-north: its journals. The server did not answer.'],
  };
}

function rolesFixture(nowMs: number): JournalRecord[] {
  const role = (server: string, cluster: string, verdict: string, epoch: number, agoMs: number) => ({
    ...quiet(1, new Date(nowMs - agoMs).toISOString()),
    ...{ server, cluster, verdict, epoch, kind: 'role' as const },
  });
  return [
    role('ig-north', 'WK1', 'active', 45, 3_000 * minute),
    role('ig-south', 'WK1', 'passive', 45, 3_000 * minute),
    role('ig-north', 'WK1', 'passive', 45, 700 * minute),
    role('ig-south', 'WK1', 'active', 46, 700 * minute),
    role('ig-south', 'WK1', 'passive', 46, 300 * minute),
    role('ig-north', 'WK1', 'active', 47, 300 * minute),
    role('ig-north', 'WK1', 'passive', 47, 12 * minute),
    role('ig-south', 'WK1', 'active', 48, 12 * minute - 10_400),
    role('ig-north', 'WK2', 'passive', 31, 3_000 * minute),
    role('ig-south', 'WK2', 'active', 31, 3_000 * minute),
  ];
}

function quiet(index: number, wallTime: string): JournalRecord {
  const alarm = index % 13 === 5;
  return {
    seq: 400 - index,
    wallTime,
    bootMs: 8_000_000 - index * 1_000,
    cluster: index % 2 === 0 ? 'WK1' : 'WK2',
    server: index % 3 === 0 ? 'ig-north' : 'ig-south',
    epoch: 47,
    kind: alarm ? 'alarm' : 'decision',
    ruleId: alarm ? 'R14' : 'R33',
    verdict: null,
    sentence: alarm
      ? 'Guard 2 missed a beat and was started again.'
      : 'ig-north stays Active: it holds the lease of epoch 47, its engine answers, and both guards beat.',
    requestedBy: null,
    step: null,
    result: null,
    operation: null,
    tookMs: null,
    previous: '',
  };
}
