import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';

/**
 * Both members' journals as one list, newest first, at most `limit` long. Each journal keeps its own
 * order (by `seq`), whatever its clock did. Between the two, a higher epoch is newer; within one epoch
 * the wall clock decides, which is good enough for reading and used for nothing else.
 */
export function mergeJournals(
  journals: readonly (readonly JournalRecord[])[],
  limit: number,
): JournalRecord[] {
  const stacks = journals.map((records) => [...records].sort((one, other) => one.seq - other.seq));
  const merged: JournalRecord[] = [];
  while (merged.length < limit) {
    const next = stacks
      .filter((stack) => stack.length > 0)
      .sort(newestFirst)[0]
      ?.pop();
    if (next === undefined) break;
    merged.push(next);
  }
  return merged;
}

function newestFirst(one: readonly JournalRecord[], other: readonly JournalRecord[]): number {
  const left = one.at(-1)!;
  const right = other.at(-1)!;
  return right.epoch - left.epoch || right.wallTime.localeCompare(left.wallTime);
}
