import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './hosts/prerequisites.ts';
import { replaceBetween } from './marked-text.ts';
import type { ClusterSight, Verdict } from './judge/verdict.ts';
import { notCovered } from './scenarios/not-covered.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { labClusters } from './site/lab-site.ts';

export const faultDocument = join(projectFolder(), 'docs/failover.md');
const begin = '<!-- faults -->';
const end = '<!-- /faults -->';
const columns = [
  'fault',
  'what was done',
  'verdict',
  'cluster, preset',
  'engines',
  'downtime s',
  'two engines ms',
  'lost',
  'out of order',
  'sent twice',
];
/** Columns that say what the scenario is; the others are figures of a run. */
const headColumns = 2;

/** What a run leaves in `results.json`. */
export interface RunResults {
  readonly circumstances: Readonly<Record<string, string | number>>;
  readonly verdicts: readonly Verdict[];
}

/** One row of the document: who it is about, and the figures of its clusters. */
interface ShownFault {
  readonly scenario: string;
  readonly head: readonly string[];
  readonly figures: readonly (readonly string[])[];
}

/**
 * What stands between the markers of the document: one row per scenario and cluster, by fault; below it what is not
 * covered. The last result on a scenario counts; one without a result keeps the figures that `shown` has of it. Pure.
 */
export function faultTable(
  scenarios: readonly Scenario[],
  runs: readonly RunResults[],
  shown: readonly ShownFault[] = [],
): string {
  const ordered = [...scenarios].sort((one, other) => (one.fault ?? 0) - (other.fault ?? 0));
  const verdicts = runs.flatMap((run) => run.verdicts);
  const rows = ordered.flatMap((scenario) => {
    const verdict = verdicts.findLast((one) => one.scenario === scenario.name);
    const kept = shown.find((one) => one.scenario === scenario.name)?.figures ?? [['not run']];
    const figures = verdict ? figuresOf(scenario, verdict) : kept;
    return figures.map((cells, at) => [...(at === 0 ? headOf(scenario) : ['', '']), ...cells]);
  });
  const line = (cells: readonly string[]) => `| ${columns.map((_, at) => cells[at] ?? '').join(' | ')} |`;
  return [
    ...runs.map(({ circumstances }) => `${circumstancesWords(circumstances)}\n`),
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
    'Not covered by these scenarios, by number of the fault:',
    '',
    ...notCovered.map(notCoveredLine),
  ].join('\n');
}

/** As the document says it. Pure. */
export function notCoveredLine({ fault, part, because }: (typeof notCovered)[number]): string {
  return `- ${fault}${part === undefined ? '' : `, ${part}`}: ${because}`;
}

function circumstancesWords(circumstances: RunResults['circumstances']): string {
  const facts = Object.entries(circumstances).filter(([name]) => name !== 'scenarios');
  return `The run: ${facts.map(([name, value]) => `${name} ${value}`).join(', ')}.`;
}

/** Fault and what was done, as the document shows them; compared by a test. Pure. */
export function headOf({ name, fault, does }: Scenario): string[] {
  return [fault === null ? '–' : String(fault), `\`${name}\`: ${does.replaceAll('|', String.raw`\|`)}`];
}

function figuresOf(scenario: Scenario, verdict: Verdict): string[][] {
  if (verdict.clusters.length === 0) return [[verdict.outcome]];
  return verdict.clusters.map((sight, at) => [
    at === 0 ? verdict.outcome : '',
    ...clusterCells(scenario, sight),
  ]);
}

function clusterCells({ limit }: Scenario, sight: ClusterSight): string[] {
  const preset = labClusters.find((cluster) => cluster.id === sight.cluster)!.timing;
  const { journey, downtimeMs, overlapMs, lost, outOfOrder, duplicates } = sight;
  return [
    `${sight.cluster}, ${preset}`,
    journey.join(' → '),
    (downtimeMs / 1000).toFixed(2),
    `${overlapMs}${overlapMs > 0 && limit ? ` (${limit.because})` : ''}`,
    ...[lost, outOfOrder, duplicates].map(String),
  ];
}

/** Brings the table of the document up to date with these results. */
export function writeFaultTable(scenarios: readonly Scenario[], files: readonly string[]): void {
  const runs = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as RunResults);
  const text = readFileSync(faultDocument, 'utf8');
  const table = faultTable(scenarios, runs, tableOf(text));
  writeFileSync(faultDocument, replaceBetween(text, { begin, end }, table));
}

/** What a document's table shows of each scenario. Pure. */
export function tableOf(text: string): ShownFault[] {
  const table = text.split(begin)[1]?.split(end)[0] ?? '';
  const shown: { scenario: string; head: string[]; figures: string[][] }[] = [];
  for (const line of table.split('\n')) {
    if (!line.startsWith('|')) continue;
    const cells = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    const [head, figures] = [cells.slice(0, headColumns), cells.slice(headColumns)];
    const scenario = /^`(.+?)`: /.exec(head[1] ?? '')?.[1];
    if (scenario !== undefined) shown.push({ scenario, head, figures: [figures] });
    else if (head.join('') === '') shown.at(-1)?.figures.push(figures);
  }
  return shown;
}
