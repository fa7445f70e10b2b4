import { join } from 'node:path';
import { nodeFiles, type Files } from '../durable/files.ts';

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
  private readonly files: Files;
  private readonly lastMs: [number | null, number | null] = [null, null];

  constructor(runFolder: string, files: Files = nodeFiles) {
    this.runFolder = runFolder;
    this.files = files;
  }

  read(nowMs: number): readonly [GuardBeat, GuardBeat] {
    return [this.readOne(0, nowMs), this.readOne(1, nowMs)];
  }

  private readOne(index: 0 | 1, nowMs: number): GuardBeat {
    const id = `guard-${index + 1}`;
    const found = this.readBeat(index);
    if (found !== null) this.lastMs[index] = found;
    const lastMs = this.lastMs[index];
    if (lastMs === null) return { id, ageMs: null, beating: false };
    const ageMs = Math.max(0, nowMs - lastMs);
    return { id, ageMs, beating: ageMs <= silentAfterMs };
  }

  /** The last kill that a guard has noted, if any: `BOOT_MS REASON`. */
  lastKill(number: 1 | 2): { atMs: number; reason: string } | null {
    const name = `kill-${number}`;
    // Mostly there is none, and it is looked for with every look: a failed read costs ten times as much.
    if (!this.files.exists(join(this.runFolder, name))) return null;
    const match = /^(\d{1,15}) (.{1,200})$/m.exec(this.text(name));
    return match ? { atMs: Number(match[1]), reason: match[2] ?? '' } : null;
  }

  private readBeat(index: 0 | 1): number | null {
    const match = /^(\d{1,15})\n$/.exec(this.text(`beat-${index + 1}`));
    return match ? Number(match[1]) : null;
  }

  private text(name: string): string {
    try {
      return this.files.read(join(this.runFolder, name));
    } catch {
      return '';
    }
  }
}
