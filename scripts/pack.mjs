// `npm run pack`: builds the programs and packs them with electron-builder.yml into release/.
// Needs `npm ci` first. The Electron runtime is taken from ELECTRON_OVERRIDE_DIST_PATH or node_modules/electron/dist.
//
// Without a runtime everything but the runtime is packed: electron-builder runs with an empty file in its
// place, and what lies in release/staged is the checked archive and the files beside it, not a program.
//
// Exit codes: 0 packed and installer made · 1 failed · 3 done as far as possible here; what is missing is named.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { differingFiles, digestsName } from './lib/agent-digests.mjs';
import { answerWithoutRunning, readCommandLine } from './lib/command-line.mjs';
import { findRuntime } from './lib/electron-runtime.mjs';
import { projectFolder } from './lib/project.mjs';

const release = join(projectFolder, 'release');
const platformFlag = { linux: '--linux', win32: '--win', darwin: '--mac' }[process.platform];
/** What the archive must hold, and what must never be in it. */
const wanted = [
  '/package.json',
  '/dist/electron/main.cjs',
  '/dist/electron/preload.cjs',
  '/dist/renderer/index.html',
];
const unwanted =
  /^\/(?!package\.json$|dist(\/electron|\/renderer)?$|dist\/electron\/|dist\/renderer\/)|\.map$|\.pem$|\.ts$/;
const besideArchive = [
  'programs/agent/ixha.cjs',
  'programs/agent/ixha-commands.cjs',
  'programs/agent/ixha-notify.cjs',
  'programs/agent/scripts/guard.sh',
  `programs/agent/${digestsName}`,
  'runtime/linux-x64/node',
];

class PackProblem extends Error {}

const spec = {
  usage: 'npm run pack',
  about: 'Builds the programs and packs the desktop program into release/.',
  options: [],
  notes: ['Exit codes: 0 packed with an installer, 1 failed, 3 done as far as possible here.'],
};
process.exitCode = answerWithoutRunning(readCommandLine(spec, process.argv.slice(2))) ?? main();

function main() {
  try {
    return pack();
  } catch (error) {
    if (!(error instanceof PackProblem)) throw error;
    console.error(`pack: ${error.message}`);
    return 1;
  }
}

function pack() {
  if (platformFlag === undefined) throw new PackProblem(`there are no packages for ${process.platform}.`);
  run('the build', process.execPath, [join(projectFolder, 'scripts/build.mjs')]);
  const runtime = findRuntime(projectFolder, process.env, process.platform);
  return runtime === undefined ? stage() : packWith(runtime);
}

/** Everything with the real runtime: the unpacked program first, then its installer. */
function packWith(program) {
  const electronDist = process.platform === 'darwin' ? join(dirname(program), '../../..') : dirname(program);
  rmSync(release, { recursive: true, force: true });
  return withConfig({ electronDist }, (config) => {
    run('electron-builder', ...builder([platformFlag, '--dir', '--config', config]));
    const unpacked = unpackedFolder(release);
    checkContents(resourcesOf(unpacked));
    console.log(`pack: the program is in ${unpacked}`);
    if (runs(...builder([platformFlag, '--prepackaged', unpacked, '--config', config]))) return 0;
    console.log('pack: no installer was made: its tools could not be used here (see above).');
    return 3;
  });
}

