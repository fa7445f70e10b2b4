import type { CheckDefinition, ReadinessSection } from '../../../shared/readiness/check.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { worstFirst } from '../../../shared/readiness/check.ts';
import type { StandingCheck } from '../../../shared/readiness/readiness-view.ts';
import {
  isUnmet,
  openSubjects,
  type CheckResult,
  type SubjectResult,
} from '../../../shared/readiness/results.ts';

/** One check as the list shows it. */
export interface StandingRow {
  readonly check: CheckDefinition;
  readonly result: CheckResult;
  readonly isOpen: boolean;
  /** What its line tells of: the subjects that led to its verdict. */
  readonly told: readonly SubjectResult[];
  /** Age of the oldest of that when the host told of it; null: unknown. */
  readonly ageMs: number | null;
}

export const rowFilters = ['All', 'Open', 'Failed', 'By people', 'Put aside'] as const;
export type RowFilter = (typeof rowFilters)[number];

export interface RowChoice {
  readonly filter: RowFilter;
  /** Null: all of them. */
  readonly section: ReadinessSection | null;
  /** Empty: all of them. */
  readonly cluster: string;
}

/** The checks that stand, each with its definition, for one cluster or all of them. Those that do not apply are left out. */
export function standingRows(standing: readonly StandingCheck[], cluster: string): StandingRow[] {
  return readinessChecks.flatMap((check) => {
    const found = standing.find(({ result }) => result.check === check.id);
    const result = found && ofCluster(found.result, cluster);
    if (found === undefined || result === undefined || result.verdict === 'not-applicable') return [];
    const told = result.subjects.filter(({ verdict }) => verdict === result.verdict);
    const ages = told.flatMap(({ ageMs }) => ageMs ?? []);
    const known = result.verdict !== 'unknown' || ages.length > 0;
    const ageMs = known ? Math.max(0, ...ages) + found.judgedAgoMs : null;
    return [{ check, result, isOpen: openSubjects(result).length > 0, told, ageMs }];
  });
}

/** A check as it stands for one cluster; what is about the site concerns every cluster. */
function ofCluster(result: CheckResult, cluster: string): CheckResult | undefined {
  if (cluster === '') return result;
  const subjects = result.subjects.filter(({ subject }) => subject === '' || subject === cluster);
  const [worst] = subjects.map(({ verdict }) => verdict).sort(worstFirst);
  return worst === undefined ? undefined : { ...result, verdict: worst, subjects };
}

export function fits(row: StandingRow, { filter, section }: Pick<RowChoice, 'filter' | 'section'>): boolean {
  if (section !== null && row.check.section !== section) return false;
  switch (filter) {
    case 'All':
      return true;
    case 'Open':
      return row.isOpen;
    case 'Failed':
      return row.isOpen && row.result.verdict === 'failed';
    case 'By people':
      return row.check.how.by === 'person';
    case 'Put aside':
      return row.result.subjects.some(({ snooze }) => snooze !== null);
  }
}

/** What asks for attention first, the rest in the order of the sections. */
export function openFirst(rows: readonly StandingRow[]): { open: StandingRow[]; rest: StandingRow[] } {
  return {
    open: rows
      .filter(({ isOpen }) => isOpen)
      .sort((one, other) => worstFirst(one.result.verdict, other.result.verdict)),
    rest: rows.filter(({ isOpen }) => !isOpen),
  };
}

/** What the line of a check says: each finding once, with its cluster where they differ. */
export function findingOf({ told, result }: StandingRow): string {
  const findings = [...new Set(told.map(({ finding }) => finding))];
  if (findings.length === 1 || result.subjects.length === 1) return findings[0] ?? '';
  return told.map(({ subject, finding }) => `${subject}: ${finding}`).join('; ');
}

/** Whom the line tells of: `site`, `WK2`, `both`, `3 clusters`. */
export function aboutOf({ told, result: { subjects } }: StandingRow): string {
  const [first] = told;
  if (first === undefined || first.subject === '') return 'site';
  if (told.length === 1) return first.subject;
  return told.length === 2 && subjects.length === 2 ? 'both' : `${told.length} clusters`;
}

/** Put aside, by whom and until when; empty: it is not. */
export function asideOf({ result: { subjects } }: StandingRow): string {
  const asleep = subjects.flatMap(({ snooze }) => snooze ?? []);
  return asleep.map(({ by, until, reason }) => `Put aside by ${by} until ${until}: ${reason}`).join('. ');
}

/** Of all rows how many a filter leaves. */
export function countOf(rows: readonly StandingRow[], choice: Pick<RowChoice, 'filter' | 'section'>): number {
  return rows.filter((row) => fits(row, choice)).length;
}

export function isMet({ result }: StandingRow): boolean {
  return !isUnmet(result.verdict);
}
