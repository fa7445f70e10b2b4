import { memberHosts, type HostName, type LabLayout } from '../hosts/layout.ts';
import type { LabCluster } from '../site/lab-site.ts';
import { downtimeParts, longestGap } from './downtime.ts';
import { engineRuns, journalSince } from './observe.ts';
import { gapMs, meetings, overlapMs, since, type EngineRun } from './records.ts';
import { meterLog, type Traffic, type TrafficCounters } from './traffic.ts';
import type { ClusterSight } from './verdict.ts';

/** How things stood when a scenario began. */
export interface Beginning {
  readonly at: number;
  readonly active: Readonly<Record<LabCluster['id'], HostName>>;
  readonly counters: readonly TrafficCounters[];
}

/** What became of one cluster since a scenario began, from records, traffic and journals. */
export async function sightOf(
  lab: LabLayout,
  traffic: Traffic,
  cluster: LabCluster,
  beginning: Beginning,
): Promise<ClusterSight> {
  const runs = memberHosts.map((host) => ({ host, runs: engineRuns(lab, cluster, host) }));
  const [one, other] = runs.map((side) =>
    since(
      side.runs.flatMap((run) => run.stretches),
      beginning.at,
    ),
  );
  const [onePollers, otherPollers] = runs.map((side) =>
    since(
      side.runs.flatMap((run) => run.pollers),
      beginning.at,
    ),
  );
  const now = (await traffic.counters()).find((counters) => counters.cluster === cluster.id)!;
  const then = beginning.counters.find((counters) => counters.cluster === cluster.id)!;
  const hosts = hostsInOrder(runs, beginning.at);
  const journal = memberHosts
    .flatMap((host) => journalSince(lab, cluster, host, beginning.at))
    .sort((a, b) => a.bootMs - b.bootMs);
  const gap = longestGap(meterLog(lab, cluster), beginning.at);
  return {
    cluster: cluster.id,
    journey: hosts.map((host) => (host === beginning.active[cluster.id] ? 'first' : 'other')),
    activeAtEnd: hosts.at(-1) ?? '',
    downtimeMs: now.longestGapMs,
    parts: gap && downtimeParts(gap, journal),
    overlapMs: overlapMs(one!, other!),
    pollerMeetings: meetings(onePollers!, otherPollers!),
    acknowledged: now.acknowledged - then.acknowledged,
    lost: now.lost - then.lost,
    outOfOrder: now.outOfOrder - then.outOfOrder,
    duplicates: now.duplicates - then.duplicates,
    unexplained: now.unexplained.filter((name) => !then.unexplained.includes(name)),
    journal,
  };
}

/**
 * The host of each engine process that ran at an instant or later, in the order of their starts. A process
 * that ended just after the instant may have left its last sign before it. Pure.
 */
export function hostsInOrder(
  sides: readonly { readonly host: HostName; readonly runs: readonly EngineRun[] }[],
  from: number,
): HostName[] {
  return sides
    .flatMap(({ host, runs }) => runs.map((run) => ({ host, stretches: run.stretches })))
    .filter(({ stretches }) => (stretches.at(-1)?.to ?? 0) >= from - gapMs)
    .sort((a, b) => a.stretches[0]!.from - b.stretches[0]!.from)
    .map(({ host }) => host);
}
