import { isOpenProof, type Proof } from '../fleet/queue-book.ts';
import { localTime, zoneWords } from '../report/local-time.ts';
import {
  reportFacts,
  reportHead,
  reportMark,
  reportPage,
  reportSection,
  reportTable,
  said,
  text,
  type ReportMark,
} from '../report/report-page.ts';
import { messageWords } from './ledger-of-move.ts';
import { countsOf, type CheckedLine, type Verification } from './verification.ts';
import { bindsNow, judgementOf, type VerificationReport } from './verification-report.ts';

/** The proof of a move as one page, for paper and for a screen. */
export function verificationHtml(report: VerificationReport, paper: 'A4' | 'Letter'): string {
  const { kept, site, sentence } = report;
  const { lines, move } = kept.verification;
  const asked = move.askedBy === null ? 'by rule' : `asked for by ${move.askedBy}`;
  return reportPage({
    title: `${move.cluster}: ${sentence}`,
    paper,
    sha256: report.sha256,
    parts: [
      reportHead({
        ...{ site: site.name, isDemo: site.demo, sentence },
        about: `Recovery verification, ${move.cluster}`,
        lead: `${move.title}, ${asked}. ${countWords(report)}`,
      }),
      factsHtml(report),
      linesHtml('Open lines', report, lines.filter(isOpen)),
      linesHtml(
        'Lines that hold',
        report,
        lines.filter((line) => !isOpen(line)),
      ),
      ledgerHtml(report),
      signaturesHtml(report),
    ],
  });
}

function isOpen({ verdict }: CheckedLine): boolean {
  return isOpenProof(verdict);
}

function countWords({ kept }: VerificationReport): string {
  const counts = countsOf(kept.verification);
  return `${proofs.map((proof) => `${counts[proof]} ${proof.toUpperCase()}`).join(', ')}.`;
}

const proofs = ['proven', 'consistent', 'unknown', 'violated'] as const satisfies readonly Proof[];

function factsHtml(report: VerificationReport): string {
  const { kept, operator } = report;
  const { move, checkedAt } = kept.verification;
  const at = timeIn(report);
  return reportFacts([
    ['Began', at(move.beganAt)],
    ['Ended', move.endedAt === null ? 'not told' : at(move.endedAt)],
    ['Checked', `${at(checkedAt)}, look ${kept.look}`],
    ...(kept.later === undefined ? [] : [['Not the newest', laterWords(kept.later)] as const]),
    ['Time zone', zoneWords(report.madeAt, report.timeZone)],
    ['Active before, after', `${move.from}, ${move.active}`],
    ['Epoch', `${move.epochBefore ?? 'not told'} to ${move.epoch}`],
    ['Operation', move.operation],
    ['Console', report.consoleVersion],
    ['Report made', `${report.madeAtLocal} by ${operator.name}, ${operator.role}`],
    ['Signatures bind', `sha256 ${kept.hash}`],
  ]);
}

function laterWords(later: number): string {
  return later === 1 ? 'a later look or judgement is kept' : `${later} later looks or judgements are kept`;
}

/** Times as the people of the report's zone read them. */
function timeIn({ timeZone }: VerificationReport): (wallTime: string) => string {
  return (wallTime) => localTime(wallTime, timeZone);
}

const marks: Readonly<Record<Proof, ReportMark>> = {
  proven: 'ok',
  consistent: 'fits',
  unknown: 'unknown',
  violated: 'failed',
};

function verdictCell(verdict: Proof): string {
  return `<td class="verdict">${reportMark(marks[verdict])} ${verdict.toUpperCase()}</td>`;
}

function linesHtml(title: string, report: VerificationReport, lines: readonly CheckedLine[]): string {
  if (lines.length === 0) return '';
  const rows = lines.map((line) => {
    const told = [
      ...[claimHtml(line), ...line.signs.map(signHtml), earlierHtml(report, line)],
      ...[judgedHtml(report, line), nextHtml(line)],
    ];
    return `<tr class="${marks[line.verdict]}">${verdictCell(line.verdict)}<th scope="row"><span class="id">${text(line.id)}</span> ${text(line.title)}${told.join('')}</th><td>${toldHtml(line.before)}</td><td>${toldHtml(line.after)}</td></tr>`;
  });
  const heads = ['Verdict', 'Check', 'Before', 'After'];
  return reportSection(title, String(lines.length), reportTable({ kind: 'proofs', heads, rows }));
}

