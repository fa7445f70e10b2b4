import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GuardBeat {
  readonly id: string;
  readonly ageMs: number | null;
  readonly beating: boolean;
}

/** A guard turns every 0.1 s; five turns without a beat call it silent. */
const silentAfterMs = 500;

/** Reads both guards' beats: two small files on a memory file system. */
export function readGuardBeats(runFolder: string, nowMs: number): readonly [GuardBeat, GuardBeat] {
  return [readBeat(runFolder, 1, nowMs), readBeat(runFolder, 2, nowMs)];
}

function readBeat(runFolder: string, number: number, nowMs: number): GuardBeat {
  const id = `guard-${number}`;
  try {
    const match = /^(\d{1,15})\n$/.exec(readFileSync(join(runFolder, `beat-${number}`), 'utf8'));
    if (match === null) return { id, ageMs: null, beating: false };
    const ageMs = Math.max(0, nowMs - Number(match[1]));
    return { id, ageMs, beating: ageMs <= silentAfterMs };
  } catch {
    return { id, ageMs: null, beating: false };
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
