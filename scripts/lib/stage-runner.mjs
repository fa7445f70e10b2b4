// Runs one stage: its output goes to a log of its own, a short running count to the terminal.
import { createWriteStream, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { outcomeOfLab, outcomeOfModel, outcomeOfSim, outcomeOfVitest, skippedStage } from './outcome.mjs';
import { projectFolder } from './project.mjs';
import { reasonNotToRun } from './stages.mjs';
import { withoutLeftovers } from './temporary.mjs';

const require = createRequire(join(projectFolder, 'package.json'));

/**
 * @param {import('./stages.mjs').Stage} stage
 * @param {{ children: any, progress: any, node: string, env: NodeJS.ProcessEnv, results: string, low: boolean,
 *   missing: string[], temporary: ReturnType<typeof import('./temporary.mjs').createTemporary> }} context
 *   `results`: folder of the logs; `missing`: programs that this machine lacks; `low`: others go first
 * @returns {Promise<import('./outcome.mjs').Outcome>}
 */
export async function runStage(stage, context) {
  const { missing } = context;
  const machine = { platform: process.platform, freeMb: freeMemoryMb(), missing };
  const reason = reasonNotToRun(stage, machine);
  if (reason !== undefined) {
    context.progress.note(stage.title, `not run: ${reason}`);
    return skippedStage(stage.title, reason);
  }
  const log = join(context.results, `${stage.id}.log`);
  let detail = 'running';
  const end = context.progress.begin(stage.title, () => detail);
  const outcome = withoutLeftovers(
    await runners[stage.kind](stage, context, log, (text) => (detail = text)),
    context.temporary.takeLeftovers(),
  );
  end(outcomeText(outcome));
  if (outcome.failures.length > 0) showFailures(stage, outcome, log);
  return outcome;
}

const runners = {
  checks: runChecks,
  vitest: runVitest,
  model: told(['test/model/main.ts'], outcomeOfModel),
  sim: told(['test/sim/main.ts'], outcomeOfSim),
  lab: told(['test/lab/main.ts', 'run', 'core'], outcomeOfLab),
};

/** @returns {Promise<import('./outcome.mjs').Outcome>} */
async function runChecks(stage, context, log, show) {
  /** @type {import('./outcome.mjs').Outcome} */
  const outcome = { passed: 0, failures: [], skipped: [] };
  const output = createWriteStream(log);
  for (const { name, tool, args } of stage.checks) {
    show(name);
    const program = tool ? [toolPath(...tool)] : [];
    const ending = await runLogged(context, [...program, ...args], output);
    if (ending.code === 0) outcome.passed += 1;
    else outcome.failures.push({ name, message: `ended with code ${ending.code ?? ending.signal}` });
  }
  await closed(output);
  return outcome;
}

async function runVitest(stage, context, log, show) {
  const countsFile = join(context.results, `${stage.id}.json`);
  rmSync(countsFile, { force: true });
  const output = createWriteStream(log);
  const reporters = ['default', join(projectFolder, 'scripts/lib/counts-reporter.mjs')];
  const args = [
    toolPath('vitest'),
    'run',
    '--project',
    stage.project,
    ...reporters.map((name) => `--reporter=${name}`),
  ];
  const ending = await runLogged(context, args, output, {
    env: { IXHA_COUNTS_FILE: countsFile },
    onLine: (line) => {
      const counts = /^counts (\d+) (\d+) (\d+)$/.exec(line);
      if (counts) show(`${counts[1]} passed, ${counts[2]} failed, ${counts[3]} skipped`);
    },
  });
  await closed(output);
  return outcomeOfVitest(readCounts(countsFile), ending.code);
}

/** Runs a program of ours that tells its tests line by line, to be counted by `outcomeOf`. */
function told(args, outcomeOf) {
  return async (_stage, context, log, show) => {
    let text = '';
    const output = createWriteStream(log);
    const ending = await runLogged(context, args, output, {
      onLine: (line) => {
        text += `${line}\n`;
        if (line.trim()) show(line.trim().slice(0, 80));
      },
    });
    await closed(output);
    return outcomeOf(text, ending.code);
  };
}

/**
 * Runs a Node program; its output goes to the log and, line by line, to `onLine`.
 * @param {any} context
 * @param {string[]} args
 * @param {import('node:stream').Writable} output
 * @param {{ env?: Record<string, string>, onLine?: (line: string) => void }} [options]
 */
async function runLogged(context, args, output, { env = {}, onLine } = {}) {
  let rest = '';
  const ending = await context.children.run(context.node, args, {
    cwd: projectFolder,
    env: { ...context.env, ...env, NO_COLOR: '1' },
    low: context.low,
    onOutput: (chunk) => {
      output.write(chunk);
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (onLine) lines.forEach((line) => onLine(line));
    },
  });
  if (rest) onLine?.(rest);
  return ending;
}

function closed(stream) {
  return new Promise((resolve) => stream.end(resolve));
}

function readCounts(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // The runner died before it could count.
  }
}

/** Path of a tool's program, from the `bin` of its package. */
function toolPath(packageName, program = packageName) {
  const manifest = join(projectFolder, 'node_modules', packageName, 'package.json');
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[program]);
}

function outcomeText({ passed, failures, skipped }) {
  const parts = [`${passed} passed`];
  if (failures.length > 0) parts.push(`${failures.length} FAILED`);
  if (skipped.length > 0) parts.push(`${skipped.length} skipped`);
  return parts.join(', ');
}

function showFailures(stage, outcome, log) {
  for (const { name, message } of outcome.failures.slice(0, 20)) console.log(`      ${name}: ${message}`);
  if (outcome.failures.length > 20) console.log(`      and ${outcome.failures.length - 20} more`);
  if (stage.kind === 'checks') {
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    for (const line of lines.slice(-30)) console.log(`      | ${line}`);
  }
  console.log(`      full log: ${log.slice(projectFolder.length + 1)}`);
}

/** What can be had without swapping; on Linux the kernel knows it better than the free pages say. */
function freeMemoryMb() {
  try {
    const available = /^MemAvailable: +(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'));
    if (available) return Number(available[1]) / 1024;
  } catch {
    // Not Linux.
  }
  return freemem() / 1024 / 1024;
}
