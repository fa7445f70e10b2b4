import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';

const dayMs = 24 * 60 * 60 * 1000;
const mostKept = 200;

/** Operations of one cluster as last seen, by id, each with the instant its ages count from. */
export type OperationHistory = ReadonlyMap<
  string,
  { readonly seenAt: number; readonly record: OperationRecord }
>;

export const emptyHistory: OperationHistory = new Map();

/** Adds what is reported now and forgets what began more than a day ago. `now` in host milliseconds. */
export function remember(
  history: OperationHistory,
  reported: readonly OperationRecord[],
  now: number,
): OperationHistory {
  const all = new Map(history);
  for (const record of reported) all.set(record.id, { seenAt: now, record });
  const recent = [...all].filter(([, { seenAt, record }]) => now - seenAt + record.startedAgoMs <= dayMs);
  return new Map(recent.slice(-mostKept));
}

/**
 * The history as it stands now, newest first. An operation that was running when it was last reported,
 * and that no member reports any more, is unknown.
 */
export function recall(
  history: OperationHistory,
  reportedIds: ReadonlySet<string>,
  now: number,
): OperationRecord[] {
  return [...history.values()]
    .map(({ seenAt, record }) => {
      const aged = later(record, now - seenAt);
      return record.state === 'running' && !reportedIds.has(record.id) ? forgotten(aged) : aged;
    })
    .sort((one, other) => one.startedAgoMs - other.startedAgoMs);
}

function later(record: OperationRecord, byMs: number): OperationRecord {
  if (byMs === 0) return record;
  const steps = record.steps.map((step) => ({
    ...step,
    startedAgoMs: step.startedAgoMs === null ? null : step.startedAgoMs + byMs,
  }));
  return { ...record, startedAgoMs: record.startedAgoMs + byMs, steps };
}

function forgotten(record: OperationRecord): OperationRecord {
  return {
    ...record,
    state: 'unknown',
    sentence: 'The outcome is not known: no member reports this operation any more. See the journal.',
  };
}
