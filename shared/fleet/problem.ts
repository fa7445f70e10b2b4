import type { RunbookId } from '../help/runbook.ts';
import type { AlarmRef, Severity } from './finding.ts';

/** One root cause with everything that follows from it folded in. */
export interface Problem {
  readonly key: string;
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  /** Clusters concerned, in the site's order. */
  readonly clusters: readonly string[];
  readonly ageMs: number | null;
  /** What follows from it, worded; empty when it is one thing in one cluster. */
  readonly folded: readonly string[];
  readonly runbook: RunbookId;
  /** Every alarm of an agent that says a part of it. */
  readonly alarms: readonly (AlarmRef & { readonly cluster: string })[];
  /** Where a person does something about it; null: the run-book says more. */
  readonly leadsTo: ProblemPlace | null;
}

/** A page of the console. */
export type ProblemPlace =
  | { readonly page: 'drills' }
  | { readonly page: 'verification'; readonly cluster: string; readonly operation: string };
