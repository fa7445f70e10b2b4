import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Folder of this user for small files of running demos; private, so that nobody else can place a pointer in it. */
function pointerFolder(): string {
  return join(tmpdir(), `ixha-demo-of-${userInfo().uid}`);
}

/** Tells `npm run demo` which demo was started last: the path of its `demo.json`. */
export function writePointer(controlFile: string): void {
  mkdirSync(pointerFolder(), { recursive: true, mode: 0o700 });
  const path = join(pointerFolder(), 'current');
  writeFileSync(`${path}.new`, `${controlFile}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes the pointer unless another demo was started since. */
export function removePointer(controlFile: string): void {
  const path = join(pointerFolder(), 'current');
  try {
    if (readFileSync(path, 'utf8') === `${controlFile}\n`) rmSync(path);
  } catch {
    // Already gone: nothing points anywhere.
  }
}
