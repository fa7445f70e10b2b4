import type { HostName, LabLayout } from '../hosts/layout.ts';
import type { LabCluster } from '../site/lab-site.ts';

/**
 * Where a cluster's engine processes ran during a scenario, in order, one word per process: `first` is
 * the member that was Active at the start. `['first']` says that the engine was not touched.
 */
export type Journey = readonly ('first' | 'other')[];

/** What a scenario may use: the lab, and who was Active when it began. */
export interface Stage {
  readonly lab: LabLayout;
  readonly wk1: LabCluster;
  readonly wk2: LabCluster;
  first(cluster: LabCluster): HostName;
  other(cluster: LabCluster): HostName;
  /** Resolves when the cluster's engine runs on that host alone and is offered to the balancer. */
  waitForActive(cluster: LabCluster, host: HostName): Promise<void>;
  /** Messages of senders that are not the judge's, arrived behind the engines so far. */
  foreignArrivals(): Promise<number>;
  /** Adds a check of the scenario's own to its verdict. */
  check(what: string, ok: boolean, seen: string): void;
}

/** One fault of the catalogue (or a planned change), done to a running site and judged from outside. */
export interface Scenario {
  readonly name: string;
  /** Number in the fault catalogue; null for a planned change. */
  readonly fault: number | null;
  readonly does: string;
  readonly expected: string;
  /** Part of the normal test run. */
  readonly core: boolean;
  /** Held faults are looked at twice, five seconds apart: a healed cluster may move once more. */
  readonly held: boolean;
  /** A pattern where the number of processes depends on what happened before. */
  readonly journeys: { readonly WK1: Journey | RegExp; readonly WK2: Journey };
  /** The rule or operation that a journal has to name: by the member that took over. */
  readonly told: 'failover' | 'operation' | 'restart' | 'nothing';
  carryOut(stage: Stage): Promise<void>;
}