/** Everything without a runtime, so that configuration, archive and files beside it are still checked. */
function stage() {
  const empty = mkdtempSync(join(tmpdir(), 'ixha-no-runtime-'));
  const staged = join(release, 'staged');
  try {
    emptyRuntime(empty);
    rmSync(staged, { recursive: true, force: true });
    // Fuses are bits in the real program; the file in its place has none.
    const overrides = { electronDist: empty, electronFuses: null, directories: { output: staged } };
    withConfig(overrides, (config) =>
      run('electron-builder', ...builder([platformFlag, '--dir', '--config', config])),
    );
    const unpacked = unpackedFolder(staged);
    checkContents(resourcesOf(unpacked));
    for (const name of readdirSync(unpacked)) {
      if (name !== 'resources') rmSync(join(unpacked, name), { recursive: true, force: true });
    }
    console.log(
      `pack: configuration, archive and files beside it are in order: ${join(unpacked, 'resources')}`,
    );
    console.log('pack: no program and no installer were made: there is no Electron runtime on this machine.');
    console.log(
      'pack: fetch it with "npx install-electron" or name its folder in ELECTRON_OVERRIDE_DIST_PATH.',
    );
    return 3;
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

/** A folder shaped like the runtime of this platform, with nothing in it that runs. */
function emptyRuntime(folder) {
  if (process.platform === 'darwin') {
    throw new PackProblem('on macOS even the check needs the Electron runtime (npx install-electron).');
  }
  const program = process.platform === 'win32' ? 'electron.exe' : 'electron';
  mkdirSync(join(folder, 'resources'));
  for (const name of [program, 'LICENSE', 'LICENSES.chromium.html', 'version']) {
    writeFileSync(join(folder, name), '');
  }
  chmodSync(join(folder, program), 0o755);
}

/** Runs `task` with a configuration file that extends the project's own by `overrides`. */
function withConfig(overrides, task) {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-pack-'));
  const path = join(folder, 'electron-builder.json');
  try {
    writeFileSync(
      path,
      JSON.stringify({ extends: join(projectFolder, 'electron-builder.yml'), ...overrides }),
    );
    return task(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The archive holds the page, main and preload and nothing else; programs lie beside it. */
function checkContents(resources) {
  const archive = join(resources, 'app.asar');
  const listed = spawnSync(tool('asar'), ['list', archive], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (listed.status !== 0) throw new PackProblem(`${archive} cannot be listed: ${listed.stderr}`);
  const names = listed.stdout
    .split(/\r?\n/)
    .filter(Boolean)
    .map((name) => name.replaceAll('\\', '/'));
  const missing = wanted.filter((name) => !names.includes(name));
  const foreign = names.filter((name) => unwanted.test(name));
  const notBeside = besideArchive.filter((name) => !existsSync(join(resources, name)));
  const problems = [
    ...missing.map((name) => `${name} is missing in the archive`),
    ...foreign.map((name) => `${name} must not be in the archive`),
    ...notBeside.map((name) => `${name} is missing beside the archive`),
  ];
  if (problems.length > 0) throw new PackProblem(problems.join('; '));
  const differing = differingFiles({
    agent: join(resources, 'programs/agent'),
    units: join(resources, 'programs/units'),
    runtime: join(resources, 'runtime/linux-x64/node'),
  });
  if (differing.length > 0) throw new PackProblem(`not as they were built: ${differing.join(', ')}`);
  console.log(`pack: the archive holds ${names.length} entries, all of them expected`);
}

function unpackedFolder(folder) {
  const name = readdirSync(folder).find((entry) => entry.endsWith('unpacked') || entry.startsWith('mac'));
  if (name === undefined) throw new PackProblem(`electron-builder left nothing in ${folder}.`);
  return join(folder, name);
}

function resourcesOf(unpacked) {
  if (process.platform !== 'darwin') return join(unpacked, 'resources');
  const app = readdirSync(unpacked).find((entry) => entry.endsWith('.app')) ?? '';
  return join(unpacked, app, 'Contents/Resources');
}

function builder(args) {
  return [tool('electron-builder'), [...args, '--publish', 'never']];
}

function tool(name) {
  return join(projectFolder, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}

function run(what, program, args) {
  if (!runs(program, args)) throw new PackProblem(`${what} failed (see above).`);
}

function runs(program, args) {
  const shell = program.endsWith('.cmd');
  return spawnSync(program, args, { stdio: 'inherit', cwd: projectFolder, shell }).status === 0;
}
