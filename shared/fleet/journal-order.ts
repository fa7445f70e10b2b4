import type { JournalRecord } from '../agent-api/journal-record.ts';

/**
 * Records of several members as one list, newest first. Each member's own order (by `seq`) is kept,
 * whatever its clock did; between members the wall clock decides. The same records always come out in
 * the same order, in whatever order they arrived.
 */
export function newestFirst(records: readonly JournalRecord[]): JournalRecord[] {
  return datedRecords(records)
    .sort(
      (one, other) =>
        compare(other.at, one.at) ||
        compare(one.record.server, other.record.server) ||
        other.record.seq - one.record.seq,
    )
    .map(({ record }) => record);
}

interface Dated {
  readonly record: JournalRecord;
  /** Its time, never before that of the record which its member wrote earlier. */
  readonly at: string;
}

function datedRecords(records: readonly JournalRecord[]): Dated[] {
  const latest = new Map<string, string>();
  return [...records]
    .sort((one, other) => compare(one.server, other.server) || one.seq - other.seq)
    .map((record) => {
      const before = latest.get(record.server) ?? '';
      const at = record.wallTime > before ? record.wallTime : before;
      latest.set(record.server, at);
      return { record, at };
    });
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
