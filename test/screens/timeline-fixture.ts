import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { ConsoleRequest, ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import { journalFixture } from './journal-fixture.ts';

const minute = 60_000;

/** The journal of a switchover 12 minutes ago, and one of yesterday; roles and events of both clusters. */
export function timelineFixture(
  request: ConsoleRequest<'readTimeline'>,
  nowMs: number,
): ConsoleResponse<'readTimeline'> {
  const ago = (ms: number) => new Date(nowMs - ms).toISOString();
  const records = [
    ...journalFixture().records.map((record, index) => ({
      ...record,
      wallTime: ago(12 * minute + index * 1_200),
      bootMs: 9_000_000 - index * 1_200,
    })),
    ...Array.from({ length: 40 }, (_, index) => quiet(index, ago(31 * minute + index * 9 * minute))),
  ];
  const role = (server: string, cluster: string, verdict: string, epoch: number, agoMs: number) => ({
    ...quiet(1, ago(agoMs)),
    ...{ server, cluster, verdict, epoch, kind: 'role' as const },
  });
  const fits = records.filter(({ kind }) => request.kinds.length === 0 || request.kinds.includes(kind));
  return {
    records: fits.slice(request.skip, request.skip + request.limit),
    total: fits.length,
    roles: [
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
    ],
    now: ago(0),
    journals: [],
  };
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
