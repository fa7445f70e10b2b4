import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import { otherCluster } from '../../../shared/verification/members-seen.ts';
import { moveOf } from '../../../shared/verification/moves.ts';
import { written } from '../history/journals.ts';
import { goodMove } from './a-move.ts';

/**
 * Goal: what another cluster did is told as within a move or not by the clock of the server that wrote it. Method: the
 * switchover of WK1 from ig-north to ig-south, one change of WK2 beside it, and ig-south's clock put apart.
 */
const yearMs = 365 * 24 * 3_600_000;
const apart = [-yearMs, -90_000, -4_000, 0, 4_000, 90_000, yearMs];
const members = ['ig-north', 'ig-south'] as const;

const dated = (record: JournalRecord, ms: number): JournalRecord =>
  record.server === 'ig-south'
    ? { ...record, wallTime: new Date(Date.parse(record.wallTime) + ms).toISOString() }
    : record;
const changeOn = (server: 'ig-north' | 'ig-south', atMs: number): JournalRecord => ({
  ...written(server, atMs, 'role', `${server} is Active with epoch 9.`, { verdict: 'active' }),
  cluster: 'WK2',
});

function told(change: JournalRecord, ms = 0, records: readonly JournalRecord[] = goodMove().records) {
  const moved = records.map((record) => dated(record, ms));
  const move = moveOf(moved, goodMove().move.operation, members)!;
  const now = { active: 'ig-north', missing: null };
  return otherCluster('WK2', { records: [dated(change, ms)], moved }, move, now);
}

describe('a change of another cluster', () => {
  it.each(apart)('within a planned move is one of that time, with clocks %i ms apart', (ms) => {
    for (const change of [
      changeOn('ig-north', 50_200),
      changeOn('ig-north', 56_000),
      changeOn('ig-south', 51_000),
    ])
      expect(told(change, ms)).toMatchObject({ changes: [{ cluster: 'WK2' }], missing: null });
  });

  it.each(apart)('before or after it is none, with clocks %i ms apart', (ms) => {
    for (const server of members)
      for (const atMs of [40_000, 60_000])
        expect(told(changeOn(server, atMs), ms)).toMatchObject({ changes: [], missing: null });
  });

  it('of a takeover that only the taker tells of cannot be placed on the other server', () => {
    const alone = goodMove().records.filter(
      ({ server, operation }) => server === 'ig-south' || operation !== goodMove().move.operation,
    );
    expect(told(changeOn('ig-south', 55_000), 0, alone).changes).toHaveLength(1);
    const other = told(changeOn('ig-north', 55_000), 0, alone);
    expect(other).toMatchObject({ changes: [] });
    expect(other.missing).toContain('the clocks of two servers are not compared');
    expect(told(changeOn('ig-north', 600_000), 0, alone)).toMatchObject({ changes: [], missing: null });
  });
});
