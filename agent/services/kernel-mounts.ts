import { readFileSync } from 'node:fs';

/** What is mounted, by the kernel's own list: no storage is asked, and none can keep the reader waiting. */
export function readMountList(): string {
  return readFileSync('/proc/self/mountinfo', 'utf8');
}

/** Whether something is mounted on exactly this path, by such a list. Pure. */
export function isMountPoint(list: string, path: string): boolean {
  return list.split('\n').some((line) => mountPoint(line) === path);
}

/** The fifth word of a line; what would break it is written there as an octal number. */
function mountPoint(line: string): string {
  return (line.split(' ', 5)[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
