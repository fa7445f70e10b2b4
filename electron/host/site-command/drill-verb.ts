import { userInfo } from 'node:os';
import type { DueDrill } from '../../../shared/drills/drill-calendar.ts';
import { drillWords, type DrillLine, type DrillRecord } from '../../../shared/drills/drill-record.ts';
import { awaitedWords } from '../../../shared/drills/awaited-words.ts';
import { measured } from '../../../shared/drills/drill-report.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import { carryOutDrill, prepareDrill, type PreparedDrill } from '../drills/carry-out-drill.ts';
import { keepDrill, planInterval, readDrills, readDue } from '../drills/drill-files.ts';
import { drillCertificate, drillForms } from '../drills/drill-certificate.ts';
import { systemTime, type HostTime } from '../host-time.ts';
import { readAnswers } from '../readiness/readiness-files.ts';
import type { SiteCommand } from './commands.ts';
import { withOpenSite, type VerbPlace } from '../with-open-site.ts';
import { StepLines } from './step-lines.ts';
import { writeReportFiles } from './write-report-files.ts';

type DrillCommand = Extract<SiteCommand, { verb: 'drill' }>;

/** How a drill went, in lines for the person; without one that was made, what was made before and what is due. */
export interface SiteDrill {
  readonly passed: boolean;
  readonly lines: string[];
  readonly record: DrillRecord | null;
}

/**
 * `site drill`: makes one drill with the profile of a site and keeps its record.
 * Errors: those of a profile that cannot be opened, drill.refused, drill.unconfirmed, drill.not-kept, report.not-written,
 * report.no-browser, report.not-printed.
 */
export async function siteDrill(
  command: DrillCommand,
  place: VerbPlace,
): Promise<Result<SiteDrill, ProductError>> {
  const time = systemTime();
  return withOpenSite(place.profileDirectory, time, async (site) => {
    if (command.order !== null) return made(command, command.order, site, place, time);
    if (command.interval !== null) {
      if (site.me.role === 'viewer')
        return fail(productError('command.forbidden', 'A viewer may look at drills, and plan none.'));
      const planned = await planInterval(site, command.interval, time.wallTime());
      if (!planned.ok) return planned;
    }
    return listed(site, time);
  });
}

async function listed(
  { profileDirectory, watch }: ConsoleSite,
  time: HostTime,
): Promise<Result<SiteDrill, ProductError>> {
  const now = time.wallTime();
  const { records, unreadable } = await readDrills(profileDirectory, now);
  const clusters = watch.site.clusters.map(({ id }) => id);
  const { due, trouble } = await readDue(profileDirectory, clusters, records, now);
  if (trouble !== null) return fail(trouble);
  const lines = [
    ...due.map(dueLine),
    ...records.map((record) => `${record.startedAt.slice(0, 16)}  ${record.sentence}`),
    ...unreadable.map((name) => `drills/${name} cannot be read`),
  ];
  return succeed({ passed: true, lines, record: null });
}

function dueLine({ cluster, kind, state, dueOn, lastAt, everyDays }: DueDrill): string {
  const { level, title } = drillWords[kind];
  const last = lastAt === null ? 'never passed' : `passed ${lastAt.slice(0, 10)}`;
  const when = dueOn === null ? '' : `, ${lastAt === null ? 'first' : 'next'} by ${dueOn}`;
  return `${state.padEnd(5)} ${cluster} level ${level} ${title}: ${last}${when}, every ${everyDays} days`;
}

async function made(
  command: DrillCommand,
  order: NonNullable<DrillCommand['order']>,
  site: ConsoleSite,
  place: VerbPlace,
  time: HostTime,
): Promise<Result<SiteDrill, ProductError>> {
  const prepared = await begun(order, site, time);
  if (!prepared.ok) return prepared;
  for (const sentence of prepared.value.record.prose) place.say(sentence);
  const record = await followed(prepared.value, site, place, time);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const operator = { name: `${site.me.name} (${userInfo().username})`, role: site.me.role };
  const about = { madeAt: time.wallTime(), timeZone, operator, consoleVersion: place.consoleVersion };
  // A drill that was ended at the terminal has its certificate, too.
  const { signal } = new AbortController();
  const files = await writeReportFiles(command, drillForms(drillCertificate(record, about)), signal);
  if (!files.ok) return files;
  const lines = [...record.lines.map(lineWords), ...measured(record), record.sentence, ...files.value];
  return succeed({ passed: record.verdict === 'passed', lines, record });
}

async function begun(
  order: NonNullable<DrillCommand['order']>,
  site: ConsoleSite,
  time: HostTime,
): Promise<Result<PreparedDrill, ProductError>> {
  const now = time.wallTime();
  const { records } = await readDrills(site.profileDirectory, now);
  const running = records.find(({ state }) => state === 'running')?.cluster ?? null;
  const { kept } = await readAnswers(site.profileDirectory, now);
  const prepared = prepareDrill(order, site, { goalSeconds: kept.goalSeconds, running }, time);
  if (!prepared.ok) return prepared;
  const written = await keepDrill(site.profileDirectory, prepared.value.record);
  return written.ok ? prepared : written;
}

/** Tells each step once as it ends. */
function followed(
  prepared: PreparedDrill,
  site: ConsoleSite,
  { signal, say, profileDirectory }: VerbPlace,
  time: HostTime,
): Promise<DrillRecord> {
  const lines = new StepLines(say);
  return carryOutDrill(prepared, {
    ...{ site, time },
    ends: () => (signal.aborted ? 'It was ended at the terminal.' : null),
    tell: async (record) => {
      lines.once(healingLine(record));
      lines.once(awaitedLine(record, time.wallTime()));
      lines.tell(record.steps);
      const kept = await keepDrill(profileDirectory, record);
      if (!kept.ok) say(`${kept.error.message} ${productError('drill.not-kept', '').next}`);
    },
  });
}

/** When what was taken away comes back; null: nothing is, or it is not known yet. */
function healingLine({ healing }: DrillRecord): string | null {
  return healing?.by == null
    ? null
    : `  back    ${healing.who} gets its ways back by ${healing.by} at the latest, by its own clock`;
}

/** What a person has to do now; null: nothing. It is said anew when it is overdue. */
function awaitedLine({ awaited }: DrillRecord, now: string): string | null {
  if (awaited == null) return null;
  const { title, meaning, overdue } = awaitedWords(awaited, Date.parse(now));
  return `  ${overdue ? 'late' : 'now '}    ${title}. ${meaning}`;
}

function lineWords({ what, expected, happened, verdict }: DrillLine): string {
  return `${verdict.padEnd(9)} ${what}: ${happened ?? 'not reached'} (expected: ${expected})`;
}
