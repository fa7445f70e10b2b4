import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { timingPresets } from '../../shared/lease/timing.ts';
import { changesIn, tellChange, type ToldChange, type ToldLine } from '../../shared/history/told-change.ts';
import type { RunResults } from './fault-table.ts';
import { projectFolder } from './hosts/prerequisites.ts';
import { replaceBetween } from './marked-text.ts';
import type { ClusterSight } from './judge/verdict.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { labClusters } from './site/lab-site.ts';

export const historiesDocument = join(projectFolder(), 'docs/histories.md');
export const marks = { begin: '<!-- histories -->', end: '<!-- /histories -->' } as const;
const wanted = 3;

/** An outage of one cluster in one scenario, and the change of its journals that ended it. */
export interface History {
  readonly scenario: Scenario;
  readonly sight: ClusterSight;
  readonly change: ToldChange;
}

/**
 * The worst downtimes of a run, one per scenario: of those in which a member could have served all the time, and in which
 * the cluster moved or was to. Pure.
 */
export function worstHistories(scenarios: readonly Scenario[], { verdicts }: RunResults): History[] {
  const found = scenarios
    .filter((scenario) => scenario.nobodyCan === undefined)
    .flatMap((scenario) => {
      const verdict = verdicts.findLast((one) => one.scenario === scenario.name && one.outcome === 'passed');
      const told = (verdict?.clusters ?? []).flatMap((sight) => {
        const change = longestChange(sight);
        return change === null ? [] : [{ scenario, sight, change }];
      });
      return told.sort(byDowntime).slice(0, 1);
    });
  return found.sort(byDowntime).slice(0, wanted);
}

function byDowntime(one: History, other: History): number {
  return other.sight.downtimeMs - one.sight.downtimeMs;
}

function longestChange({ journal }: ClusterSight): ToldChange | null {
  const told = changesIn(journal).flatMap((operation) => tellChange(journal, operation) ?? []);
  const length = ({ withoutActiveMs }: ToldChange) => withoutActiveMs ?? 0;
  return told.sort((one, other) => length(other) - length(one))[0] ?? null;
}

/** What stands between the markers of the document. Pure. */
export function historiesText(scenarios: readonly Scenario[], results: RunResults): string {
  const { date, minutes, cores } = results.circumstances;
  const left = scenarios.filter(({ nobodyCan }) => nobodyCan !== undefined);
  return [
    `The run: ${date}, ${minutes} minutes, ${cores} cores.`,
    '',
    ...worstHistories(scenarios, results).flatMap(historyLines),
    '## Not chosen',
    '',
    'In these nobody could have served for a while, whatever the product did; their downtime is in the [table of faults](failover.md).',
    '',
    ...left.map(({ name, nobodyCan }) => `- \`${name}\`: ${nobodyCan}`),
  ].join('\n');
}

function historyLines({ scenario, sight, change }: History, index: number): string[] {
  const preset = labClusters.find(({ id }) => id === sight.cluster)!.timing;
  const { T } = timingPresets[preset];
  const { title, askedBy, ended, withoutActiveMs, parts, why, lines } = change;
  const by = askedBy === null ? 'by rule' : `asked for by \`${askedBy}\``;
  return [
    `## ${index + 1}. ${title}: ${seconds(sight.downtimeMs)} without an acknowledgement`,
    '',
    `Fault ${scenario.fault ?? '–'}, \`${scenario.name}\`: ${scenario.does}.`,
    `${sight.cluster} has preset ${preset}: a lease lasts ${T} s.`,
    '',
    `**What the journals tell.** ${title}, ${by}. It ended with: ${ended?.sentence ?? 'nothing that is told.'} From \`${change.beganAt}\` on there was no Active for ${seconds(withoutActiveMs ?? 0)}.`,
    '',
    `**Why it took that long.** ${why}`,
    '',
    '**Where the time went.**',
    '',
    '| part | s | of it | the journal’s reason |',
    '| --- | --- | --- | --- |',
    ...parts.map(({ what, ms, why: reason }) =>
      row([what, (ms / 1000).toFixed(2), `${Math.round((100 * ms) / (withoutActiveMs || 1))} %`, reason]),
    ),
    '',
    '**What was seen, decided and done.** Seconds since the beginning.',
    '',
    '| s | server | | rule | in the journal |',
    '| --- | --- | --- | --- | --- |',
    ...lines.filter(isNew).map(lineRow),
    '',
  ];
}

/** Some things are written down twice by a server: as its role, and as the end of what it was asked for. */
function isNew({ server, sentence }: ToldLine, index: number, lines: readonly ToldLine[]): boolean {
  return lines.findIndex((one) => one.server === server && one.sentence === sentence) === index;
}

function lineRow({ atMs, server, what, ruleId, sentence }: ToldLine): string {
  return row([(atMs / 1000).toFixed(2), server, what, ruleId ?? '', sentence]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}

/** Brings the document up to date with the results of a run. */
export function writeHistories(scenarios: readonly Scenario[], folder: string): void {
  const results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as RunResults;
  const text = readFileSync(historiesDocument, 'utf8');
  writeFileSync(historiesDocument, replaceBetween(text, marks, historiesText(scenarios, results)));
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
