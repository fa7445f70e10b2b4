import type { CheckedLine, Verification } from '../../../shared/verification/verification.ts';
import {
  bindsNow,
  judgementOf,
  type VerificationReport,
} from '../../../shared/verification/verification-report.ts';
import { csvText } from '../report/csv-text.ts';

/** The proof of a move as tables: what it is about, its lines, every sign of each, the queue ledger, the signatures. */
export function verificationCsv(report: VerificationReport): string {
  const { lines, ledger } = report.kept.verification;
  return csvText([
    ...aboutRows(report),
    [],
    [
      'line',
      'title',
      'claim',
      'verdict',
      'before',
      'after',
      'evidence',
      'what to do',
      ...judgedColumns,
      ...earlierColumns,
    ],
    ...lines.map((line) => lineRow(report, line)),
    [],
    ['line', 'sign', 'side', 'seen by', 'says', 'the line rests on it', 'what to do'],
    ...lines.flatMap(signRows),
    [],
    [...ledgerColumns],
    ...ledger.lines.map(ledgerRow),
    [],
    ['signed by', 'workstation', 'at', 'comment', 'UNKNOWN', 'VIOLATED', 'sha256 signed', 'what is kept now'],
    ...signatureRows(report),
  ]);
}

const judgedColumns = ['judged', 'judged by', 'judged on', 'judged at', 'how it is known'];
const earlierColumns = ['as seen by look', 'as seen at', 'this look', 'evidence of this look'];
const ledgerColumns = [
  ...['component', 'last done before', 'first done after', 'queued before', 'queued after', 'twice'],
  ...['verdict', 'finding'],
  ...['last message before', 'its time before', 'last message after', 'its time after'],
];

function aboutRows(report: VerificationReport): string[][] {
  const { site, operator, kept } = report;
  const { move, checkedAt, ledger } = kept.verification;
  return [
    ['Recovery verification', site.name],
    ['site', site.id],
    ['demo', site.demo ? 'yes' : 'no'],
    ['made', report.madeAt],
    ['made, local', report.madeAtLocal],
    ['time zone', report.timeZone],
    ['by', operator.name, operator.role],
    ['console', report.consoleVersion],
    ['cluster', move.cluster],
    ['move', move.title, move.kind],
    ['operation', move.operation],
    ['asked for by', move.askedBy ?? 'nobody, by rule'],
    ['began', move.beganAt],
    ['ended', move.endedAt ?? 'not told'],
    ['checked', checkedAt, `look ${kept.look}`],
    ...(kept.later === undefined ? [] : [['later looks or judgements', String(kept.later)]]),
    ['active before, after', move.from, move.active],
    ['epoch', counted(move.epochBefore), String(move.epoch)],
    ...(ledger.before === null
      ? []
      : [['ledger before', ledger.before.at, ledger.before.sealed ? 'sealed' : 'shared, not sealed']]),
    ...(ledger.after === null ? [] : [['ledger after', ledger.after.at]]),
    ...(ledger.earlier === undefined
      ? []
      : [['ledger as seen by look', String(ledger.earlier.look), ledger.earlier.at]]),
    ['components', String(ledger.total)],
    ['verdict', report.sentence],
    ['sha256 that signatures bind', kept.hash],
    ['sha256', report.sha256],
  ];
}

function lineRow({ kept }: VerificationReport, line: CheckedLine): string[] {
  const judged = judgementOf(kept, line.id);
  return [
    ...[line.id, line.title, line.claim, line.verdict, line.before ?? 'not told', line.after ?? 'not told'],
    ...[line.evidence, line.next ?? ''],
    ...(judged === undefined
      ? judgedColumns.map(() => '')
      : [judged.finding, judged.name, judged.workstation, judged.at, judged.comment]),
    ...earlierCells(line),
  ];
}

/** Empty where a line is told as this look itself saw it. */
function earlierCells({ earlier }: CheckedLine): string[] {
  return earlier === undefined
    ? earlierColumns.map(() => '')
    : [String(earlier.look), earlier.at, earlier.verdict, earlier.evidence];
}

function signRows({ id, signs }: CheckedLine): string[][] {
  return signs.map(({ kind, side, from, says, core, next }) => [
    ...[id, kind, side, from, says, core ? 'yes' : 'no', next ?? ''],
  ]);
}

function ledgerRow(line: Verification['ledger']['lines'][number]): string[] {
  const counts = [line.lastBefore, line.firstAfter, line.queuedBefore, line.queuedAfter, line.twice];
  const { messageBefore, messageAfter } = line;
  return [
    ...[line.name, ...counts.map(counted), line.verdict, line.sentence],
    ...[messageBefore, messageAfter].flatMap((one) => [one?.id ?? 'not known', one?.at ?? 'not known']),
  ];
}

function counted(value: number | null): string {
  return value === null ? 'not told' : String(value);
}

function signatureRows({ kept }: VerificationReport): string[][] {
  return kept.signatures.map((one) => [
    ...[one.name, one.workstation, one.at, one.comment, String(one.unknown), String(one.violated)],
    ...[one.hash, bindsNow(kept, one) ? 'is what was signed' : 'is another look or has other judgements'],
  ]);
}
