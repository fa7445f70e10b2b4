// Knows whether dist/ is older than the sources: by their content, so that a checkout or a clock does not matter.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders and files that the bundles are made of. */
const sources = [
  'shared',
  'agent',
  'electron',
  'renderer',
  'resources',
  'scripts/build.mjs',
  'package-lock.json',
];
export const groups = ['agent', 'demo', 'host', 'electron', 'renderer'];

/** One hash over names and contents of all sources. */
export function sourceFingerprint(folder) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesOf(folder, source)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(folder, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** Which groups in dist/ were built from these sources. */
export function currentGroups(folder, fingerprint) {
  const stamp = readStamp(folder);
  const current = groups.filter(
    (group) => stamp[group] === fingerprint && existsSync(join(folder, 'dist', group)),
  );
  return { current, complete: current.length === groups.length };
}

/** Notes that these groups were built from these sources. */
export function writeStamp(folder, built, fingerprint) {
  const stamp = { ...readStamp(folder), ...Object.fromEntries(built.map((group) => [group, fingerprint])) };
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist/built.json'), `${JSON.stringify(stamp, undefined, 2)}\n`);
}

function readStamp(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'dist/built.json'), 'utf8'));
  } catch {
    return {}; // Never built, or cut short: build again.
  }
}

function filesOf(folder, source) {
  const path = join(folder, source);
  if (!existsSync(path)) return [];
  const entries = readdirSafely(path);
  if (!entries) return [source];
  return entries
    .map((entry) =>
      entry.isDirectory() ? filesOf(folder, `${source}/${entry.name}`) : [`${source}/${entry.name}`],
    )
    .flat();
}

function readdirSafely(path) {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
