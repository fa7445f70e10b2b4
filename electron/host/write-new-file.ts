import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, succeed, type Result } from '../../shared/result.ts';

/**
 * Writes a file that is not there yet, readable by its owner only: beside its place, synced, and renamed once it is
 * whole, so that nothing half ever has its name. Called off before the rename, nothing of it stays.
 * The failure is a sentence, also for a file that is there already.
 */
export async function writeNewFile(
  path: string,
  content: Uint8Array | string,
  signal: AbortSignal,
): Promise<Result<void, string>> {
  if (existsSync(path)) return fail(`${path} is there already and is not replaced.`);
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
  try {
    const handle = await open(fresh, 'wx', 0o600);
    try {
      await handle.writeFile(content, { signal });
      await handle.sync();
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    await rename(fresh, path);
    return succeed(undefined);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    if (signal.aborted) return fail('It was called off. Nothing was written.');
    const { code, message } = cause as NodeJS.ErrnoException;
    return fail(`${path} could not be written: ${code ?? message}.`);
  }
}
