import { isOpenProof } from '../../../shared/fleet/queue-book.ts';
import { isViolatedForGood } from '../../../shared/verification/carry-over.ts';
import { countsOf, type Verification } from '../../../shared/verification/verification.ts';
import type { VerificationBook } from '../history/verification-book.ts';

export interface FollowedMove {
  readonly book: Pick<VerificationBook, 'latest' | 'keep'>;
  /** The cluster has moved again since: nothing can be seen now that was not seen then. */
  readonly isOver: boolean;
  /** For how long a move may need to settle, in milliseconds. */
  readonly settleWithinMs: number;
  /** Milliseconds since its verification began. */
  readonly sinceMs: () => number;
  readonly isStopped: () => boolean;
  readonly look: () => Promise<Verification>;
  /** Tells what is awaited, and resolves when it is time for the next look. */
  readonly awaiting: (sentence: string) => Promise<void>;
}

/**
 * Looks until nothing is unknown or violated any more, or for as long as a move may need to settle, and keeps the last
 * look. One before it that sees what nothing can mend later is kept as well, at once: two engines that ran at the same
 * time have done so, also when one of them is stopped a second later. So is the one that knew most, where the last
 * knows less, as when the cluster has moved again meanwhile.
 */
export async function followMove(move: FollowedMove): Promise<void> {
  let best: Verification | null = null;
  while (!move.isStopped()) {
    const verification = await move.look();
    if (move.isStopped()) return;
    const { isOver, book } = move;
    const open = verification.lines.find(({ verdict }) => isOpenProof(verdict));
    if (open === undefined || move.sinceMs() >= move.settleWithinMs) {
      if (best !== null && unknownIn(best) < unknownIn(verification)) book.keep(best, { isOver });
      book.keep(verification, { isOver });
      return;
    }
    const awaits = `${open.id} ${open.title}: ${open.evidence}.`;
    const { cluster, operation } = verification.move;
    const told = { ...verification, awaits };
    if (tellsWorse(book.latest(cluster, operation)?.verification ?? null, verification))
      book.keep(told, { isOver });
    if (best === null || unknownIn(verification) <= unknownIn(best)) best = told;
    await move.awaiting(awaits);
  }
}

function unknownIn(verification: Verification): number {
  return countsOf(verification).unknown;
}

/** Whether a line is violated for good of which that is not kept yet. */
function tellsWorse(kept: Verification | null, { lines }: Verification): boolean {
  const known = (kept?.lines ?? []).filter(isViolatedForGood).map(({ id }) => id);
  return lines.some((line) => isViolatedForGood(line) && !known.includes(line.id));
}
