import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterSight, Verdict } from './judge/verdict.ts';

const columns = [
  'scenario',
  'fault',
  'verdict',
  'engines',
  'downtime s',
  'two engines ms',
  'lost',
  'disorder',
  'twice',
  'pollers met',
  'rules',
] as const;

/** One row per scenario and cluster. Pure. */
export function rows(verdicts: readonly Verdict[]): string[][] {
  return verdicts.flatMap((verdict) => {
    const head = [verdict.scenario, verdict.fault === null ? '–' : String(verdict.fault), verdict.outcome];
    if (verdict.clusters.length === 0)
      return [[...head, short(verdict.because), ...columns.slice(4).map(() => '')]];
    return verdict.clusters.map((sight, index) => [
      ...(index === 0 ? head : ['', '', '']),
      ...figures(sight),
    ]);
  });
}

/** The first line of a reason; the whole of it follows the table. */
function short(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function figures(sight: ClusterSight): string[] {
  const rules = sight.journal.flatMap((record) => (record.verdict === 'act' && record.ruleId) || []);
  return [
    `${sight.cluster} ${sight.journey.join('→')}`,
    (sight.downtimeMs / 1000).toFixed(2),
    String(sight.overlapMs),
    String(sight.lost),
    String(sight.outOfOrder),
    String(sight.duplicates),
    String(sight.pollerMeetings),
    [...new Set(rules)].join(' '),
  ];
}

/** The table for a terminal. Pure. */
export function table(verdicts: readonly Verdict[]): string {
  const all = [[...columns], ...rows(verdicts)];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What went wrong, one reason per broken check. Pure. */
export function complaints({ because, checks }: Verdict): string[] {
  const broken = checks.filter((check) => !check.ok).map(({ what, seen }) => `${what}: ${seen}`);
  return because === '' ? broken : [because, ...broken];
}

/**
 * The end of a run: `failed: NAME: REASON` and `skipped: NAME: REASON`, one line each, further reasons
 * below, and the sum as the last line. The test script reads these. Pure.
 */
export function closing(verdicts: readonly Verdict[]): string[] {
  const lines = verdicts
    .filter((verdict) => verdict.outcome !== 'passed')
    .flatMap((verdict) => {
      const [reason = 'see its evidence', ...more] = complaints(verdict).flatMap((text) => text.split('\n'));
      return [`${verdict.outcome}: ${verdict.scenario}: ${reason}`, ...more.map((text) => `  | ${text}`)];
    });
  return [...lines, lastLine(verdicts)];
}

function lastLine(verdicts: readonly Verdict[]): string {
  const count = (outcome: Verdict['outcome']) => verdicts.filter((one) => one.outcome === outcome).length;
  return `lab: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

/** Writes `results.json` and `results.md` into a folder. */
export function writeResults(folder: string, verdicts: readonly Verdict[], circumstances: object): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify({ circumstances, verdicts }, null, 2)}\n`);
  writeFileSync(join(folder, 'results.md'), markdown(verdicts, circumstances));
}

function markdown(verdicts: readonly Verdict[], circumstances: object): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const facts = Object.entries(circumstances).map(([name, value]) => `- ${name}: ${String(value)}\n`);
  const wrong = verdicts
    .filter((verdict) => verdict.outcome === 'failed')
    .flatMap((verdict) => complaints(verdict).map((text) => `- ${verdict.scenario}: ${text}\n`));
  return [
    '# Lab results\n\n',
    ...facts,
    '\n',
    line(columns),
    line(columns.map(() => '---')),
    ...rows(verdicts).map(line),
    ...(wrong.length > 0 ? ['\n## Failed checks\n\n', ...wrong] : []),
    `\n${lastLine(verdicts)}\n`,
  ].join('');
}
