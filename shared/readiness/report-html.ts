import { formatSpan } from '../fleet/age.ts';
import {
  reportFacts,
  reportHead,
  reportMark,
  reportPage,
  reportSection,
  reportTable,
  said,
  text,
} from '../report/report-page.ts';
import { readinessSections } from './check.ts';
import type { ReadinessReport } from './report.ts';
import { isUnmet } from './results.ts';

type Check = ReadinessReport['checks'][number];
type Subject = Check['subjects'][number];
type Paper = 'A4' | 'Letter';

/** The report of readiness as one page, for paper and for a screen. */
export function reportHtml(report: ReadinessReport, paper: Paper): string {
  const open = report.checks.filter((check) => openSubjects(check).length > 0);
  const sections = Object.values(readinessSections).flatMap((title) => {
    const own = report.checks.filter((check) => check.section === title);
    return own.length === 0 ? [] : [sectionHtml(title, own)];
  });
  return reportPage({
    title: `Readiness of ${report.site.name}`,
    paper,
    sha256: report.sha256,
    parts: [
      headHtml(report),
      metaHtml(report),
      stagesHtml(report),
      clustersHtml(report),
      open.length === 0 ? '' : openHtml(open),
      ...sections,
      limitsHtml(report),
    ],
  });
}

function headHtml({ site, clusters, sentence, detail, recovery }: ReadinessReport): string {
  const ids = clusters.map(({ id }) => id);
  const named = ids.length <= 3 ? ids.join(' and ') : `${ids.length} clusters`;
  return reportHead({
    ...{ site: site.name, isDemo: site.demo, sentence },
    about: `Readiness report, ${named}`,
    lead: `${detail} ${recovery}`,
  });
}

function metaHtml(report: ReadinessReport): string {
  const { versions, operator, site } = report;
  return reportFacts([
    ['Made', report.madeAtLocal],
    ['Time zone', report.timeZone],
    ['By', `${operator.name}, ${operator.role}`],
    ['Design', report.design],
    ['Console, agents', [versions.console, versions.agents.join(' and ') || 'not heard'].join(', ')],
    ['Engine', versions.engines.join(' and ') || 'not heard'],
    ['Timing', report.timing],
    ['Lease store', report.leaseStore],
    ['Site document', `${site.id}, version ${site.documentVersion}`],
  ]);
}

function stagesHtml({ stages }: ReadinessReport): string {
  const done = stages.filter(({ met, of }) => met === of).length;
  const bars = stages.map(({ title, met, of }, index) => {
    const share = of === 0 ? 100 : Math.round((100 * met) / of);
    return `<li><span class="bar"><span style="width:${share}%"></span></span><b>${index + 1} ${text(title)}</b><br>${met} of ${of}</li>`;
  });
  const list = `<ol class="stages">${bars.join('')}</ol>`;
  return reportSection('Getting started', `${done} of ${stages.length} stages complete`, list);
}

function clustersHtml({ clusters }: ReadinessReport): string {
  const rows = clusters.map(
    ({ id, title, verdict, met, of }) =>
      `<tr><th scope="row">${said(id)}</th><td>${said(verdict)}<br><span class="quiet">${said(title)}</span></td><td class="right">${met} of ${of} checks</td></tr>`,
  );
  const heads = ['Cluster', 'Verdict', 'Its checks'];
  const table = reportTable({ kind: 'clusters', heads, rows, hasQuietHeads: true });
  return reportSection('Can it fail over now?', 'as the agents told when it was made', table);
}

function openHtml(open: readonly Check[]): string {
  return reportSection('Open items', String(open.length), tableOf(open, openSubjects, true));
}

function sectionHtml(title: string, checks: readonly Check[]): string {
  const counted = checks.filter(({ verdict }) => verdict !== 'not-applicable');
  const met = counted.filter(({ verdict }) => !isUnmet(verdict)).length;
  const table = tableOf(checks, ({ subjects }) => subjects, false);
  return reportSection(title, `${met} of ${counted.length} met`, table);
}

