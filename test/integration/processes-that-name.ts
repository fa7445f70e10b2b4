import { readdirSync, readFileSync } from 'node:fs';

/** Live processes that name a path; a process that ended and waits to be collected has no command line. */
export function processesThatName(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path);
      } catch {
        return false;
      }
    });
}
