import * as z from 'zod/mini';
import { formatMeasured } from '../fleet/age.ts';
import { DrillRecord, drillWords } from './drill-record.ts';

/** The newest rehearsal of a cluster that moved it or let something fail, as far as a card shows it. */
export const LastDrill = z.pick(DrillRecord, {
  cluster: true,
  kind: true,
  startedAt: true,
  verdict: true,
  outage: true,
});
export type LastDrill = z.infer<typeof LastDrill>;

/**
 * The last ended drill of level 2 or 3 of each of these clusters: those below measure no recovery time. Pure.
 *
 * @param records newest first
 */
export function lastDrills(clusters: readonly string[], records: readonly DrillRecord[]): LastDrill[] {
  return clusters.flatMap((id) => {
    const found = records.find(
      ({ cluster, kind, verdict }) => cluster === id && verdict !== null && drillWords[kind].level >= 2,
    );
    if (found === undefined) return [];
    const { cluster, kind, startedAt, verdict, outage } = found;
    return [{ cluster, kind, startedAt, verdict, outage }];
  });
}

const verdictWords = {
  passed: 'passed',
  'not-passed': 'not passed',
  'not-known': 'not known whether passed',
  interrupted: 'interrupted',
} as const;

/** `Switchover and back passed, 5.9 s without service`. Pure. */
export function lastDrillWords({ kind, verdict, outage }: LastDrill): string {
  const ended = `${drillWords[kind].title} ${verdict === null ? 'runs' : verdictWords[verdict]}`;
  const took = outageWords(outage);
  if (took === null) return ended;
  return took === 'not known'
    ? `${ended}, time without service not known`
    : `${ended}, ${took} without service`;
}

/** `5.9 s` · `at least 5.9 s` · `not known`, between two clocks; null: nothing was measured. Pure. */
export function outageWords(outage: DrillRecord['outage']): string | null {
  if (outage?.ms == null) return null;
  if (outage.betweenClocks === true) return 'not known';
  return `${outage.atLeast ? 'at least ' : ''}${formatMeasured(outage.ms)}`;
}
