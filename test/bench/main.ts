import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { labLayout } from '../lab/hosts/layout.ts';
import { takeDownNow } from '../lab/take-down-now.ts';
import { benches, type Bench, type BenchOptions } from './benches.ts';
import { conditions, conditionsSentence, loadNow } from './conditions.ts';
import { writePerformanceDocument } from './performance-document.ts';
import { plainTable } from './table.ts';

/** `npm run bench -- NAME`: measures and prints; nothing here passes or fails. The flags: scripts/lib/program-specs.mjs. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      runs: { type: 'string' },
      seconds: { type: 'string' },
      hold: { type: 'string' },
      contenders: { type: 'string' },
      events: { type: 'string' },
      clusters: { type: 'string' },
      continue: { type: 'boolean' },
      document: { type: 'boolean' },
    },
  });
  if (values.document === true) return say(writePerformanceDocument());
  const [name] = positionals;
  if (name === 'list') return say(benches.map(listed).join('\n'));
  const chosen =
    name === undefined ? benches.filter(({ lab }) => !lab) : benches.filter((one) => one.name === name);
  if (chosen.length === 0) {
    console.error(`There is no bench ${name}.\n  Next: see what there is: npm run bench -- list`);
    return 2;
  }
  const options = {
    runs: wholeNumber('--runs', values.runs),
    seconds: wholeNumber('--seconds', values.seconds),
    holdSeconds: wholeNumber('--hold', values.hold),
    contenders: words(values.contenders),
    events: words(values.events),
    clusters: words(values.clusters).map((text) => wholeNumber('--clusters', text)!),
    earlier: values.continue === true ? earlierResult(values.json) : undefined,
    tell: (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
  };
  const broken = () => breakOff(chosen.some(({ lab }) => lab));
  process.once('SIGINT', broken).once('SIGTERM', broken);
  for (const bench of chosen) await measure(bench, options, values.json);
  return 0;
}

/** A line of progress first, then the tables; the file holds what is known even when the run is broken off. */
async function measure(
  bench: Bench,
  options: Omit<BenchOptions, 'keep'>,
  file: string | undefined,
): Promise<void> {
  const before = loadNow();
  let kept: Promise<void> = Promise.resolve();
  const keep = (result: object) => {
    if (file === undefined) return;
    kept = kept.then(async () =>
      write(file, { bench: bench.name, conditions: await conditions(before), result }),
    );
  };
  const result = await bench.measure({ ...options, keep });
  keep(result);
  await kept;
  for (const table of bench.tables(result)) console.log(`\n${plainTable(table)}`);
  console.log(`\n${conditionsSentence(await conditions(before))}`);
}

function write(file: string, content: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);
}

function earlierResult(file: string | undefined): object | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { result: object }).result;
}

/** What was started ends with this process; the lab is taken down by a process of its own. */
function breakOff(lab: boolean): void {
  if (lab) takeDownNow(labLayout());
  process.exit(130);
}

function listed({ name, does, lab }: Bench): string {
  return `${name.padEnd(10)} ${does}${lab ? ' (real hosts: needs root)' : ''}`;
}

function words(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').filter(Boolean);
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  console.error(`${flag} takes a whole number from 1, not ${text}.`);
  process.exit(2);
}

function say(text: string): number {
  console.log(text);
  return 0;
}

process.exit(await main());
