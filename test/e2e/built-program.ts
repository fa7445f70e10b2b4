import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { patienceMs } from './console-page.ts';

const root = join(import.meta.dirname, '../..');

/** A program of this build, such as `dist/host/site.cjs`, run to its end. */
export function builtProgram(
  path: string,
  words: readonly string[],
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, path), ...words], { timeout: patienceMs }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err }),
    );
  });
}
