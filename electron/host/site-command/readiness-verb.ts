import { userInfo } from 'node:os';
import type { ProductError } from '../../../shared/errors.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import { reportBody, talliedWords, type ReadinessReport } from '../../../shared/readiness/report.ts';
import { isReadyByChecks, openSubjects, tally, type CheckResult } from '../../../shared/readiness/results.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { systemTime } from '../host-time.ts';
import { gatherScene } from '../readiness/gather-scene.ts';
import { keepRun, readAnswers } from '../readiness/readiness-files.ts';
import { readinessForms } from '../readiness/readiness-report.ts';
import { sealReport } from '../report/seal-report.ts';
import type { SiteCommand } from './commands.ts';
import { withOpenSite, type VerbPlace } from './with-open-site.ts';
import { writeReportFiles } from './write-report-files.ts';

type ReadinessCommand = Extract<SiteCommand, { verb: 'readiness' }>;

/** Whether the site is ready, in lines for the person, with the report in every format that was asked for. */
export interface SiteReadiness {
  readonly ready: boolean;
  readonly lines: string[];
  readonly report: ReadinessReport;
}

/**
 * `site readiness`: runs all checks with the profile of a site, keeps the run and writes reports.
 * Errors: those of a profile that cannot be opened, report.not-written, report.no-browser,
 * report.not-printed.
 */
export async function siteReadiness(
  command: ReadinessCommand,
  { profileDirectory, consoleVersion, signal }: VerbPlace,
): Promise<Result<SiteReadiness, ProductError>> {
  const time = systemTime();
  return withOpenSite(profileDirectory, time, async (site) => {
    const startedMs = time.bootMs();
    const { kept, trouble } = await readAnswers(profileDirectory, time.wallTime());
    if (trouble !== null) return fail(trouble);
    const scene = await gatherScene(site, kept.goalSeconds, time);
    const results = judgeReadiness(scene, kept);
    const run = { wallTime: scene.wallTime, by: site.me.name, tookMs: time.bootMs() - startedMs, results };
    const written = await keepRun(profileDirectory, run);
    if (!written.ok) return written;
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    const operator = { name: `${site.me.name} (${userInfo().username})`, role: site.me.role };
    const report = sealReport(
      reportBody({
        scene,
        results,
        judgedAt: () => scene.wallTime,
        now: time.wallTime(),
        timeZone,
        operator,
        consoleVersion,
      }),
    );
    const files = await writeReportFiles(command, readinessForms(report), signal);
    if (!files.ok) return files;
    const lines = [...readinessLines(report, results), ...files.value];
    return succeed({ ready: isReadyByChecks(tally(results)), lines, report });
  });
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
