import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

export function openDeadlineFile(runFolder: string): DeadlineFile {
  const path = join(runFolder, 'deadline');
  return {
    write(epoch, deadlineMs) {
      writeFileSync(`${path}.new`, `${epoch} ${Math.floor(deadlineMs)}\n`, { mode: 0o644 });
      renameSync(`${path}.new`, path);
    },
    remove() {
      try {
        unlinkSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    },
    read() {
      try {
        const match = /^(\d{1,15}) (\d{1,15})\n$/.exec(readFileSync(path, 'utf8'));
        return match ? { epoch: Number(match[1]), deadlineMs: Number(match[2]) } : null;
      } catch {
        return null;
      }
    },
  };
}
