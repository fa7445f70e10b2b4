import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { HostName, LabLayout } from '../hosts/layout.ts';
import type { LabCluster } from '../site/lab-site.ts';
import type { StoreKind } from '../site/new-site.ts';

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
  waitForActive(cluster: LabCluster, host: HostName, limitMs?: number): Promise<void>;
  /** The same on whichever host; which one it is. */
  waitForAnyActive(cluster: LabCluster, limitMs?: number): Promise<HostName>;
  /** Both members' journal of a cluster since the scenario began, by boot time. */
  journal(cluster: LabCluster): JournalRecord[];
  /** Resolves when a sentence of that journal fits; an exception after the limit. */
  waitForWords(cluster: LabCluster, words: RegExp, limitMs?: number): Promise<void>;
  /** Messages of senders that are not the judge's, arrived behind the engines so far. */
  foreignArrivals(): Promise<number>;
  /** Adds a check of the scenario's own to its verdict. */
  check(what: string, ok: boolean, seen: string): void;
  /**
   * What has to be undone after the scenario, also when it broke off; last first. Not needed for cuts, frozen or
   * powerless hosts, pulled cables, hanging shares, stopped processes and faults of the engine: see `restore`.
   */
  undo(how: () => Promise<unknown> | void): void;
}

/** One fault of the catalogue (or a planned change), done to a running site and judged from outside. */
export interface Scenario {
  readonly name: string;
  /** Number in the fault catalogue; null for a planned change. */
  readonly fault: number | null;
  readonly does: string;
  readonly expected: string;
  /** What the site is like, where it is not the usual one. */
  readonly store?: StoreKind;
  /** Part of the normal test run. */
  readonly core?: true;
  /** Held faults are looked at twice, five seconds apart: a healed cluster may move once more. */
  readonly held?: true;
  /** Where two minutes are not enough to make the fault and see what is expected. */
  readonly limitMs?: number;
  /** A pattern where the number of processes depends on what happened before. */
  readonly journeys: { readonly WK1: Journey | RegExp; readonly WK2: Journey | RegExp };
  /** The cluster that the fault is meant for, and whose journal has to tell it; WK1 unless said. */
  readonly subject?: 'WK2';
  /**
   * The rule or operation that a journal has to name. `failover`, `restart`: a decision to act by the member that
   * runs the engine at the end; `nothing`: no decision to act; `own-checks`: only what `tells` asks for.
   */
  readonly told: 'failover' | 'operation' | 'restart' | 'nothing' | 'own-checks';
  /** Sentences that the journal has to contain, with the reason in them. */
  readonly tells?: readonly RegExp[];
  /** Nobody could have served for a while, whatever the product did: why. Left out unless so. */
  readonly nobodyCan?: string;
  /** Known limit: what is accepted of two engines, of a poller's runs meeting and of messages lost, and why; everywhere else nothing. */
  readonly limit?: {
    readonly overlapMs: number;
    readonly pollerMeetings: number;
    readonly lost?: number;
    readonly because: string;
  };
  carryOut(stage: Stage): Promise<void>;
}
