import * as z from 'zod/mini';
import { readinessVerdicts } from './check.ts';
import { PersonAnswer, Snooze } from './kept-readiness.ts';

/** What one check says of one subject. */
export const SubjectResult = z.object({
  /** Id of a cluster; empty: the site. */
  subject: z.string(),
  verdict: z.enum(readinessVerdicts),
  finding: z.string(),
  /** What to do; null: nothing has to be done. */
  remedy: z.nullable(z.string()),
  /** Age of what it rests on when it was judged, in milliseconds; null: not known, or no observation. */
  ageMs: z.nullable(z.number()),
  /** What a person said; null: the check is automatic, or nobody has answered. */
  answer: z.nullable(PersonAnswer),
  /** Null: it is not put aside, or that has ended. */
  snooze: z.nullable(Snooze),
});
export type SubjectResult = z.infer<typeof SubjectResult>;

/** One check with all its subjects. */
export const CheckResult = z.object({
  check: z.string(),
  /** The worst of its subjects. */
  verdict: z.enum(readinessVerdicts),
  subjects: z.array(SubjectResult),
});
export type CheckResult = z.infer<typeof CheckResult>;

/** All checks at one moment, as they are kept for comparison. */
export const ReadinessRun = z.object({
  wallTime: z.string(),
  by: z.string(),
  tookMs: z.number(),
  results: z.array(CheckResult),
});
export type ReadinessRun = z.infer<typeof ReadinessRun>;

/** How many checks stand how. Those that do not apply are counted nowhere. */
export const Tally = z.object({
  of: z.int(),
  met: z.int(),
  /** Not met and not put aside. */
  open: z.int(),
  snoozed: z.int(),
  /** Of the open ones. */
  failed: z.int(),
  unknown: z.int(),
  warning: z.int(),
});
export type Tally = z.infer<typeof Tally>;

/** True when something of it is not met and not put aside. */
export function isOpen(result: CheckResult): boolean {
  return openSubjects(result).length > 0;
}

export function openSubjects({ subjects }: CheckResult): SubjectResult[] {
  return subjects.filter(({ verdict, snooze }) => isUnmet(verdict) && snooze === null);
}

export function isUnmet(verdict: SubjectResult['verdict']): boolean {
  return verdict !== 'ok' && verdict !== 'not-applicable';
}

export function tally(results: readonly CheckResult[]): Tally {
  const counted = results.filter(({ verdict }) => verdict !== 'not-applicable');
  const unmet = counted.filter(({ verdict }) => isUnmet(verdict));
  const open = unmet.filter(isOpen);
  const worst = (verdict: SubjectResult['verdict']) =>
    open.filter((result) => openVerdict(result) === verdict).length;
  return {
    of: counted.length,
    met: counted.length - unmet.length,
    open: open.length,
    snoozed: unmet.length - open.length,
    failed: worst('failed'),
    unknown: worst('unknown'),
    warning: worst('warning'),
  };
}

/** The worst of what is open: a failure that is put aside leaves what else is open. */
function openVerdict(result: CheckResult): SubjectResult['verdict'] | undefined {
  const open = openSubjects(result).map(({ verdict }) => verdict);
  return (['failed', 'unknown', 'warning'] as const).find((verdict) => open.includes(verdict));
}

/** Nothing open is failed, and nothing open is unknown: unknown counts as not ready. */
export function isReadyByChecks({ failed, unknown }: Tally): boolean {
  return failed + unknown === 0;
}

/** What differs between two runs. */
export const RunChange = z.object({
  check: z.string(),
  subject: z.string(),
  /** Null: it was not there. */
  before: z.nullable(z.object({ verdict: z.enum(readinessVerdicts), finding: z.string() })),
  after: z.nullable(z.object({ verdict: z.enum(readinessVerdicts), finding: z.string() })),
});
export type RunChange = z.infer<typeof RunChange>;

/** Every subject whose verdict changed from one run to the next, those that got worse first. */
export function compareRuns(
  before: Pick<ReadinessRun, 'results'>,
  after: Pick<ReadinessRun, 'results'>,
): RunChange[] {
  const [one, other] = [bySubject(before), bySubject(after)];
  const changes = [...new Set([...one.keys(), ...other.keys()])].flatMap((key): RunChange[] => {
    const [was, is] = [one.get(key), other.get(key)];
    if (was?.result.verdict === is?.result.verdict) return [];
    const { check, subject } = (was ?? is)!;
    return [{ check, subject, before: shortOf(was?.result), after: shortOf(is?.result) }];
  });
  return changes.sort(
    (a, b) => Number(gotBetter(a)) - Number(gotBetter(b)) || a.check.localeCompare(b.check),
  );
}

/** True for a change that nobody has to look at. */
export function gotBetter({ after }: RunChange): boolean {
  return after === null || !isUnmet(after.verdict);
}

function bySubject({ results }: Pick<ReadinessRun, 'results'>) {
  return new Map(
    results.flatMap(({ check, subjects }) =>
      subjects.map(
        (result) => [`${check} ${result.subject}`, { check, subject: result.subject, result }] as const,
      ),
    ),
  );
}

function shortOf(result: SubjectResult | undefined) {
  return result === undefined ? null : { verdict: result.verdict, finding: result.finding };
}
