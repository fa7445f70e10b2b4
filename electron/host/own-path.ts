import { homedir } from 'node:os';
import { join } from 'node:path';

/** A path as people write it: `~/` is their own folder. */
export function ownPath(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}
