import type { CostOfSite } from './cost.ts';
import type { Endurance } from './endurance.ts';
import type { Slope } from './slope.ts';
import { megabytes, type Table } from './table.ts';
import type { WitnessResult } from './witness-load.ts';

export function costTables({ programs, network, seconds }: CostOfSite): Table[] {
  return [
    {
      title: `What each program costs, H = 1 s with all probes, over ${minutes(seconds)}`,
      head: ['program', 'server', 'core %', 'anonymous MB', 'RSS MB', 'disk MB per hour'],
      rows: programs.map((one) => [
        one.program,
        one.host,
        one.cpuPercent.toFixed(2),
        megabytes(one.anonymousKb),
        megabytes(one.rssKb),
        megabytes(one.writtenKbPerHour),
      ]),
    },
    {
      title:
        'Network of each server in megabytes per hour, checks of the load balancer included, no messages',
      head: ['server', 'sent', 'received'],
      rows: network.map(({ host, sentKbPerHour, receivedKbPerHour }) => [
        host,
        megabytes(sentKbPerHour),
        megabytes(receivedKbPerHour),
      ]),
    },
  ];
}

export function witnessTables(results: readonly WitnessResult[]): Table[] {
  return [
    {
      title: 'One witness, two members per cluster, each with its own connection, H = 1 s',
      head: [
        'clusters',
        'answers per second',
        'core %',
        'anonymous MB',
        'RSS MB',
        'round trip ms, median / max',
        'over',
      ],
      rows: results.map((one) => [
        String(one.clusters),
        one.answersPerSecond.toFixed(0),
        one.cpuPercent.toFixed(2),
        megabytes(one.anonymousKb),
        megabytes(one.rssKb),
        `${one.roundTripMs.median.toFixed(1)} / ${one.roundTripMs.max.toFixed(0)}`,
        minutes(one.seconds),
      ]),
    },
  ];
}

export function enduranceTables({ growth, beats, seconds }: Endurance): Table[] {
  return [
    {
      title: `Growth per day of heartbeats (86 400), from ${beats} heartbeats at ten a second in ${minutes(seconds)}; ± is the 95 % interval`,
      head: ['program', 'server', 'anonymous kB', 'open files', 'files on disk kB'],
      rows: growth.map((one) => [
        one.program,
        one.host,
        perDay(one.anonymousKb),
        perDay(one.descriptors),
        perDay(one.stateKb),
      ]),
    },
  ];
}

function perDay(slope: Slope | null): string {
  return slope === null ? '–' : `${Math.round(slope.perUnit) || 0} ± ${slope.within.toFixed(0)}`;
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${(seconds / 60).toFixed(0)} min`;
}
