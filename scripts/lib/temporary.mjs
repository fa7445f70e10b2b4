// A folder for temporary files of its own for a test run: what is in it after a stage was left behind by a test.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Caches and sockets that tools put there; they are removed, and nobody is blamed for them. */
const ofTools = /^(\.?org\.chromium\.|playwright|node-compile-cache$|jiti$|tsx-|vitest|v8-compile-cache|\.X)/;

/** Short, since Unix sockets lie below it and their paths end at 107 bytes. */
export function createTemporary() {
  const folder = mkdtempSync(join(tmpdir(), 'ixt-'));
  const remove = (name) => rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  return {
    folder,
    env: { TMPDIR: folder, TMP: folder, TEMP: folder },
    /** Names of what was left behind since the last call; removed, so that the next stage starts clean. */
    takeLeftovers() {
      const found = readdirSync(folder);
      found.forEach(remove);
      return found.filter((name) => !ofTools.test(name));
    },
    end: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
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
