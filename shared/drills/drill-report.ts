import { formatMeasured, formatSpan } from '../fleet/age.ts';
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
import { localTime } from '../report/local-time.ts';
import { drillWords, type DrillLine, type DrillRecord, type DrillStep } from './drill-record.ts';

/** The certificate of a drill before it has its hash. */
export interface DrillReportBody {
  readonly schema: 'ixha-drill-report/1';
  readonly madeAt: string;
  readonly timeZone: string;
  readonly operator: { readonly name: string; readonly role: string };
  readonly consoleVersion: string;
  readonly drill: DrillRecord;
}

export type DrillReport = DrillReportBody & { readonly sha256: string };

/** The certificate as one page, for paper and for a screen. */
export function drillReportHtml(report: DrillReport, paper: 'A4' | 'Letter'): string {
  const { drill } = report;
  const { level, title, proves } = drillWords[drill.kind];
  return reportPage({
    title: `Drill of ${drill.cluster}: ${title}`,
    paper,
    sha256: report.sha256,
    parts: [
      reportHead({
        site: drill.siteName,
        about: `Drill report, ${drill.cluster}, level ${level}`,
        sentence: drill.sentence,
        lead: proves,
      }),
      facts(report),
      reportSection('Expected and happened', '', linesTable(drill.lines)),
      reportSection('How long, and what was lost', '', paragraphs(measured(drill))),
      reportSection('Steps', `${drill.steps.length}`, stepsTable(report, drill.steps)),
      reportSection('What was said before', '', paragraphs(drill.prose)),
    ],
  });
}

function facts(report: DrillReport): string {
  const { drill, timeZone } = report;
  const at = (wallTime: string | null) => (wallTime === null ? 'not seen' : localTime(wallTime, timeZone));
  return reportFacts([
    ['Began', at(drill.startedAt)],
    ['Ended', at(drill.endedAt)],
    ['Time zone', timeZone],
    ['Made by', `${drill.by.name}, ${drill.by.role}`],
    ['Reason', drill.reason === '' ? 'not said' : drill.reason],
    ['Goal', drill.goalSeconds === null ? 'not stated' : `${drill.goalSeconds} s`],
    ['Test listener', drill.probe ?? 'none'],
    ['Expected without an Active', `${expectedWords(drill)}; ${drill.expectation.basis}`],
    ['Operations', drill.operations.join(', ') || 'none'],
    ['Report made', `${at(report.madeAt)} by ${report.operator.name}`],
    ['Console', report.consoleVersion],
  ]);
}

/** Recovery time and loss as sentences that say where they come from. */
export function measured({ outage, loss }: Pick<DrillRecord, 'outage' | 'loss'>): string[] {
  return [
    outage === null ? 'No time without an Active belongs to this drill.' : outage.sentence,
    loss === null ? 'Nothing is told of lost messages.' : loss.sentence,
  ];
}

const marks: Readonly<Record<DrillLine['verdict'], ReportMark>> = {
  met: 'ok',
  'not-met': 'failed',
  'not-known': 'unknown',
  open: 'not-applicable',
};
const lineWords: Readonly<Record<DrillLine['verdict'], string>> = {
  met: 'met',
  'not-met': 'not met',
  'not-known': 'not known',
  open: 'not reached',
};

function linesTable(lines: readonly DrillLine[]): string {
  const rows = lines.map(({ what, expected, happened, verdict, decides }) => {
    const aside = decides ? '' : ' (told, does not decide)';
    // An estimate that was wrong is no failure of the drill.
    const mark = !decides && verdict === 'not-met' ? 'warning' : marks[verdict];
    return `<tr class="${mark}"><td class="verdict">${reportMark(mark)} ${lineWords[verdict]}</td><th scope="row">${said(what)}<span class="finding">Expected: ${said(expected)}${aside}</span><span class="finding">Happened: ${said(happened ?? 'the drill did not get there')}</span></th></tr>`;
  });
  return table(['Verdict', 'What'], rows);
}

function stepsTable({ timeZone }: DrillReport, steps: readonly DrillStep[]): string {
  const rows = steps.map(({ title, state, at, tookMs, evidence }) => {
    const mark = state === 'done' ? 'ok' : state === 'failed' ? 'failed' : 'not-applicable';
    const when = at === null ? '' : localTime(at, timeZone);
    const took = tookMs === null ? '' : `, took ${formatMeasured(tookMs)}`;
    return `<tr class="${mark}"><td class="verdict">${reportMark(mark)} ${state === 'pending' ? 'not begun' : state}</td><th scope="row">${said(title)}<span class="finding">${said(evidence)}</span></th><td class="right">${text(when)}${took}</td></tr>`;
  });
  return table(['State', 'Step', 'When'], rows);
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return reportTable({ kind: 'drill', heads, rows, hasQuietHeads: true });
}

function paragraphs(lines: readonly string[]): string {
  return lines.map((line) => `<p>${said(line)}</p>`).join('');
}

/** `10 s` · `4 to 6 s` · `not known before`: what a drill was expected to take. */
export function expectedWords({ expectation }: Pick<DrillRecord, 'expectation'>): string {
  const { bestMs, worstMs } = expectation;
  if (bestMs === null && worstMs === null) return 'not known before';
  if (worstMs === null) return `from ${formatSpan(bestMs ?? 0)}`;
  return bestMs === worstMs ? formatSpan(worstMs) : `${formatSpan(bestMs ?? 0)} to ${formatSpan(worstMs)}`;
}