function openSubjects({ subjects }: Check): Subject[] {
  return subjects.filter(({ verdict, snooze }) => isUnmet(verdict) && snooze === null);
}

function tableOf(
  checks: readonly Check[],
  subjectsOf: (check: Check) => readonly Subject[],
  withRemedy: boolean,
): string {
  const rows = checks.map((check) => rowHtml(check, subjectsOf(check), withRemedy));
  const heads = ['Verdict', 'Check', 'About', 'Seen by'];
  return reportTable({ kind: 'checks', heads, rows, hasQuietHeads: true });
}

const words: Readonly<Record<Subject['verdict'], string>> = {
  ok: 'met',
  warning: 'look at it',
  failed: 'failed',
  unknown: 'unknown',
  'not-applicable': 'n/a',
};

function rowHtml(check: Check, subjects: readonly Subject[], withRemedy: boolean): string {
  const { verdict } = check;
  const whose = subjects.map(({ subject }) => (subject === '' ? 'site' : subject));
  const several = subjects.length > 1;
  const found = subjects.map((subject) => subjectHtml(subject, several, withRemedy)).join('');
  const about = withRemedy ? '' : aboutHtml(check);
  return `<tr class="${verdict}"><td class="verdict">${reportMark(verdict)} ${words[verdict]}</td><th scope="row"><span class="id">${text(check.id)}</span> ${text(check.title)}${found}${about}</th><td>${said(whose.join(', '))}</td><td class="right">${text(seenWords(check, subjects))}</td></tr>`;
}

/** Why it is looked at, what rests on it, and when it was looked at: once for each check, behind what was found. */
function aboutHtml({ why, protects, requires, stage, every, subjects }: Check): string {
  const judgedAt = [...new Set(subjects.map((subject) => subject.judgedAt))];
  const lines = [
    ended(why),
    `Protects: ${protects.join('; ')}.`,
    ...(requires === null ? [] : [`Required: ${ended(requires)}`]),
    `Stage: ${stage}. How often: ${ended(every)}`,
    ...(judgedAt.length === 0 ? [] : [`Judged at ${judgedAt.join(', ')}.`]),
  ];
  return `<span class="about">${text(lines.join(' '))}</span>`;
}

function subjectHtml(
  { subject, verdict, finding, remedy, answer, snooze }: Subject,
  several: boolean,
  withRemedy: boolean,
): string {
  const whose = several && subject !== '' ? `${said(subject)}: ` : '';
  const differs = several && verdict !== 'ok' ? ` (${words[verdict]})` : '';
  const kept = answer === null || answer.attachment === '' ? '' : ` Kept at: ${said(answer.attachment)}.`;
  const counts =
    answer === null ? '' : ` Counts until ${text(answer.expires)}, written down by ${said(answer.by)}.`;
  const aside =
    snooze === null
      ? ''
      : ` Put aside by ${said(snooze.by)} from ${text(snooze.since)} until ${text(snooze.until)}: ${said(snooze.reason)}.`;
  // What was put aside stands among the open items no more, and its remedy nowhere else.
  const mend = (withRemedy || snooze !== null) && remedy !== null ? ` <b>Remedy:</b> ${said(remedy)}` : '';
  return `<span class="finding">${whose}${said(ended(finding))}${differs}${kept}${counts}${aside}${mend}</span>`;
}

function ended(finding: string): string {
  return /[.!?]$/.test(finding) ? finding : `${finding}.`;
}

function seenWords({ seenBy }: Check, subjects: readonly Subject[]): string {
  const ages = subjects.flatMap(({ ageMs }) => ageMs ?? []);
  const oldest = ages.length === 0 ? '' : `, ${formatSpan(Math.max(...ages))}`;
  return `${seenBy}${oldest}`;
}

function limitsHtml({ limits }: ReadinessReport): string {
  const lines = limits.map((line) => `<p>${said(line)}</p>`);
  return reportSection('What this installation does not promise', '', lines.join(''));
}
