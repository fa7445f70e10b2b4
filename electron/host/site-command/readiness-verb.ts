import { userInfo } from 'node:os';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { reportBody, talliedWords, type ReadinessReport } from '../../../shared/readiness/report.ts';
import {
  compareRuns,
  gotBetter,
  isReadyByChecks,
  openSubjects,
  tally,
  type CheckResult,
  type RunChange,
  type ReadinessRun,
} from '../../../shared/readiness/results.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { systemTime } from '../host-time.ts';
import { readBaseline } from '../readiness/readiness-files.ts';
import type { ReadinessKeeper, StandingReadiness } from '../readiness/readiness-keeper.ts';
import { readinessForms } from '../readiness/readiness-report.ts';
import { keeperFor, runAll } from '../readiness/run-once.ts';
import { sealReport } from '../report/seal-report.ts';
import { withOpenSite, type VerbPlace } from '../with-open-site.ts';
import type { SiteCommand } from './commands.ts';
import type { SaidOfReadiness } from './readiness-arguments.ts';
import { writeReportFiles } from './write-report-files.ts';

type ReadinessCommand = Extract<SiteCommand, { verb: 'readiness' }>;

/** Whether the site is ready, in lines for the person, with the report in every format that was asked for. */
export interface SiteReadiness {
  readonly ready: boolean;
  readonly lines: string[];
  readonly report: ReadinessReport;
}

/**
 * `site readiness`: runs all checks with the profile of a site, writes down what a person says of them, keeps the run
 * and writes reports.
 * Errors: those of a profile that cannot be opened, readiness.damaged, readiness.not-kept, readiness.changed,
 * command.forbidden, request.invalid, report.not-written, report.no-browser, report.not-printed.
 */
export async function siteReadiness(
  command: ReadinessCommand,
  { profileDirectory, consoleVersion, signal }: VerbPlace,
): Promise<Result<SiteReadiness, ProductError>> {
  const time = systemTime();
  return withOpenSite(profileDirectory, time, async (site) => {
    const keeper = keeperFor(site, time);
    const standing = await standingAfter(command.said, keeper);
    if (!standing.ok) return standing;
    const { scene, results, judgedAt } = standing.value;
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const operator = { name: `${site.me.name} (${userInfo().username})`, role: site.me.role };
    const now = time.wallTime();
    const report = sealReport(
      reportBody({ scene, results, judgedAt, now, timeZone, operator, consoleVersion }),
    );
    const files = await writeReportFiles(command, readinessForms(report), signal);
    if (!files.ok) return files;
    const lines = [
      ...saidLines(command.said, results),
      ...readinessLines(report, results),
      ...sinceBaseline(await readBaseline(profileDirectory), { wallTime: scene.wallTime, results }),
      ...(command.trend ? trendLines(keeper.runs()) : []),
      ...files.value,
    ];
    return succeed({ ready: isReadyByChecks(tally(results)), lines, report });
  });
}

/** All checks as they stand, once what a person says of one of them is written down. */
async function standingAfter(
  said: SaidOfReadiness | null,
  keeper: ReadinessKeeper,
): Promise<Result<StandingReadiness, ProductError>> {
  const first = await runAll(keeper);
  if (!first.ok || said === null) return first;
  const strange = strangeSubject(said, first.value.results);
  if (strange !== null) return fail(productError('request.invalid', strange));
  const kept = await keeper.act(said);
  return kept.ok ? keeper.standing() : kept;
}

/** Why a check is not about what was named, as a sentence; null: it is. A check that is not there is told elsewhere. */
function strangeSubject(said: SaidOfReadiness, results: readonly CheckResult[]): string | null {
  if (said.act === 'goal') return null;
  const found = results.find(({ check }) => check === said.check);
  if (found === undefined || found.subjects.some(({ subject }) => subject === said.subject)) return null;
  const subjects = found.subjects.map(({ subject }) => subject).filter((subject) => subject !== '');
  if (subjects.length === 0) return `${said.check} is about the whole site: leave out --cluster.`;
  return `${said.check} is about one cluster: name it with --cluster (${subjects.join(', ')}).`;
}

/** What was written down, and how the check stands since. */
function saidLines(said: SaidOfReadiness | null, results: readonly CheckResult[]): string[] {
  if (said === null) return [];
  if (said.act === 'goal') {
    return [`Written down: the goal is ${said.seconds === null ? 'none' : `${said.seconds} s`}.`];
  }
  const subject = results
    .find(({ check }) => check === said.check)
    ?.subjects.find((one) => one.subject === said.subject);
  const about = `${said.check}${said.subject === '' ? '' : ` (${said.subject})`}`;
  return [`Written down: ${about} is ${subject?.verdict ?? 'not known'} now, ${subject?.finding ?? ''}`];
}

const trendAtMost = 20;

/** Earlier runs, newest first, and what changed from the last but one to the last. */
function trendLines(runs: readonly ReadinessRun[]): string[] {
  const [newest, before] = runs;
  const changes = newest && before ? compareRuns(before, newest) : [];
  return [
    'Runs so far:',
    ...runs
      .slice(0, trendAtMost)
      .map(({ wallTime, by, results }) => `  ${wallTime} ${by}: ${talliedWords(tally(results))}`),
    ...(runs.length > trendAtMost ? [`  and ${runs.length - trendAtMost} earlier ones`] : []),
    ...(before === undefined ? [] : [`Changed since ${before.wallTime}: ${changes.length || 'nothing'}`]),
    ...changes.map(changeLine),
  ];
}

/** What stands otherwise than in the baseline; nothing of that for the baseline itself. Pure. */
export function sinceBaseline(
  baseline: ReadinessRun | null,
  run: Pick<ReadinessRun, 'wallTime' | 'results'>,
): string[] {
  if (baseline === null) return ['The baseline of this site cannot be read.'];
  if (baseline.wallTime === run.wallTime) return ['This is the first run: it is kept as the baseline.'];
  const changes = compareRuns(baseline, run);
  const said = `Since the baseline of ${baseline.wallTime} (${talliedWords(tally(baseline.results))})`;
  if (changes.length === 0) return [`${said} nothing stands otherwise.`];
  return [`${said} ${changes.length} stand otherwise:`, ...changes.map(changeLine)];
}

function changeLine(change: RunChange): string {
  const { check, subject, before, after } = change;
  const of = subject === '' ? '' : ` (${subject})`;
  const turned = `${before?.verdict ?? 'not there'} → ${after?.verdict ?? 'not there'}`;
  return `  ${gotBetter(change) ? 'better' : 'worse '}  ${check}${of}: ${turned}`;
}

function readinessLines(report: ReadinessReport, results: readonly CheckResult[]): string[] {
  const open = results.filter((result) => openSubjects(result).length > 0);
  return [
    ...report.clusters.map(({ verdict }) => verdict),
    talliedWords(report.tally),
    ...open.flatMap((result) => openLines(result)),
  ];
}

function openLines(result: CheckResult): string[] {
  const title = readinessChecks.find(({ id }) => id === result.check)?.title ?? '';
  return openSubjects(result).flatMap(({ subject, verdict, finding, remedy }) => [
    `${verdict.padEnd(8)} ${result.check} ${title}${subject === '' ? '' : ` (${subject})`}: ${finding}`,
    ...(remedy === null ? [] : [`         Next: ${remedy}`]),
  ]);
}
