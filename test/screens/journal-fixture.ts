import type { ConsoleResponse } from '../../shared/console-ipc/console-contract.ts';
import type { JournalRecord } from '../../shared/agent-api/journal-record.ts';

const took: Readonly<Record<string, number>> = {
  'start-engine': 940,
  acquire: 110,
  'stop-engine': 880,
};

/** A switchover and the quiet before it, as both members wrote it down; newest first. */
export function journalFixture(): ConsoleResponse<'readJournal'> {
  const lines: [
    string,
    JournalRecord['kind'],
    string,
    string | null,
    string | null,
    JournalRecord['result'],
  ][] = [
    [
      'ig-south',
      'decision',
      'ig-south stays Active: it holds the lease of epoch 48, its engine answers, and both guards beat.',
      'R33',
      null,
      null,
    ],
    ['ig-south', 'step', 'Step start-pollers: 3 of 3 on.', 'R26', 'start-pollers', 'ok'],
    ['ig-south', 'step', 'Step open-active: /active answers 200.', 'R26', 'open-active', 'ok'],
    ['ig-south', 'step', 'Step start-engine: API answers in 38 ms.', 'R24', 'start-engine', 'ok'],
    ['ig-south', 'lease', 'ig-witness granted epoch 48 to ig-south.', 'R60', 'acquire', 'ok'],
    ['ig-north', 'step', 'Step stop-engine: process group empty, unit inactive.', 'R11', 'stop-engine', 'ok'],
    [
      'ig-north',
      'command',
      'Switchover to ig-south, asked for by admin-1: patching ig-north.',
      null,
      null,
      'started',
    ],
    [
      'ig-north',
      'decision',
      'ig-north stays Active: it holds the lease of epoch 47, its engine answers, and both guards beat.',
      'R33',
      null,
      null,
    ],
    ['ig-north', 'guard', 'Guard 2 was started again after a missed beat.', 'R14', null, 'ok'],
  ];
  return {
    records: lines.map(([server, kind, sentence, ruleId, step, result], index) => ({
      seq: 412 - index,
      wallTime: new Date(Date.UTC(2026, 2, 14, 4, 31, 24 - index)).toISOString(),
      bootMs: 9_000_000 - index * 1000,
      cluster: 'WK1',
      server,
      epoch: index < 5 ? 48 : 47,
      kind,
      ruleId,
      verdict: null,
      sentence,
      requestedBy: kind === 'command' ? 'admin-1' : null,
      step,
      result,
      operation: step === null && kind !== 'command' ? null : 'op-20260314-0431',
      tookMs: took[step ?? ''] ?? null,
      previous: '',
    })),
    missing: [],
  };
}
