import { isOpenProof } from '../fleet/queue-book.ts';
import { verificationSentence, type CheckedLine, type Verification } from './verification.ts';

/** A verified move for a terminal: the sentence, each line with what decides it, each queue. */
export function verificationTextLines(verification: Verification): string[] {
  const { move, lines, ledger } = verification;
  const by = move.askedBy === null ? 'by rule' : `asked for by ${move.askedBy}`;
  return [
    `${move.beganAt}  ${move.title}, ${by}: epoch ${move.epochBefore ?? '?'} to ${move.epoch}`,
    `${verificationSentence(verification)}.`,
    '',
    ...lines.flatMap(lineText),
    ...(ledger.lines.length === 0 ? [] : ['', 'Queues:']),
    ...ledger.lines.map(({ name, verdict, sentence }) => `  ${word(verdict)} ${name}: ${sentence}`),
  ];
}

const word = (verdict: CheckedLine['verdict']) => verdict.toUpperCase().padEnd(10);

function lineText(line: CheckedLine): string[] {
  const { id, title, verdict, before, after, evidence, next, signs } = line;
  const told = `${before ?? '?'} -> ${after ?? '?'}`;
  const open = isOpenProof(verdict);
  const odd = open ? signs.filter(({ kind }) => kind === 'against' || kind === 'missing').slice(1) : [];
  return [
    `${word(verdict)} ${id} ${title.padEnd(20)} ${told.padEnd(34)} ${evidence}`,
    ...odd.map(({ from, says }) => `                ${from}: ${says}`),
    ...earlierText(line),
    ...(open && next !== null ? [`                Next: ${next}`] : []),
  ];
}

function earlierText({ earlier }: CheckedLine): string[] {
  if (earlier === undefined) return [];
  const { look, at, verdict, evidence } = earlier;
  return [
    `                As look ${look} saw it, ${at}. The last look: ${verdict.toUpperCase()}, ${evidence}`,
  ];
}
