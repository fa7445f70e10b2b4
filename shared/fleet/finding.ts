import type { RunbookId } from '../help/runbook.ts';

/**
 * danger: a failover would not work, or messages are at risk · unknown: cannot be seen, and counts as
 * not ready · warn: look at it, a failover works.
 */
export type Severity = 'danger' | 'unknown' | 'warn';

/** Where a finding comes from. Findings with an equal root are one problem, across all clusters. */
export type Root =
  | { readonly kind: 'server'; readonly server: string }
  | { readonly kind: 'path'; readonly ends: readonly [string, string] }
  | { readonly kind: 'cluster'; readonly cluster: string; readonly what: string };

/** One thing that asks for attention in one cluster, in words. */
export interface Finding {
  readonly severity: Severity;
  readonly root: Root;
  /** `ig-south does not reach the lease store`. */
  readonly title: string;
  /** What it means for messages and what to do. */
  readonly text: string;
  readonly ageMs: number | null;
  /** What tells more of it and what to do, step by step. */
  readonly runbook: RunbookId;
  /** The alarms of agents that say the same; a person can acknowledge those. Empty: no agent that answers says it. */
  readonly alarms: readonly AlarmRef[];
}

/** An alarm of one member of the finding's cluster, by the name of its condition. */
export interface AlarmRef {
  readonly server: string;
  readonly name: string;
}
