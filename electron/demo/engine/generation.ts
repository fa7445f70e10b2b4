import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, succeed, type Result } from '../../../shared/result.ts';

/**
 * `<workingDirectory>/.ixha/generation` holds `EPOCH SERVER\n`: the epoch that may write this storage.
 * The agent moves it forward before it starts an engine. Absent means generation 0: nobody guards yet.
 */
export async function readGeneration(workingDirectory: string): Promise<Result<number, string>> {
  const path = join(workingDirectory, '.ixha', 'generation');
  try {
    return parseGeneration(await readFile(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? succeed(0) : fail(`${path} cannot be read (${code ?? 'unknown error'})`);
  }
}

export function parseGeneration(text: string): Result<number, string> {
  const epoch = /^(\d{1,15}) \S+\n?$/.exec(text)?.[1];
  return epoch === undefined ? fail('the generation file is damaged') : succeed(Number(epoch));
}

export type Standing = 'ours' | 'newer' | 'unknown';

/** Compares what the storage says now with the generation this engine was started under. */
export function standing(own: number, read: Result<number, string>): Standing {
  // Going backwards means that another or an empty directory is mounted: no proof of anything.
  if (!read.ok || read.value < own) return 'unknown';
  return read.value > own ? 'newer' : 'ours';
}