function toldHtml(value: string | null): string {
  return value === null ? '<span class="quiet">not told</span>' : said(value);
}

function claimHtml({ claim }: CheckedLine): string {
  return `<span class="finding">${text(claim)}</span>`;
}

const signWords: Readonly<Record<CheckedLine['signs'][number]['kind'], string>> = {
  shown: 'shown',
  fits: 'fits',
  against: 'speaks against it',
  missing: 'not seen',
};

function signHtml({ kind, from, says }: CheckedLine['signs'][number]): string {
  return `<span class="sign"><b>${signWords[kind]}</b> ${said(from)}: ${said(says)}</span>`;
}

function earlierHtml(report: VerificationReport, { earlier }: CheckedLine): string {
  if (earlier === undefined) return '';
  const { look, at, verdict, evidence } = earlier;
  return `<span class="sign"><b>As look ${look} saw it</b>, ${text(timeIn(report)(at))}. This look: ${verdict.toUpperCase()}, ${said(evidence)}</span>`;
}

function judgedHtml(report: VerificationReport, { id }: CheckedLine): string {
  const judged = judgementOf(report.kept, id);
  if (judged === undefined) return '';
  const found = judged.finding === 'in-order' ? 'in order' : 'not in order';
  return `<span class="sign"><b>Judged ${found}</b> by ${said(judged.name)} on ${said(judged.workstation)}, ${text(timeIn(report)(judged.at))}: ${said(judged.comment)}</span>`;
}

function nextHtml(line: CheckedLine): string {
  if (!isOpen(line) || line.next === null) return '';
  return `<span class="sign"><b>What to do:</b> ${said(line.next)}</span>`;
}

function ledgerHtml(report: VerificationReport): string {
  const { before, after, lines, total, earlier } = report.kept.verification.ledger;
  if (lines.length === 0) return '';
  const at = timeIn(report);
  const told =
    before && after
      ? `before: ${before.sealed ? 'sealed' : 'shared, not sealed'} ${at(before.at)}; after: ${at(after.at)}${earlier ? `; as look ${earlier.look} saw it` : ''}`
      : '';
  const rows = lines.map((line) => {
    const counts = [line.lastBefore, line.firstAfter, line.queuedBefore, line.queuedAfter, line.twice];
    const cells = counts.map((count) => `<td class="right">${count ?? '?'}</td>`);
    return `<tr class="${marks[line.verdict]}">${verdictCell(line.verdict)}<th scope="row">${said(line.name)}<span class="finding">${said(line.sentence)}</span>${messagesHtml(line)}</th>${cells.join('')}</tr>`;
  });
  const heads = ['Verdict', 'Component', 'Last done before', 'First done after', 'Queued before'];
  const table = reportTable({ kind: 'ledger', heads: [...heads, 'Queued after', 'Twice'], rows });
  const more = total - lines.length;
  const rest = more > 0 ? `<p>${more} more components are not told one by one.</p>` : '';
  return reportSection('Queue ledger', told, `${table}${rest}`);
}

/** The last message of each side, as the engine names it and when. */
function messagesHtml({ messageBefore, messageAfter }: Verification['ledger']['lines'][number]): string {
  const told = (message: typeof messageBefore) => {
    const words = messageWords(message);
    return words === null ? 'not known' : said(words);
  };
  return `<span class="finding">Last message before: ${told(messageBefore)}; after: ${told(messageAfter)}</span>`;
}

function signaturesHtml(report: VerificationReport): string {
  const { kept } = report;
  const { signatures } = kept;
  if (signatures.length === 0) return reportSection('Signatures', '0', '<p>Nobody has signed yet.</p>');
  const at = timeIn(report);
  const rows = signatures.map((one) => {
    const bound = bindsNow(kept, one) ? 'what this report says' : 'another look or other judgements';
    return `<tr><th scope="row">${said(one.name)}<span class="finding">on ${said(one.workstation)}</span></th><td>${text(at(one.at))}</td><td>${said(one.comment)}</td><td>${bound}, with ${one.unknown} UNKNOWN and ${one.violated} VIOLATED<span class="finding">sha256 <code>${text(one.hash)}</code></span></td></tr>`;
  });
  const heads = ['Name', 'When', 'Comment', 'Signed'];
  return reportSection('Signatures', String(signatures.length), reportTable({ kind: 'signed', heads, rows }));
}
