import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

/**
 * Writes a file that is not there yet, readable by its owner only: beside its place, synced, and renamed once it is
 * whole, so that nothing half ever has its name. Called off before the rename, nothing of it stays.
 * Errors: support.not-written, which names a file that is there already too.
 */
export async function writeNewFile(
  path: string,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<Result<void, ProductError>> {
  if (existsSync(path)) return notWritten(`${path} is there already and is not replaced.`);
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
    if (signal.aborted) return notWritten('It was called off. Nothing was written.');
    const { code, message } = cause as NodeJS.ErrnoException;
    return notWritten(`${path} could not be written: ${code ?? message}.`);
  }
}

function notWritten(message: string): Result<never, ProductError> {
  return fail(productError('support.not-written', message));
}
