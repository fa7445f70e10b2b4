import { until } from './hosts/command.ts';
import { memberHosts, type HostName, type LabLayout } from './hosts/layout.ts';
import { journalSince } from './judge/observe.ts';
import { isActiveOn } from './judge/settled.ts';
import type { Beginning } from './judge/sight.ts';
import type { Traffic } from './judge/traffic.ts';
import type { Check } from './judge/verdict.ts';
import type { Stage } from './scenarios/scenario.ts';
import { labClusters, type LabCluster } from './site/lab-site.ts';

const failoverLimitMs = 60_000;
const wordsLimitMs = 20_000;

/** What a scenario gets, and what has to be undone after it. */
export interface OpenStage {
  readonly stage: Stage;
  readonly checks: readonly Check[];
  /** Undoes everything that the scenario asked to be undone, last first; what fails is told at the end. */
  undoAll(): Promise<void>;
}

export function openStage(lab: LabLayout, traffic: Traffic, beginning: Beginning): OpenStage {
  const [wk1, wk2] = labClusters;
  const checks: Check[] = [];
  const undos: (() => Promise<unknown> | void)[] = [];
  let over = false;
  // A scenario that was given up asks this before everything else that it does, and ends by that.
  const first = (cluster: LabCluster) => {
    if (over) throw new Error('the scenario was given up');
    return beginning.active[cluster.id];
  };
  const journal = (cluster: LabCluster) =>
    memberHosts
      .flatMap((host) => journalSince(lab, cluster, host, beginning.at))
      .sort((one, other) => one.bootMs - other.bootMs);
  const stage: Stage = {
    lab,
    wk1,
    wk2,
    first,
    other: (cluster) => memberHosts.find((host) => host !== first(cluster))!,
    waitForActive: (cluster: LabCluster, host: HostName, limitMs = failoverLimitMs) =>
      until(`${cluster.id} Active on ${host}`, () => isActiveOn(lab, cluster, host), {
        deadlineMs: limitMs,
        everyMs: 50,
      }),
    waitForAnyActive: async (cluster: LabCluster, limitMs = failoverLimitMs) => {
      let found: HostName | undefined;
      const active = async () => {
        for (const host of memberHosts) if (await isActiveOn(lab, cluster, host)) found = host;
        return found !== undefined;
      };
      await until(`${cluster.id} Active somewhere`, active, { deadlineMs: limitMs, everyMs: 50 });
      return found!;
    },
    journal,
    waitForWords: (cluster, words, limitMs = wordsLimitMs) =>
      until(
        `the journal of ${cluster.id} says /${words.source}/`,
        () => journal(cluster).some((record) => words.test(record.sentence)),
        { deadlineMs: limitMs, everyMs: 200 },
      ),
    foreignArrivals: async () => (await traffic.streams()).foreign,
    check: (what, ok, seen) => checks.push({ what, ok, seen }),
    undo: (how) => undos.push(how),
  };
  return {
    stage,
    checks,
    undoAll: () =>
      undoLastFirst(undos).finally(() => {
        over = true;
      }),
  };
}

async function undoLastFirst(undos: (() => Promise<unknown> | void)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const how of undos.splice(0).reverse()) {
    try {
      await how();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
