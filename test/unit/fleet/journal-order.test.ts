import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { newestFirst } from '../../../shared/fleet/journal-order.ts';
import { journalFixture } from '../../screens/journal-fixture.ts';

const [sample] = journalFixture().records;

function record(server: string, seq: number, second: number, epoch = 1): JournalRecord {
  const wallTime = `2026-03-14T04:31:${String(second).padStart(2, '0')}.000Z`;
  return { ...sample!, server, seq, wallTime, epoch };
}
const names = (records: readonly JournalRecord[]) => records.map(({ server, seq }) => `${server}${seq}`);

describe('order of the journal', () => {
  it('is newest first when the events of two agents interleave, whatever epoch each knows', () => {
    const north = [record('n', 1, 10, 1), record('n', 2, 30, 1)];
    const south = [record('s', 1, 20, 2), record('s', 2, 40, 2)];
    expect(names(newestFirst([...south, ...north]))).toEqual(['s2', 'n2', 's1', 'n1']);
  });

  it('keeps the order of one agent whose clock was set back', () => {
    const north = [record('n', 1, 50), record('n', 2, 5), record('n', 3, 6)];
    expect(names(newestFirst(north))).toEqual(['n3', 'n2', 'n1']);
  });

  it('is the same however the records arrive', () => {
    const records = Array.from({ length: 12 }, (_, index) =>
      record(index % 3 === 0 ? 'n' : 's', index, Math.floor(index / 4)),
    );
    const wanted = names(newestFirst(records));
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(names(newestFirst(shuffled))).toEqual(wanted);
      }),
    );
  });
});
