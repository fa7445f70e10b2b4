import type { MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import { verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove, goodPlan } from './a-move.ts';

/** One line of the verification of a move. */
export const lineOf = (e: MoveEvidence, id: string) =>
  verifyMove(e, { site: 'demo', checkedAt: '2026-03-14T04:32:00.000Z' }).lines.find(
    (line) => line.id === id,
  )!;
export const goal = (seconds: number) => ({ seconds, isKnown: true, said: '' });
/** The good move, which takes 5.8 s, with another plan. */
export function planned(worstMs: number, isComplete = true): MoveEvidence {
  const e = goodMove();
  const plan = { ...goodPlan, planned: { ...goodPlan.planned!, worstMs, isComplete } };
  return { ...e, earlier: { ...e.earlier!, plan } };
}
/** The good move with an engine that needs 87.3 s more to start. */
export function slowMove(): MoveEvidence {
  const e = goodMove();
  const moreMs = 87_300;
  const records = e.records.map((record) => {
    const isStart = record.step === 'start-engine' && record.server === 'ig-south';
    if (record.server !== 'ig-south' || record.wallTime < '2026-03-14T04:31:56') return record;
    const wallTime = new Date(Date.parse(record.wallTime) + moreMs).toISOString();
    const { bootMs, tookMs } = record;
    return {
      ...record,
      ...{ wallTime, bootMs: bootMs + moreMs },
      ...(isStart ? { tookMs: (tookMs ?? 0) + moreMs } : {}),
    };
  });
  return { ...e, records };
}
