import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withParts } from '../golden/generated-parts.ts';
import { benches } from './benches.ts';
import { conditionsSentence, type Conditions } from './conditions.ts';
import { markdownTable } from './table.ts';

const path = join(import.meta.dirname, '../../docs/performance.md');
const results = join(import.meta.dirname, 'results');
/** Benches whose results the document shows; each is measured with `--json test/bench/results/NAME.json`. */
const shown = ['peers', 'cost', 'installing', 'witness', 'endurance', 'reports', 'timeline'] as const;

/** The generated parts of docs/performance.md by the name of their markers. */
export const performanceParts: Readonly<Record<string, () => string>> = Object.fromEntries(
  shown.map((name) => [name, () => partOfBench(name)]),
);

export function readPerformanceDocument(): string {
  return readFileSync(path, 'utf8');
}

/** Brings the document up to date with the results that are kept. */
export function writePerformanceDocument(): string {
  writeFileSync(path, withParts(readPerformanceDocument(), performanceParts));
  return 'docs/performance.md is up to date with test/bench/results';
}

function partOfBench(name: string): string {
  const file = join(results, `${name}.json`);
  if (!existsSync(file)) return '\nNot measured yet.\n';
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { conditions: Conditions; result: object };
  const bench = benches.find((one) => one.name === name)!;
  const tables = bench.tables(kept.result).map(markdownTable);
  const { conditions } = kept;
  return `\n${[`On ${conditionsSentence(conditions)} (${conditions.day}).`, ...tables].join('\n\n')}\n`;
}
