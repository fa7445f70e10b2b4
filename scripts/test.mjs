// `npm test`: sets itself up, runs every stage of scripts/lib/stages.mjs and ends with one line of its own:
// `N passed, N failed` or `N passed, N failed, N skipped`. What this machine cannot run is counted and named.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createChildren, stopOnSignals } from './lib/children.mjs';
import { answerWithoutRunning, readCommandLine } from './lib/command-line.mjs';
import { installMissing } from './lib/debian-packages.mjs';
import { problemText } from './lib/failure-sentences.mjs';
import { finalLine, summaryLines } from './lib/outcome.mjs';
import { createProgress } from './lib/progress.mjs';
import { projectFolder } from './lib/project.mjs';
import { buildPrograms, setUp, SetUpProblem } from './lib/set-up.mjs';
import { runStage } from './lib/stage-runner.mjs';
import { selectStages, stages } from './lib/stages.mjs';
import { createTemporary } from './lib/temporary.mjs';

/** @type {import('./lib/command-line.mjs').Spec} */
const spec = {
  usage: 'npm test -- [options]',
  about: 'Sets itself up and runs every stage of the tests; the last line is the result.',
  options: [
    { flag: '--only STAGES', does: 'these stages only, separated by commas' },
    { flag: '--list', does: 'the names of the stages' },
  ],
  notes: ['What each stage proves and how long it takes: docs/testing.md'],
};
const results = join(projectFolder, 'test-results');
const children = createChildren({ graceMs: 30_000 });
const progress = createProgress({ labelWidth: 22 });
let stopped = false;
stopOnSignals(children, () => (stopped = true));

process.exitCode = await main(process.argv.slice(2));

async function main(flags) {
  const read = readCommandLine(spec, flags);
  const answer = answerWithoutRunning(read);
  if (answer !== undefined || read.kind !== 'run') return answer;
  if (read.values.list) {
    for (const { id, title } of stages) console.log(`${id.padEnd(12)}${title}`);
    return 0;
  }
  const selected = selectStages(read.values.only === undefined ? undefined : String(read.values.only));
  if (!selected.ok) {
    console.error(`Unknown stages: ${selected.unknown.join(', ') || 'none named'}. See --list.`);
    return 2;
  }
  const started = performance.now();
  const rows = await runAll(selected.value);
  const outcomes = rows.map(({ outcome }) => outcome);
  console.log(['', ...summaryLines(rows, minutesSince(started)), ''].join('\n'));
  writeFileSync(join(results, 'summary.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
  console.log(finalLine(outcomes));
  return outcomes.some(({ failures }) => failures.length > 0) || stopped ? 1 : 0;
}

/** Answers a row for each stage, in their order; a set-up that fails is the only row. */
async function runAll(selected) {
  mkdirSync(results, { recursive: true });
  const started = performance.now();
  try {
    const context = await prepare();
    const rows = new Map();
    const ofLane = (lane) => selected.filter((stage) => stage.lane === lane);
    await runStages(ofLane('first'), context, rows);
    // One processor does one thing at a time: two lanes would only make what waits late.
    const atOnce = availableParallelism() > 1 && ofLane('waits').length > 0;
    const computing = () => runStages(ofLane('computes'), { ...context, low: atOnce }, rows);
    const waiting = () => runStages(ofLane('waits'), context, rows);
    if (atOnce) await Promise.all([computing(), waiting()]);
    else await computing().then(waiting);
    return selected.map((stage) => rows.get(stage));
  } catch (error) {
    return [failedRow('Set-up', error, started)];
  }
}

/** Runs the stages one after another, with a folder for temporary files of their own, and notes a row for each. */
async function runStages(lane, context, rows) {
  const temporary = createTemporary();
  const own = { ...context, temporary, env: { ...context.env, ...temporary.env } };
  try {
    for (const stage of lane) rows.set(stage, await runOne(stage, own));
  } finally {
    temporary.end();
  }
}

async function runOne(stage, context) {
  const started = performance.now();
  if (stopped) return failedRow(stage.title, new Error('stopped by a signal before it ran'), started);
  try {
    if (stage.built) await buildPrograms({ children, progress }, context);
    const outcome = await runStage(stage, context);
    return { title: stage.title, minutes: minutesSince(started), outcome };
  } catch (error) {
    return failedRow(stage.title, error, started);
  }
}

async function prepare() {
  const isRoot = process.getuid?.() === 0;
  const programs = await setUp({ children, progress });
  const missing = await installMissing({ children, progress, isRoot, path: process.env.PATH ?? '' });
  for (const { id } of stages) rmSync(join(results, `${id}.log`), { force: true });
  return { ...programs, children, progress, results, missing, low: false };
}

/** A stage that could not be run to its end because of us or of the machine is one failure. */
function failedRow(title, error, started) {
  const known = error instanceof SetUpProblem;
  if (known) console.log(`${error.output}\n${problemText(error)}`);
  else if (!stopped) console.log(error.stack);
  const failures = [{ name: title, message: error.message.split('\n')[0] }];
  return { title, minutes: minutesSince(started), outcome: { passed: 0, failures, skipped: [] } };
}

function minutesSince(started) {
  return (performance.now() - started) / 60_000;
}
