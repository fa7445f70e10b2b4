import type { CheckedLine, Verification } from './verification.ts';

/** About what stands now, which the agents tell live: a dead server that is back shall not go on as a problem of its move. */
const linesToldLive: readonly string[] = ['V15', 'V16'];

/** A look as it is kept, by its number. */
export interface NumberedLook {
  readonly look: number;
  readonly verification: Verification;
}

/**
 * A look that is told beside the one before it: what the earlier one knew and this one cannot see is told as it was
 * seen then, with when; and what once spoke against the move for good stays, whatever is seen later. Pure.
 *
 * @param isOver the cluster has moved again since: what stands now says nothing of this move
 */
export function carryOver(before: NumberedLook | null, now: Verification, isOver: boolean): Verification {
  if (before === null) return now;
  const { look, verification } = before;
  const at = verification.checkedAt;
  const lines = now.lines.map((line) => {
    const told = verification.lines.find(({ id }) => id === line.id);
    if (told === undefined || !outweighs(told, line, isOver)) return line;
    const { verdict, evidence } = line;
    const from = told.earlier ?? { look, at };
    return { ...told, earlier: { look: from.look, at: from.at, verdict, evidence } };
  });
  const { ledger } = verification;
  const knowsLess = now.ledger.lines.length === 0 && ledger.lines.length > 0;
  return {
    ...now,
    lines,
    ledger: knowsLess ? { ...ledger, earlier: ledger.earlier ?? { look, at } } : now.ledger,
  };
}

function outweighs(told: CheckedLine, line: CheckedLine, isOver: boolean): boolean {
  if (isViolatedForGood(told)) return !isViolatedForGood(line);
  if (line.verdict !== 'unknown' || told.verdict === 'unknown') return false;
  return told.verdict === 'violated' || isOver || !linesToldLive.includes(line.id);
}

/** Something has happened that must not, and that no later look can mend. */
export function isViolatedForGood({ signs }: Pick<CheckedLine, 'signs'>): boolean {
  return signs.some(({ lasts }) => lasts === true);
}

/** A line that is VIOLATED, and the look that saw it so. */
export interface ViolatedLine {
  readonly line: CheckedLine;
  readonly look: number;
  readonly at: string;
}

/**
 * The lines of a move that are VIOLATED, whichever look has seen that, without those that were signed as they are. Pure.
 *
 * @param looks of one move, the oldest first
 * @param signed numbers of the looks that somebody has signed
 */
export function openViolations(
  looks: readonly NumberedLook[],
  signed: ReadonlySet<number>,
): readonly ViolatedLine[] {
  const signedLines = looks.filter(({ look }) => signed.has(look)).flatMap(violatedLines);
  return violatedLines(toldTogether(looks)).filter(
    ({ line, look }) => !signedLines.some((one) => one.line.id === line.id && one.look === look),
  );
}

/** Also looks that were kept before anything was carried over. */
function toldTogether(looks: readonly NumberedLook[]): NumberedLook | null {
  return looks.reduce<NumberedLook | null>(
    (before, { look, verification }) => ({ look, verification: carryOver(before, verification, false) }),
    null,
  );
}

function violatedLines(told: NumberedLook | null): ViolatedLine[] {
  if (told === null) return [];
  return told.verification.lines
    .filter(({ id, verdict }) => verdict === 'violated' && !linesToldLive.includes(id))
    .map((line) => ({
      line,
      look: line.earlier?.look ?? told.look,
      at: line.earlier?.at ?? told.verification.checkedAt,
    }));
}
