import { join } from 'node:path';
import { nodeFiles, replaceFile, type Files } from '../durable/files.ts';

export interface ServingMark {
  readonly epoch: number;
  readonly pollersStarted: boolean;
  /** Which life of the engine it serves with; null: that could not be told. */
  readonly life: string | null;
}

/**
 * `<run>/serving` holds the epoch under which `/active` answers 200, and whether the pollers were started: a
 * restarted agent goes on answering at once, the load balancer keeps the sessions, and pollers that a person has
 * switched off stay off. It also holds which life of the engine that was, so that one that somebody has started while
 * no agent ran is told from it. It lies on the memory file system: gone after a boot.
 */
export function openServingMark(runFolder: string, files: Files = nodeFiles) {
  const path = join(runFolder, 'serving');
  return {
    write({ epoch, pollersStarted, life }: ServingMark): void {
      replaceFile(files, path, `${epoch} ${pollersStarted ? 1 : 0}${life === null ? '' : ` ${life}`}\n`);
    },
    /** Never throws, since it stands before stops that must not wait for it; answers why it is still there, or null. */
    remove(): string | null {
      try {
        if (files.exists(path)) files.remove(path);
        return null;
      } catch (error) {
        return `its mark for a restart could not be removed: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
      }
    },
    read(): ServingMark | null {
      try {
        const match = /^(\d{1,15}) ([01])(?: (\S{1,100}))?\n$/.exec(files.read(path));
        if (match === null) return null;
        return { epoch: Number(match[1]), pollersStarted: match[2] === '1', life: match[3] ?? null };
      } catch {
        return null;
      }
    },
  };
}
