import { join } from 'node:path';
import { nodeFiles, replaceFile, type Files } from '../durable/files.ts';

/**
 * The guards' deadline of this member, `EPOCH DEADLINE_MS` on a memory file system. It is the only thing that
 * keeps the engine alive and the gate open, so it is written by atomic rename and only by the lease keeper.
 */
export interface DeadlineFile {
  write(epoch: number, deadlineMs: number): void;
  remove(): void;
  /** What is there now; null when there is none or it is not exactly two numbers. */
  read(): { readonly epoch: number; readonly deadlineMs: number } | null;
}

export function openDeadlineFile(runFolder: string, files: Files = nodeFiles): DeadlineFile {
  const path = join(runFolder, 'deadline');
  return {
    write(epoch, deadlineMs) {
      replaceFile(files, path, `${epoch} ${Math.floor(deadlineMs)}\n`);
    },
    remove() {
      try {
        files.remove(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    },
    read() {
      try {
        const match = /^(\d{1,15}) (\d{1,15})\n$/.exec(files.read(path));
        return match ? { epoch: Number(match[1]), deadlineMs: Number(match[2]) } : null;
      } catch {
        return null;
      }
    },
  };
}
