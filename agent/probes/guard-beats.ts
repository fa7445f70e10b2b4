import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GuardBeat {
  readonly id: string;
  readonly ageMs: number | null;
  readonly beating: boolean;
}

/** A guard turns every 0.1 s; five turns without a beat call it silent. */
const silentAfterMs = 500;

/**
 * Reads both guards' beats: two small files on a memory file system. A guard rewrites its file in place, so a
 * look may find it empty: that says nothing new, and the last beat seen goes on ageing.
 */
export class GuardBeats {
  private readonly runFolder: string;
  private readonly lastMs: [number | null, number | null] = [null, null];

  constructor(runFolder: string) {
    this.runFolder = runFolder;
  }

  read(nowMs: number): readonly [GuardBeat, GuardBeat] {
    return [this.readOne(0, nowMs), this.readOne(1, nowMs)];
  }

  private readOne(index: 0 | 1, nowMs: number): GuardBeat {
    const id = `guard-${index + 1}`;
    const found = readBeat(join(this.runFolder, `beat-${index + 1}`));
    if (found !== null) this.lastMs[index] = found;
    const lastMs = this.lastMs[index];
    if (lastMs === null) return { id, ageMs: null, beating: false };
    const ageMs = Math.max(0, nowMs - lastMs);
    return { id, ageMs, beating: ageMs <= silentAfterMs };
  }
}

function readBeat(path: string): number | null {
  try {
    const match = /^(\d{1,15})\n$/.exec(readFileSync(path, 'utf8'));
    return match ? Number(match[1]) : null;
  } catch {
    return null;
  }
}

/** The last kill that a guard has noted, if any: `BOOT_MS REASON`. */
export function readGuardKill(runFolder: string, number: 1 | 2): { atMs: number; reason: string } | null {
  try {
    const match = /^(\d{1,15}) (.{1,200})$/m.exec(readFileSync(join(runFolder, `kill-${number}`), 'utf8'));
    return match ? { atMs: Number(match[1]), reason: match[2] ?? '' } : null;
  } catch {
    return null;
  }
}
