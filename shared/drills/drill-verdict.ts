import { formatMeasured } from '../fleet/age.ts';
import {
  drillWords,
  goneAfterMs,
  type DrillLine,
  type DrillRecord,
  type MeasuredOutage,
} from './drill-record.ts';

/** The same lines, with what happened said of one. */
export function withHappened(
  lines: readonly DrillLine[],
  id: string,
  happened: string,
  verdict: Exclude<DrillLine['verdict'], 'open'>,
): DrillLine[] {
  return lines.map((line) => (line.id === id ? { ...line, happened, verdict } : line));
}

/** Where a wait was only looked at now and then, it was longer than seen by no more than this. */
const samplingMs = 1_000;

/** What the measured outage says of goal and estimate. */
export function withOutage(record: DrillRecord, outage: MeasuredOutage): DrillRecord {
  const { ms, atLeast, betweenClocks = false } = outage;
  const clocks = betweenClocks ? ', as far as the clocks of both servers agree' : '';
  const told = ms === null ? outage.sentence : `${atLeast ? 'at least ' : ''}${formatMeasured(ms)}${clocks}`;
  const within = (limitMs: number | null): Exclude<DrillLine['verdict'], 'open'> => {
    if (ms === null || limitMs === null || betweenClocks) return 'not-known';
    if (ms > limitMs) return 'not-met';
    return ms + (atLeast ? samplingMs : 0) <= limitMs ? 'met' : 'not-known';
  };
  const goal = within(record.goalSeconds === null ? null : record.goalSeconds * 1000);
  const goals = withHappened(record.lines, 'goal', told, goal);
  return {
    ...record,
    outage,
    lines: withHappened(goals, 'time', told, within(record.expectation.worstMs)),
  };
}

/** Ends a drill with the verdict that its lines and steps give. Pure. */
export function concludeDrill(record: DrillRecord, endedAt: string): DrillRecord {
  const verdict = verdictOf(record);
  return { ...record, state: 'ended', endedAt, verdict, sentence: sentenceOf(record, verdict) };
}

/** A drill that its console did not end. What it says of the cluster is what was known last. */
export function interruptDrill(record: DrillRecord, endedAt: string, why: string): DrillRecord {
  const reached = record.steps.findLast(({ state }) => state === 'done');
  const last = reached === undefined ? 'Nothing was done yet' : `Done last: ${reached.title}`;
  return {
    ...record,
    state: 'ended',
    endedAt,
    verdict: 'interrupted',
    steps: record.steps.map((step) =>
      step.state === 'running' ? { ...step, state: 'failed', evidence: 'its end was not seen' } : step,
    ),
    sentence: `${why} ${last}. ${afterwards(record)}`,
  };
}

/** Whether the console that runs it is gone, by what it has written last. */
export function isLeft({ state, aliveAt }: DrillRecord, now: string): boolean {
  return state === 'running' && Date.parse(now) - Date.parse(aliveAt) > goneAfterMs;
}

function verdictOf({ lines, steps }: DrillRecord): 'passed' | 'not-passed' | 'not-known' {
  const deciding = lines.filter(({ decides }) => decides);
  if (deciding.some(({ verdict }) => verdict === 'not-met')) return 'not-passed';
  if (steps.some(({ state }) => state === 'failed')) return 'not-passed';
  return deciding.every(({ verdict }) => verdict === 'met') ? 'passed' : 'not-known';
}

function sentenceOf(record: DrillRecord, verdict: 'passed' | 'not-passed' | 'not-known'): string {
  const title = drillWords[record.kind].title;
  const deciding = record.lines.filter(({ decides }) => decides);
  const met = deciding.filter((line) => line.verdict === 'met').length;
  const counted = `${met} of ${deciding.length} expectations met`;
  switch (verdict) {
    case 'passed':
      return `${title} of ${record.cluster} passed: ${counted}.`;
    case 'not-passed': {
      const failed = record.steps.find(({ state }) => state === 'failed');
      const where = failed === undefined ? '' : ` It ended at "${failed.title}": ${failed.evidence}`;
      return `${title} of ${record.cluster} did not pass: ${counted}.${where}`;
    }
    case 'not-known':
      return `${title} of ${record.cluster}: ${counted}, the rest could not be told.`;
  }
}

/** Nothing that a drill does has to be undone by the console: what a person should look at is said. */
function afterwards({ kind, cluster }: DrillRecord): string {
  switch (kind) {
    case 'switchover-and-back':
      return `A move that had begun ends by itself. See where ${cluster} is Active, and move it back if you want it there.`;
    case 'store-cut':
    case 'cut-off':
      return `What was cut comes back by itself. See where ${cluster} is Active, and move it back if you want it there.`;
    case 'power-off':
      return `Give the server its power back where it has none: it rejoins by itself. See where ${cluster} is Active, and move it back if you want it there.`;
    case 'dry-run':
    case 'components':
    case 'engine-kill':
      return `The agents of ${cluster} go on by themselves.`;
  }
}
