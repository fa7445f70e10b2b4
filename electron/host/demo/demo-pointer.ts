import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { readControlFile } from './old-demos.ts';

/**
 * Folder of this user for small files of running demos; private, so that nobody else can place a pointer in
 * it. One file per running demo, so that the end of one never hides another. Read by
 * `scripts/lib/running-demos.mjs`; it is there only while a demo runs.
 */
function pointerFolder(): string {
  return join(tmpdir(), `ixha-demo-of-${userInfo().uid}`);
}

function pointerOf(controlFile: string): string {
  return join(pointerFolder(), `${createHash('sha256').update(controlFile).digest('hex').slice(0, 16)}.demo`);
}

const attempts = 5;

/** Tells the command line that a demo runs: where its `demo.json` is. Forgets demos that were killed. */
export function writePointer(controlFile: string): void {
  const path = pointerOf(controlFile);
  for (let attempt = 1; ; attempt += 1) {
    try {
      mkdirSync(pointerFolder(), { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.new`, `${controlFile}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
      break;
    } catch (cause) {
      // Another demo that ended just now has taken the empty folder away.
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === attempts) throw cause;
    }
  }
  removeDeadPointers();
}

/** Forgets this demo, and removes the folder with the last one. */
export function removePointer(controlFile: string): void {
  rmSync(pointerOf(controlFile), { force: true });
  removeDeadPointers();
  try {
    rmdirSync(pointerFolder());
  } catch {
    // Another demo runs, or the folder is already gone.
  }
}

function removeDeadPointers(): void {
  for (const name of names()) {
    const path = join(pointerFolder(), name);
    try {
      if (readControlFile(readFileSync(path, 'utf8').trim()).lives) continue;
      rmSync(path, { force: true });
    } catch {
      // Just written, or on its way out: whoever writes it also removes it.
    }
  }
}

function names(): string[] {
  try {
    return readdirSync(pointerFolder()).filter((name) => name.endsWith('.demo'));
  } catch {
    return [];
  }
}
