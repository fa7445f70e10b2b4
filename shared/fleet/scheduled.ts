import type { ScheduledMove } from '../scheduling/scheduled-move.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** A move that a member keeps for a time of its own, or the last one that came to nothing. */
export interface Scheduled {
  readonly member: MemberSight;
  readonly move: ScheduledMove;
}

/** What waits; else what was skipped under the present epoch or the one before, so that nobody misses it. Null: neither. */
export function scheduledNow(sight: ClusterSight): Scheduled | null {
  const kept = sight.members.flatMap((member) =>
    member.snapshot?.schedule === undefined ? [] : [{ member, move: member.snapshot.schedule }],
  );
  const waiting = kept.find(({ move }) => move.state === 'waiting');
  return waiting ?? kept.find(({ move }) => move.state === 'skipped') ?? null;
}
