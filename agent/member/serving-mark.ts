import { join } from 'node:path';
import { nodeFiles, replaceFile, type Files } from '../durable/files.ts';

/**
 * `<run>/serving` holds the epoch under which `/active` answers 200, so that a restarted agent goes on answering
 * at once and the load balancer keeps the sessions. It lies on the memory file system: gone after a boot.
 */
export function openServingMark(runFolder: string, files: Files = nodeFiles) {
  const path = join(runFolder, 'serving');
  return {
    write(epoch: number): void {
      replaceFile(files, path, `${epoch}\n`);
    },
    remove(): void {
      if (files.exists(path)) files.remove(path);
    },
    read(): number | null {
      try {
        const match = /^(\d{1,15})\n$/.exec(files.read(path));
        return match ? Number(match[1]) : null;
      } catch {
        return null;
      }
    },
  };
}
