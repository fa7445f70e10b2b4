// A folder for temporary files of its own for a test run: what is in it after a stage was left behind by a test.
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Caches and sockets that tools put there; they are removed, and nobody is blamed for them. */
const ofTools = /^(\.?org\.chromium\.|playwright|node-compile-cache$|jiti$|tsx-|vitest|v8-compile-cache|\.X)/;

/** Short, since Unix sockets lie below it and their paths end at 107 bytes. */
export function createTemporary() {
  const folder = mkdtempSync(join(tmpdir(), 'ixt-'));
  const remove = (name) => rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  return {
    folder,
    env: { TMPDIR: folder, TMP: folder, TEMP: folder },
    /** What was left behind since the last call, with some of its content; removed, so that the next stage starts clean. */
    takeLeftovers() {
      const found = readdirSync(folder);
      const told = found.filter((name) => !ofTools.test(name)).map((name) => tell(join(folder, name)));
      found.forEach(remove);
      return told;
    },
    end: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The name of a file, or of a folder with some of what is in it: that tells which test it was. */
function tell(path) {
  if (!lstatSync(path).isDirectory()) return basename(path);
  const inside = readdirSync(path, { recursive: true });
  const some = inside.slice(0, 8).join(', ');
  return `${basename(path)} (${inside.length === 0 ? 'empty' : some}${inside.length > 8 ? ', …' : ''})`;
}

/**
 * A stage that leaves something behind has failed.
 * @param {import('./outcome.mjs').Outcome} outcome
 * @param {string[]} leftovers
 * @returns {import('./outcome.mjs').Outcome}
 */
export function withoutLeftovers(outcome, leftovers) {
  if (leftovers.length === 0) return outcome;
  const message = `left behind in the folder for temporary files: ${leftovers.join(', ')}`;
  return { ...outcome, failures: [...outcome.failures, { name: 'temporary files', message }] };
}
