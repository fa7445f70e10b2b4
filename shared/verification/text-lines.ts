import { isOpenProof } from '../fleet/queue-book.ts';
import { messageWords } from './ledger-of-move.ts';
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
    ...ledger.lines.flatMap(queueText),
  ];
}

function queueText(line: Verification['ledger']['lines'][number]): string[] {
  const { name, verdict, sentence, messageBefore, messageAfter } = line;
  const [was, is] = [messageBefore, messageAfter].map((one) => messageWords(one) ?? 'not known');
  return [
    `  ${word(verdict)} ${name}: ${sentence}`,
    `             last message before: ${was}; after: ${is}`,
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
