import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `<run>/serving` holds the epoch under which `/active` answers 200, so that a restarted agent goes on answering
 * at once and the load balancer keeps the sessions. It lies on the memory file system: gone after a boot.
 */
export function openServingMark(runFolder: string) {
  const path = join(runFolder, 'serving');
  return {
    write(epoch: number): void {
      writeFileSync(`${path}.new`, `${epoch}\n`);
      renameSync(`${path}.new`, path);
    },
    remove: () => rmSync(path, { force: true }),
    read(): number | null {
      try {
        const match = /^(\d{1,15})\n$/.exec(readFileSync(path, 'utf8'));
        return match ? Number(match[1]) : null;
      } catch {
        return null;
      }
    },
  };
}
