import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

/** The largest file that is taken for a kit or an invitation. */
const sealedBytes = 16 * 1024 * 1024;

/** The text of a file that only a passphrase opens. Errors: site.missing, site.damaged. */
export async function readSealedFile(file: string): Promise<Result<string, ProductError>> {
  const text = await readFile(file).catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) {
    const said = `${file} cannot be read (${text.code ?? text.message}).`;
    return fail(productError(text.code === 'ENOENT' ? 'site.missing' : 'site.damaged', said));
  }
  if (text.length > sealedBytes) {
    const said = `${file} is too large for a recovery kit or an invitation.`;
    return fail(productError('site.damaged', said));
  }
  return succeed(text.toString('utf8'));
}

/** Why a profile cannot be made in this folder; null: it can. Error: kit.occupied. */
export async function occupied(directory: string): Promise<ProductError | null> {
  const there = await readdir(directory).catch(() => []);
  if (there.length === 0) return null;
  const said = `${directory} is there already, with ${there.slice(0, 3).join(', ')} in it.`;
  return productError('kit.occupied', said);
}

/** Makes a profile folder as a whole or not at all. Error: kit.occupied. */
export async function makeProfile(
  directory: string,
  write: (fresh: string) => Promise<void>,
): Promise<Result<void, ProductError>> {
  const fresh = `${directory}.restoring`;
  try {
    await rm(fresh, { recursive: true, force: true });
    await write(fresh);
    await rename(fresh, directory);
    return succeed(undefined);
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    const said = `The profile folder ${directory} could not be made.`;
    return fail(productError('kit.occupied', said, [(cause as Error).message]));
  }
}
