import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeJournals } from '../../../../electron/host/journal/merge-journals.ts';
import type { JournalRecord } from '../../../../shared/agent-api/journal-record.ts';

function record(server: string, seq: number, epoch: number, second: number): JournalRecord {
  return {
    seq,
    wallTime: `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`,
    bootMs: 0,
    cluster: 'WK1',
    server,
    epoch,
    kind: 'decision',
    ruleId: null,
    verdict: null,
    sentence: '',
    requestedBy: null,
    step: null,
    result: null,
    operation: null,
    tookMs: null,
    previous: '',
  };
}
const names = (records: readonly JournalRecord[]) => records.map(({ server, seq }) => `${server}${seq}`);

test('merges two journals, newest first', () => {
  const north = [record('n', 1, 1, 10), record('n', 2, 1, 30)];
  const south = [record('s', 1, 1, 20), record('s', 2, 1, 40)];
  expect(names(mergeJournals([north, south], 10))).toEqual(['s2', 'n2', 's1', 'n1']);
});

test('puts a higher epoch first, whatever the clocks say', () => {
  const north = [record('n', 1, 5, 50)];
  const south = [record('s', 1, 6, 10)];
  expect(names(mergeJournals([north, south], 10))).toEqual(['s1', 'n1']);
});

test('keeps the order of each journal, whatever its clock did, and the limit', () => {
  const anyJournal = (server: string) =>
    fc.array(fc.record({ second: fc.nat(59), raises: fc.boolean() }), { maxLength: 20 }).map((lines) => {
      let epoch = 1;
      return lines.map(({ second, raises }, index) => {
        epoch += raises ? 1 : 0;
        return record(server, index + 1, epoch, second);
      });
    });
  fc.assert(
    fc.property(anyJournal('n'), anyJournal('s'), fc.integer({ min: 1, max: 50 }), (north, south, limit) => {
      const merged = mergeJournals([north, south], limit);
      expect(merged.length).toBe(Math.min(limit, north.length + south.length));
      for (const server of ['n', 's']) {
        const seqs = merged.filter((line) => line.server === server).map(({ seq }) => seq);
        expect(seqs).toEqual([...seqs].sort((one, other) => other - one));
      }
    }),
  );
});
