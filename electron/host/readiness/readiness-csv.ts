import type { ReadinessReport } from '../../../shared/readiness/report.ts';
import { csvText } from '../report/csv-text.ts';

/** The report as a table: first what it is about, then one line for each check and subject. */
export function readinessCsv(report: ReadinessReport): string {
  return csvText([...aboutRows(report), [], columns, ...checkRows(report), [], ...limitRows(report)]);
}

const columns = [
  'check',
  'title',
  'section',
  'stage',
  'about',
  'verdict',
  'finding',
  'remedy',
  'why',
  'protects',
  'requires',
  'seen by',
  'how often',
  'age in ms',
  'judged at',
  'owner',
  'answered',
  'valid until',
  'written by',
  'kept at',
  'put aside by',
  'put aside from',
  'put aside until',
  'put aside because',
];

function aboutRows(report: ReadinessReport): string[][] {
  const { site, operator, versions } = report;
  return [
    ['Readiness report', site.name],
    ['site', site.id],
    ['site document', String(site.documentVersion)],
    ['demo', site.demo ? 'yes' : 'no'],
    ['made', report.madeAt],
    ['made, local', report.madeAtLocal],
    ['time zone', report.timeZone],
    ['by', operator.name, operator.role],
    ['console', versions.console],
    ['agents', ...versions.agents],
    ['engine', ...versions.engines],
    ['design', report.design],
    ['timing', report.timing],
    ['lease store', report.leaseStore],
    ['verdict', report.sentence],
    ['detail', report.detail],
    ['recovery', report.recovery],
    ...report.clusters.map(({ id, title, verdict, met, of }) => [
      'cluster',
      id,
      title,
      verdict,
      `${met} of ${of}`,
    ]),
    ...report.stages.map(({ title, met, of }) => ['stage', title, `${met} of ${of}`]),
    ['sha256', report.sha256],
  ];
}

type Subject = ReadinessReport['checks'][number]['subjects'][number];

function checkRows({ checks }: ReadinessReport): string[][] {
  return checks.flatMap((check) =>
    check.subjects.map(({ subject, verdict, finding, remedy, ageMs, judgedAt, answer, snooze }) => [
      ...[check.id, check.title, check.section, check.stage, subject === '' ? 'site' : subject, verdict],
      ...[finding, remedy ?? '', check.why, check.protects.join('; '), check.requires ?? ''],
      ...[check.seenBy, check.every, ageMs === null ? '' : String(Math.round(ageMs)), judgedAt],
      ...answerCells(answer),
      ...snoozeCells(snooze),
    ]),
  );
}

function answerCells(answer: Subject['answer']): string[] {
  if (answer === null) return ['', '', '', '', ''];
  return [answer.owner, answer.date, answer.expires, answer.by, answer.attachment];
}

function snoozeCells(snooze: Subject['snooze']): string[] {
  if (snooze === null) return ['', '', '', ''];
  return [snooze.by, snooze.since, snooze.until, snooze.reason];
}

function limitRows({ limits }: ReadinessReport): string[][] {
  return limits.map((limit) => ['not promised', limit]);
}
