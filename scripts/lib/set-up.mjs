// Brings a fresh clone to the point where its programs can run: packages, Node 24, bundles.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { currentGroups, sourceFingerprint } from './build-stamp.mjs';
import { explainInstallFailure } from './failure-sentences.mjs';
import { createInstallWatch } from './install-watch.mjs';
import { differencesFromLock, expectedPackages } from './lock-file.mjs';
import { chooseNode, nodePackages, problemsOf } from './machine.mjs';
import { projectFolder } from './project.mjs';

/** A set-up that cannot go on; `what` and `next` are for the person, `output` is what the command said. */
export class SetUpProblem extends Error {
  constructor({ what, next }, output = '') {
    super(what);
    this.what = what;
    this.next = next;
    this.output = output;
  }
}

/**
 * @param {{ children: ReturnType<typeof import('./children.mjs').createChildren>,
 *   progress: ReturnType<typeof import('./progress.mjs').createProgress> }} tools
 * @returns {Promise<{ node: string, env: NodeJS.ProcessEnv }>} the Node of the programs, and an environment where
 *   it is the first one in PATH
 */
export async function setUp({ children, progress }) {
  const install = packagesMissing();
  checkMachine(install.length > 0);
  progress.note('machine', `${process.platform} ${process.arch}, Node ${process.versions.node}`);
  if (install.length > 0) await installPackages({ children, progress });
  else progress.note('packages', 'up to date');
  const node = programsNode();
  return { node, env: environmentWith(node) };
}

/** Builds what is older than its sources. */
export async function buildPrograms({ children, progress }, { node, env }) {
  const fingerprint = sourceFingerprint(projectFolder);
  if (currentGroups(projectFolder, fingerprint).complete) {
    progress.note('programs', 'up to date');
    return;
  }
  let output = '';
  const end = progress.begin('programs', () => 'building');
  const ending = await children.run(node, [join(projectFolder, 'scripts/build.mjs')], {
    env: { ...env, NO_COLOR: '1' },
    onOutput: (chunk) => (output += String(chunk)),
  });
  end(ending.code === 0 ? 'built' : 'failed');
  if (ending.code !== 0) {
    const problem = {
      what: 'The programs could not be built.',
      next: 'See the lines above: a source file is broken.',
    };
    throw new SetUpProblem(problem, output);
  }
}

function checkMachine(needsInstall) {
  const problems = problemsOf({
    nodeVersion: process.versions.node,
    freeBytes: freeBytes(),
    needsInstall,
    writable: isWritable(projectFolder),
    npmFound: !needsInstall || npmCommand() !== undefined,
    folder: projectFolder,
  });
  if (problems.length === 0) return;
  throw new SetUpProblem({
    what: problems.map(({ what }) => what).join('\n'),
    next: problems.map(({ next }) => next).join('\n        '),
  });
}

function packagesMissing() {
  const lock = readJson(join(projectFolder, 'package-lock.json'));
  return differencesFromLock(lock, readJson(join(projectFolder, 'node_modules/.package-lock.json')));
}

async function installPackages({ children, progress }) {
  const npm = npmCommand() ?? { command: 'npm', args: [] };
  const lock = readJson(join(projectFolder, 'package-lock.json'));
  const total = expectedPackages(lock, process.platform, process.arch);
  const watch = createInstallWatch({ now: () => performance.now() });
  const giveUp = new AbortController();
  const timer = setInterval(() => watch.isHopeless() && giveUp.abort(), 500);
  const end = progress.begin('packages', () => `installing, ${watch.fetched()} of ${total} fetched`);
  const ending = await children.run(npm.command, [...npm.args, ...installArguments], {
    cwd: projectFolder,
    env: withoutNpmSettings(process.env),
    abort: giveUp.signal,
    onOutput: watch.read,
  });
  clearInterval(timer);
  end(ending.code === 0 ? 'installed' : 'failed');
  if (ending.code !== 0) throw new SetUpProblem(explainInstallFailure(watch.output()), watch.errorLines());
}

/** Everything is needed, whatever NODE_ENV says. */
const installArguments = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--loglevel=http',
  '--no-progress',
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
  '--fetch-timeout=60000',
];

/** npm hands its own settings of `npm start` to child processes; a nested npm must read its files instead. */
function withoutNpmSettings(env) {
  const dropped = [
    'npm_config_loglevel',
    'npm_config_silent',
    'npm_config_dry_run',
    'npm_config_omit',
    'NODE_ENV',
  ];
  return Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.includes(name)));
}

/** How npm is started here: as the program that started us, or from PATH. */
function npmCommand() {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.c?js$/.test(own) && existsSync(own)) return { command: process.execPath, args: [own] };
  const beside = join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js');
  if (process.platform === 'win32')
    return existsSync(beside) ? { command: process.execPath, args: [beside] } : undefined;
  const found = spawnSync('npm', ['--version'], { stdio: 'ignore' }).status === 0;
  return found ? { command: 'npm', args: [] } : undefined;
}

function programsNode() {
  const choice = chooseNode({
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    packaged: runningPackagedNode(),
  });
  if (choice.kind === 'none') throw new SetUpProblem(choice);
  return choice.kind === 'packaged' ? choice.path : process.execPath;
}

function runningPackagedNode() {
  const carried = nodePackages[`${process.platform}-${process.arch}`];
  if (!carried) return undefined;
  const path = join(projectFolder, 'node_modules', ...carried);
  return spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0 ? path : undefined;
}

function environmentWith(node) {
  const path = [dirname(node), join(projectFolder, 'node_modules/.bin'), process.env.PATH ?? ''].join(
    delimiter,
  );
  return { ...process.env, PATH: path };
}

function freeBytes() {
  try {
    const disk = statfsSync(projectFolder);
    return disk.bavail * disk.bsize;
  } catch {
    return undefined; // Some network file systems cannot tell; the install itself will say when it is full.
  }
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // Absent or cut short by an interrupted install: both mean "install again".
  }
}
