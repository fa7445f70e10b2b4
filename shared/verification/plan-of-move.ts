import type { MoveEvidence } from './move-evidence.ts';
import type { PlannedTime } from './planned-time.ts';

/** What was planned for this move; null: nothing is known of it. */
export function planOfMove({ earlier, move }: Pick<MoveEvidence, 'earlier' | 'move'>): PlannedTime | null {
  if (earlier === null || move.kind === 'rolled-back') return null;
  return move.kind === 'planned' ? earlier.plan.planned : earlier.plan.takeover;
}
