import { measureChange } from './agent-change.ts';
import { measureCost, type CostOfSite } from './cost.ts';
import { measureInstalling } from './installing.ts';
import { measureReports } from './reports.ts';
import { costTables, enduranceTables, witnessTables } from './cost-tables.ts';
import { measureEndurance, type Endurance } from './endurance.ts';
import { measureStart } from './first-picture.ts';
import type { Measured } from './measured.ts';
import { measurePeers } from './peers/peers-bench.ts';
import { peersTables } from './peers/peers-tables.ts';
import { spreadOf, type PeersResult } from './peers/results.ts';
import type { Table } from './table.ts';
import { measureTimeline, timelineTables, type TimelineResult } from './timeline/timeline-bench.ts';
import { measureWitness, type WitnessResult } from './witness-load.ts';

export interface BenchOptions {
  /** How often an event or a start is repeated; undefined: as often as the bench finds right. */
  readonly runs: number | undefined;
  /** How long something is watched; undefined: some minutes. */
  readonly seconds: number | undefined;
  readonly holdSeconds: number | undefined;
  readonly contenders: readonly string[];
  readonly events: readonly string[];
  readonly clusters: readonly number[];
  /** The result of an earlier run that this one goes on with. */
  readonly earlier: object | undefined;
  readonly tell: (line: string) => void;
  /** What is known so far, for a run that is broken off. */
  readonly keep: (result: object) => void;
}

export interface Bench {
  readonly name: string;
  readonly does: string;
  /** Needs the lab of real hosts, and root. */
  readonly lab: boolean;
  measure(options: BenchOptions): Promise<object>;
  tables(result: object): Table[];
}

export const benches: readonly Bench[] = [
  bench<readonly Measured[]>({
    name: 'start',
    does: 'from the start of the console to its first picture',
    lab: false,
    measure: () => measureStart(),
    tables: times,
  }),
  bench<readonly Measured[]>({
    name: 'change',
    does: 'from a decision at an agent to its rule on the page',
    lab: false,
    measure: () => measureChange(),
    tables: times,
  }),
  bench<readonly Measured[]>({
    name: 'reports',
    does: 'all checks of readiness and their reports, by click and by command',
    lab: false,
    measure: ({ runs }) => measureReports(runs ?? 5),
    tables: times,
  }),
  bench<readonly Measured[]>({
    name: 'installing',
    does: 'preflight, installation and upgrade of a site with one cluster',
    lab: true,
    measure: ({ runs, tell }) => measureInstalling(runs ?? 3, tell),
    tables: times,
  }),
  bench<TimelineResult>({
    name: 'timeline',
    does: 'the timeline over 1 000 and 100 000 records: opening, paging, searching, scrolling',
    lab: false,
    measure: ({ runs, tell }) => measureTimeline(runs ?? 20, tell),
    tables: timelineTables,
  }),
  bench<PeersResult>({
    name: 'peers',
    does: 'downtime beside keepalived and Pacemaker on real hosts',
    lab: true,
    measure: ({ runs, holdSeconds, contenders, events, earlier, tell, keep }) =>
      measurePeers({
        runs: runs ?? 3,
        holdMs: (holdSeconds ?? 20) * 1_000,
        contenders,
        events,
        earlier: earlier as PeersResult | undefined,
        tell,
        onProgress: keep,
      }),
    tables: peersTables,
  }),
  bench<CostOfSite>({
    name: 'cost',
    does: 'processor, memory, disk and network of agent, guards and witness',
    lab: true,
    measure: ({ seconds, tell }) => measureCost(seconds ?? 180, tell),
    tables: costTables,
  }),
  bench<readonly WitnessResult[]>({
    name: 'witness',
    does: 'one witness with many clusters',
    lab: false,
    measure: ({ seconds, clusters, tell }) =>
      measureWitness({ clusters: clusters.length > 0 ? clusters : [100, 500], seconds: seconds ?? 60, tell }),
    tables: witnessTables,
  }),
  bench<Endurance>({
    name: 'endurance',
    does: 'ten heartbeats a second: growth of memory, open files and disk',
    lab: true,
    measure: ({ seconds, tell }) => measureEndurance(seconds ?? 300, tell),
    tables: enduranceTables,
  }),
];

/** Each bench reads what it has written itself, also from a file. */
function bench<Result extends object>(one: {
  readonly name: string;
  readonly does: string;
  readonly lab: boolean;
  readonly measure: (options: BenchOptions) => Promise<Result>;
  readonly tables: (result: Result) => Table[];
}): Bench {
  return { ...one, tables: (result) => one.tables(result as Result) };
}

function times(measured: readonly Measured[]): Table[] {
  const row = ({ title, times: values }: Measured) => {
    const spread = spreadOf(values);
    const whole = (ms: number | undefined) => (ms === undefined ? '–' : String(Math.round(ms)));
    return [title, whole(spread?.min), whole(spread?.median), whole(spread?.max), String(values.length)];
  };
  return [{ title: 'Milliseconds', head: ['what', 'min', 'median', 'max', 'n'], rows: measured.map(row) }];
}
