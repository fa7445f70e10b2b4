// `npm test`: sets itself up, runs every stage of scripts/lib/stages.mjs and ends with one line of its own:
// `N passed, N failed` or `N passed, N failed, N skipped`. What this machine cannot run is counted and named.
// Usage: node scripts/test.mjs [--only unit,lint] [--list]
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChildren, stopOnSignals } from './lib/children.mjs';
import { installMissing } from './lib/debian-packages.mjs';
import { problemText } from './lib/failure-sentences.mjs';
import { finalLine, summaryLines } from './lib/outcome.mjs';
import { createProgress } from './lib/progress.mjs';
import { projectFolder } from './lib/project.mjs';
import { buildPrograms, setUp, SetUpProblem } from './lib/set-up.mjs';
import { runStage } from './lib/stage-runner.mjs';
import { selectStages, stages } from './lib/stages.mjs';

const results = join(projectFolder, 'test-results');
const children = createChildren({ graceMs: 30_000 });
const progress = createProgress({ labelWidth: 22 });
let stopped = false;
stopOnSignals(children, () => (stopped = true));

process.exitCode = await main(process.argv.slice(2));

async function main(flags) {
  if (flags.includes('--list')) {
    for (const { id, title } of stages) console.log(`${id.padEnd(12)}${title}`);
    return 0;
  }
  const onlyAt = flags.indexOf('--only');
  const selected = selectStages(onlyAt < 0 ? undefined : (flags[onlyAt + 1] ?? ''));
  if (!selected.ok) {
    console.error(`Unknown stages: ${selected.unknown.join(', ') || 'none named'}. See --list.`);
    return 2;
  }
  const rows = await runAll(selected.value);
  const outcomes = rows.map(({ outcome }) => outcome);
  console.log(['', ...summaryLines(rows), ''].join('\n'));
  writeFileSync(join(results, 'summary.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
  console.log(finalLine(outcomes));
  return outcomes.some(({ failures }) => failures.length > 0) || stopped ? 1 : 0;
}

/** Runs the stages one after another; a set-up that fails is the only row. */
async function runAll(selected) {
  mkdirSync(results, { recursive: true });
  const started = performance.now();
  const rows = [];
  let context;
  try {
    context = await prepare();
  } catch (error) {
    return [failedRow('Set-up', error, started)];
  }
  for (const stage of selected) {
    const stageStarted = performance.now();
    if (stopped) {
      rows.push(failedRow(stage.title, new Error('stopped by a signal before it ran'), stageStarted));
      continue;
    }
    try {
      if (stage.built) await buildPrograms({ children, progress }, context);
      const outcome = await runStage(stage, context);
      rows.push({ title: stage.title, minutes: minutesSince(stageStarted), outcome });
    } catch (error) {
      rows.push(failedRow(stage.title, error, stageStarted));
    }
  }
  return rows;
}

async function prepare() {
  const isRoot = process.getuid?.() === 0;
  const programs = await setUp({ children, progress });
  const missing = await installMissing({ children, progress, isRoot, path: process.env.PATH ?? '' });
  for (const { id } of stages) rmSync(join(results, `${id}.log`), { force: true });
  return { ...programs, children, progress, results, missing };
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
