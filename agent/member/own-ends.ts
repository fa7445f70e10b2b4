import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { nodeFiles, replaceFile, type Files } from '../durable/files.ts';

/** Ends within this time count together. */
export const endsWithinMs = 10 * 60_000;

/** So many are noted at most: an agent that is started ten times a second must not fill its memory file system. */
const noted = 99;

export interface OwnEnds {
  /** How often within the last ten minutes an agent was started here after one that had ended without being asked to. */
  lately(): number;
  /** This agent is asked to end. Never throws. */
  leave(): void;
}

/**
 * `<run>/ends` holds whether an agent runs, and when others were started after one that had died: each one by itself
 * sees only that it has started. It lies on the memory file system: gone after a boot, which nobody counts. Never
 * throws: an agent that cannot count its ends must not end of it.
 */
export function openOwnEnds(runFolder: string, clock: Clock, files: Files = nodeFiles): OwnEnds {
  const path = join(runFolder, 'ends');
  const put = (state: 'runs' | 'left') => {
    try {
      replaceFile(files, path, `${[state, ...ends].join(' ')}\n`);
    } catch {
      // What is there stays: the next start counts one too many, or none.
    }
  };
  const before = readEnds(files, path);
  const startedMs = clock.bootMs();
  const ends = [...before.ends, ...(before.died ? [startedMs] : [])].slice(-noted);
  put('runs');
  return {
    lately: () => ends.filter((atMs) => clock.bootMs() - atMs <= endsWithinMs).length,
    leave: () => put('left'),
  };
}

function readEnds(files: Files, path: string): { died: boolean; ends: readonly number[] } {
  try {
    const match = /^(runs|left)((?: \d{1,15}){0,99})\n$/.exec(files.read(path));
    if (match === null) return { died: false, ends: [] };
    return { died: match[1] === 'runs', ends: match[2]!.split(' ').slice(1).map(Number) };
  } catch {
    return { died: false, ends: [] };
  }
}
