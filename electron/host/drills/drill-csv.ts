import { drillWords } from '../../../shared/drills/drill-record.ts';
import { expectedWords, measured, type DrillReport } from '../../../shared/drills/drill-report.ts';
import { csvText } from '../report/csv-text.ts';

/** The certificate as a table: what it is about, then a line for each thing that was expected, and for each step. */
export function drillCsv(report: DrillReport): string {
  const { drill } = report;
  return csvText([
    ...aboutRows(report),
    [],
    ['line', 'what', 'expected', 'happened', 'verdict', 'decides'],
    ...drill.lines.map(({ id, what, expected, happened, verdict, decides }) => [
      ...[id, what, expected, happened ?? 'not reached', verdict, decides ? 'yes' : 'no'],
    ]),
    [],
    ['step', 'state', 'at', 'took in ms', 'evidence'],
    ...drill.steps.map(({ title, state, at, tookMs, evidence }) => [
      ...[title, state, at ?? '', tookMs === null ? '' : String(Math.round(tookMs)), evidence],
    ]),
  ]);
}

function aboutRows({ drill, madeAt, timeZone, operator, consoleVersion, sha256 }: DrillReport): string[][] {
  const { level, title } = drillWords[drill.kind];
  return [
    ['Drill report', drill.siteName],
    ['site', drill.site],
    ['cluster', drill.cluster],
    ['drill', title, `level ${level}`],
    ['began', drill.startedAt],
    ['ended', drill.endedAt ?? 'not seen'],
    ['made by', drill.by.name, drill.by.role],
    ['reason', drill.reason],
    ['goal in seconds', drill.goalSeconds === null ? 'not stated' : String(drill.goalSeconds)],
    ['test listener', drill.probe ?? 'none'],
    ['expected without an Active', expectedWords(drill), drill.expectation.basis],
    ['operations', ...drill.operations],
    ['report made', madeAt, operator.name, operator.role],
    ['time zone', timeZone],
    ['console', consoleVersion],
    ['verdict', drill.sentence],
    ...measured(drill).map((sentence) => ['measured', sentence]),
    ...drill.prose.map((sentence) => ['said before', sentence]),
    ['sha256', sha256],
  ];
}
