// Fetches the Electron runtime into node_modules/electron/dist: a child of start.mjs, which watches its lines and
// ends it when nothing arrives. Prints "received 12 of 118 MB" lines, and one line with the reason on failure.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFolder } from './lib/project.mjs';

const electronFolder = join(projectFolder, 'node_modules/electron');
const require = createRequire(join(electronFolder, 'package.json'));
const { version } = readElectronJson('package.json');
const checksums = readElectronJson('checksums.json');
// @electron/get is a package of the electron package: it is taken from there, never from our own tree.
const { downloadArtifact } = await import(pathToFileURL(require.resolve('@electron/get')).href);

let shown = -1;
const unfinished = mkdtempSync(join(tmpdir(), 'ixha-electron-'));
const removeUnfinished = () => rmSync(unfinished, { recursive: true, force: true });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    removeUnfinished();
    process.exit(1);
  });
}
try {
  await downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums,
    tempDirectory: unfinished,
    downloadOptions: { quiet: true, getProgressCallback: async (progress) => showProgress(progress) },
  });
  console.log('received all of it, unpacking');
  execFileSync(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: 'pipe',
    env: { ...process.env, TMPDIR: unfinished, TMP: unfinished, TEMP: unfinished },
  });
} catch (error) {
  console.log(reasonOf(error));
  process.exitCode = 1;
} finally {
  removeUnfinished();
}

function readElectronJson(name) {
  return JSON.parse(readFileSync(join(electronFolder, name), 'utf8'));
}

function showProgress({ transferred, total }) {
  const megabytes = Math.floor(transferred / 1_000_000);
  if (megabytes === shown) return;
  shown = megabytes;
  console.log(`received ${megabytes} of ${total ? Math.round(total / 1_000_000) : '?'} MB`);
}

/** Network errors of fetch hide their code in a chain of causes. */
function reasonOf(error) {
  const parts = [];
  for (let cause = error; cause && parts.length < 5; cause = cause.cause ?? cause.errors?.[0]) {
    parts.push(cause.code ?? cause.message ?? String(cause));
  }
  return parts.join(': ').replaceAll('\n', ' ');
}
