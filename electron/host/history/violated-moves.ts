import type { DatabaseSync } from 'node:sqlite';
import type { ViolatedMove } from '../../../shared/reminders/reminders.ts';
import { openViolations } from '../../../shared/verification/carry-over.ts';
import type { VerificationLooks } from './verification-looks.ts';

/** Older moves than these are the past: they are looked at on the timeline. */
const movesLookedAt = 10;

/** Moves with a line VIOLATED that nobody has signed. Reads them anew only when something was added to the book. */
export function violatedMoves(
  database: DatabaseSync,
  pages: VerificationLooks,
): (clusters: readonly string[]) => ViolatedMove[] {
  const size = database.prepare(
    'SELECT (SELECT count(*) FROM looks) AS looks, (SELECT count(*) FROM said) AS said',
  );
  const newestMoves = database.prepare(
    'SELECT operation FROM looks WHERE cluster = ? GROUP BY operation ORDER BY max(epoch) DESC LIMIT ?',
  );
  let read = { of: '', moves: [] as ViolatedMove[] };
  return (clusters) => {
    const of = JSON.stringify([size.get(), clusters]);
    if (read.of === of) return read.moves;
    const moves = clusters.flatMap((cluster) =>
      newestMoves
        .all(cluster, movesLookedAt)
        .flatMap(({ operation }) => violatedMove(pages, cluster, String(operation)) ?? []),
    );
    read = { of, moves: moves.toSorted((one, other) => other.checkedAt.localeCompare(one.checkedAt)) };
    return read.moves;
  };
}

function violatedMove(pages: VerificationLooks, cluster: string, operation: string): ViolatedMove | null {
  const { looks, signed } = pages.looks(cluster, operation);
  const open = openViolations(looks, signed);
  const newest = looks.at(-1);
  if (newest === undefined || open.length === 0) return null;
  const { epoch } = newest.verification.move;
  const checkedAt = open.map(({ at }) => at).reduce((one, other) => (other > one ? other : one));
  return { cluster, operation, epoch, checkedAt, lines: open.map(({ line }) => `${line.id} ${line.title}`) };
}
