// `npm start`: sets itself up and opens the console, in a desktop window or, where there is none, in the browser.
// Plain Node ≥ 20.19 without any package: it runs in a fresh clone. `npm start -- --help` names its flags.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createChildren, stopOnSignals } from './lib/children.mjs';
import { answerWithoutRunning, readCommandLine } from './lib/command-line.mjs';
import {
  cacheFolder,
  chooseWindow,
  fetchRuntime,
  findRuntime,
  readLastFailure,
  rememberFailure,
} from './lib/electron-runtime.mjs';
import { problemText } from './lib/failure-sentences.mjs';
import { createProgress } from './lib/progress.mjs';
import { projectFolder } from './lib/project.mjs';
import { buildPrograms, setUp, SetUpProblem } from './lib/set-up.mjs';
import { consoleFlags, startChoice, startSpec } from './lib/start-options.mjs';
import { ownTerminal } from './lib/terminal.mjs';

const programMissing = 127;

const read = readCommandLine(startSpec, process.argv.slice(2));
const choice = read.kind === 'run' ? startChoice(read.values) : read;
const answer = answerWithoutRunning(choice);
if (answer !== undefined) process.exit(answer);
const values = read.kind === 'run' ? read.values : {};
const forced = choice.kind === 'run' ? choice.forced : undefined;
const passed = consoleFlags(values);
/** With --no-open there is nothing to say about a window. */
const noWindow = { kind: /** @type {const} */ ('browser'), because: undefined };
const children = createChildren({ graceMs: 10_000 });
const progress = createProgress();
let stoppedBy;
stopOnSignals(children, (signal) => (stoppedBy = signal));

try {
  process.exitCode = await start();
} catch (error) {
  if (!(error instanceof SetUpProblem)) throw error;
  if (!stoppedBy) console.error(`${error.output ? `${error.output}\n` : ''}${problemText(error)}`);
  process.exitCode = 1;
}
// Ended by Ctrl+C on purpose: that is how the console is closed, not a failure.
if (stoppedBy === 'SIGINT') process.exitCode = 0;

async function start() {
  console.log('IguanaX HA Console');
  const programs = await setUp({ children, progress });
  await buildPrograms({ children, progress }, programs);
  const window = values['no-open'] ? noWindow : await openableWindow(programs);
  if (window.kind === 'electron') {
    const ending = await runElectron(window.path, programs);
    if (stoppedBy || ending.code !== programMissing) return ending.code ?? 1;
    progress.note(
      'window',
      'the Electron runtime does not run here (a library is missing); using the browser',
    );
  } else if (window.because !== undefined) {
    progress.note('window', `in the browser: ${window.because}`);
  }
  const ending = await children.run(
    programs.node,
    [join(projectFolder, 'dist/host/browser-shell.cjs'), ...passed],
    { env: programs.env, input: ownTerminal(process.stdin) },
  );
  return ending.code ?? 1;
}

function runElectron(path, { env }) {
  progress.note('window', 'in its own window (Electron)');
  return children.run(path, [join(projectFolder, 'dist/electron/main.cjs'), ...passed], { env });
}

/** The window to open, after at most one bounded attempt to fetch the runtime. */
async function openableWindow({ node, env }) {
  const { version } = JSON.parse(
    readFileSync(join(projectFolder, 'node_modules/electron/package.json'), 'utf8'),
  );
  const notes = cacheFolder(process.env, process.platform);
  const facts = {
    runtime: findRuntime(projectFolder, process.env, process.platform),
    mainBuilt: existsSync(join(projectFolder, 'dist/electron/main.cjs')),
    hasDisplay: process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY),
    isRoot: process.platform === 'linux' && process.getuid?.() === 0,
    forced,
    lastFailure: readLastFailure(notes, version),
    now: Date.now(),
  };
  const chosen = chooseWindow(facts);
  if (chosen.kind !== 'fetch') return chosen;
  const fetched = await fetchRuntime({ children, progress, node, env, projectFolder });
  const path = findRuntime(projectFolder, process.env, process.platform);
  if (fetched.ok && path) return { kind: 'electron', path };
  const reason = fetched.ok ? 'the runtime was not found after the download' : fetched.reason;
  if (!stoppedBy) rememberFailure(notes, version, reason, Date.now());
  return { kind: 'browser', because: 'no Electron runtime here' };
}
