import { renameSync } from 'node:fs';

/** Renames a damaged file to a free name beside it; answers the new path. `stamp` makes the name. */
export function keepAside(path: string, stamp: string): string {
  const kept = `${path}.damaged-${stamp.replace(/[^0-9A-Za-z]/g, '')}`;
  renameSync(path, kept);
  return kept;
}
