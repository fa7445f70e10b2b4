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
}
