import type { JournalRecord } from '../../../../shared/agent-api/journal-record.ts';

/** A well-formed record of WK1 on north, written `seq` seconds after a fixed instant. */
export function journalRecord(seq: number, changes: Partial<JournalRecord> = {}): JournalRecord {
  return {
    seq,
    wallTime: new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString(),
    bootMs: seq * 1000,
    cluster: 'WK1',
    server: 'north',
    epoch: 1,
    kind: 'decision',
    ruleId: 'R33',
    verdict: null,
    sentence: `Record ${seq}.`,
    requestedBy: null,
    step: null,
    result: null,
    operation: null,
    tookMs: null,
    previous: `hash of ${seq - 1}`,
    ...changes,
  };
}
