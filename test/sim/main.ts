// `npm run sim -- --seeds N [--from S]`: N histories from seed S on, spread over the processors. Without options:
// what `npm test` runs, with the seeds that once failed and every planted bug.
// `--trace` prints the history of each seed, `--planted NAME` breaks the product on purpose, `--workers N`.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { figuresOf, rulesNotReached } from './figures.ts';
import { isPlantedBug, plantedBugs, plantedNames, showsPlanted, type PlantedBug } from './planted.ts';
import { regressionSeeds } from './regression-seeds.ts';
import { runSeed, type SeedResult } from './run-seed.ts';
import { runSeeds } from './run-seeds.ts';

const seedsOfTest = 500;
/** So many seeds are one test of `npm test`. */
const seedsOfLine = 50;

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string' },
    planted: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const whole = flags.seeds === undefined && flags.planted === undefined && !flags.trace;
const count = flags.seeds === undefined ? seedsOfTest : wholeNumber('seeds', flags.seeds);
const from = wholeNumber('from', flags.from);
const workers = flags.workers === undefined ? availableParallelism() : wholeNumber('workers', flags.workers);
const planted = flags.planted === undefined ? [] : plantedIn(flags.planted);

const startedMs = performance.now();
const results = flags.trace ? await traced() : await inLines();
const seeds = results.map(({ seed }) => seed);
for (const { seed } of whole ? regressionSeeds.filter(({ seed }) => !seeds.includes(seed)) : [])
  results.push(await once(seed));
const broken = results
  .filter(({ violation }) => violation !== null)
  .sort((one, other) => one.seed - other.seed);
for (const { seed } of flags.trace ? [] : broken.slice(0, 3)) await tell(seed);
let found = 0;
for (const name of whole ? plantedNames : []) found += (await findPlanted(name)) ? 1 : 0;
const silent = rulesNotReached(results);
if (silent.length > 0) console.log(`rules by which nothing was decided: ${silent.join(', ')}`);
const caught = whole ? `${found} of ${plantedNames.length} planted bugs found; ` : '';
const seconds = (performance.now() - startedMs) / 1000;
console.log(`sim: ${caught}${figuresOf(results, seconds)}`);
process.exitCode = broken.length === 0 && (!whole || found === plantedNames.length) ? 0 : 1;

/** Runs the seeds and prints a line for every so many of them, as soon as all of these have run. */
async function inLines(): Promise<SeedResult[]> {
  const lived = new Map<number, SeedResult>();
  let first = from;
  const tellWhole = () => {
    for (; first < from + count; first += seedsOfLine) {
      const some = Math.min(seedsOfLine, from + count - first);
      const line = Array.from({ length: some }, (_, at) => lived.get(first + at));
      if (!line.every((result) => result !== undefined)) return;
      console.log(`seeds ${first} to ${first + some - 1}: ${verdictOf(line)}`);
    }
  };
  await runSeeds({
    from,
    count,
    workers,
    planted,
    onResults: (some) => {
      for (const result of some) lived.set(result.seed, result);
      tellWhole();
      return true;
    },
  });
  return [...lived.values()];
}

function verdictOf(line: readonly SeedResult[]): string {
  const ill = line.filter(({ violation }) => violation !== null);
  if (ill[0] === undefined) return 'no violation';
  return `${ill.length} VIOLATIONS, first with seed ${ill[0].seed}: ${inOneLine(ill[0].violation)}`;
}

function inOneLine(text: string | null): string {
  return (text ?? '').split('\n', 1)[0] ?? '';
}

/** A seed that once failed. */
async function once(seed: number): Promise<SeedResult> {
  const result = await runSeed({ seed, planted: new Set(planted), keepHistory: false });
  console.log(`seeds ${seed} to ${seed}: ${verdictOf([result])}`);
  return result;
}

/** Counts only what the bug is meant to violate; anything else that was violated before is told beside it. */
async function findPlanted(name: PlantedBug): Promise<boolean> {
  const { within, does, violates } = plantedBugs[name];
  let first: SeedResult | undefined;
  let other: SeedResult | undefined;
  await runSeeds({
    from: 1,
    count: within,
    workers,
    planted: [name],
    onResults: (some) => {
      first ??= some.find(({ violation }) => showsPlanted(name, violation));
      other ??= some.find(({ violation }) => violation !== null && !showsPlanted(name, violation));
      return first === undefined;
    },
  });
  const verdict =
    first === undefined
      ? `NOT FOUND within ${within} seeds as ${violates.join(' or ')}${besides(other)}`
      : `found with seed ${first.seed}: ${inOneLine(first.violation)}`;
  console.log(`planted ${name} (${does}): ${verdict}`);
  return first !== undefined;
}

function besides(other: SeedResult | undefined): string {
  return other === undefined ? '' : `; seed ${other.seed} shows ${inOneLine(other.violation)}`;
}

/** The seed again with its history: the end of it, and how to see all of it. */
async function tell(seed: number): Promise<void> {
  const { violation, history, plan } = await runSeed({ seed, planted: new Set(planted), keepHistory: true });
  console.log(`\nseed ${seed} (${plan}): ${violation ?? 'not seen again'}`);
  for (const line of history.slice(-25)) console.log(`  ${line}`);
  const also = planted.length === 0 ? '' : ` --planted ${planted.join(',')}`;
  console.log(`  all of it: npm run sim -- --from ${seed} --seeds 1 --trace${also}\n`);
}

async function traced(): Promise<SeedResult[]> {
  const told: SeedResult[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await runSeed({ seed, planted: new Set(planted), keepHistory: true });
    console.log(`seed ${seed} (${result.plan})`);
    for (const line of result.history) console.log(`  ${line}`);
    told.push(result);
  }
  return told;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} must be a whole number`);
  process.exit(2);
}

function plantedIn(text: string): PlantedBug[] {
  const names = text.split(',');
  const known = names.filter(isPlantedBug);
  if (known.length === names.length) return known;
  console.error(`--planted knows ${plantedNames.join(', ')}`);
  process.exit(2);
}
