import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import { moveOf } from '../../../shared/verification/moves.ts';
import { verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove, withMember } from './a-move.ts';

/**
 * Goal: clocks of two servers that differ change no verdict. Method: everything that ig-south wrote and told is dated
 * anew, by up to a year in either direction.
 */
const yearMs = 365 * 24 * 3_600_000;
const later = (wallTime: string, ms: number) => new Date(Date.parse(wallTime) + ms).toISOString();

function dated(ms: number, base = goodMove()): MoveEvidence {
  const records = base.records.map((record: JournalRecord) =>
    record.server === 'ig-south' ? { ...record, wallTime: later(record.wallTime, ms) } : record,
  );
  const move = moveOf(records, base.move.operation, ['ig-north', 'ig-south'])!;
  return withMember({ ...base, records, move }, 'ig-south', ({ report }) => ({
    report: report && {
      ...report,
      wallTime: later(report.wallTime, ms),
      ledger: {
        ...report.ledger,
        present: report.ledger.present && {
          ...report.ledger.present,
          wallTime: later(report.ledger.present.wallTime, ms),
        },
      },
    },
  }));
}

const verdicts = (e: MoveEvidence) =>
  verifyMove(e, { site: 'demo', checkedAt: '' }).lines.map(({ id, verdict }) => [id, verdict]);

describe('a move between servers whose clocks differ', () => {
  it('is the same move, from and to the same servers, under the same epochs', () => {
    const { from, active, epoch, epochBefore, kind } = goodMove().move;
    for (const ms of [-yearMs, -90_000, -4_000, 4_000, 90_000, yearMs])
      expect(dated(ms).move).toMatchObject({ from, active, epoch, epochBefore, kind });
  });

  it('has the same verdict in every line', () => {
    const expected = verdicts(goodMove());
    fc.assert(
      fc.property(fc.integer({ min: -yearMs, max: yearMs }), (ms) => {
        expect(verdicts(dated(ms))).toEqual(expected);
      }),
      { numRuns: 100, examples: [[-3_600_000], [-4_000], [4_000], [3_600_000]] },
    );
  });

  it.each([2, 4, 60])('is as much too long, or is not, for a goal of %s s', (seconds) => {
    const e = { ...goodMove(), goal: { seconds, isKnown: true, said: '' } };
    for (const ms of [-yearMs, -90_000, -4_000, 4_000, 90_000, yearMs])
      expect(verdicts(dated(ms, e))).toEqual(verdicts(e));
  });
});
