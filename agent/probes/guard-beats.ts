import { join } from 'node:path';
import { guardSilentMs } from '../../shared/lease/noticing.ts';
import { nodeFiles, type Files } from '../durable/files.ts';

export interface GuardBeat {
  readonly id: string;
  readonly ageMs: number | null;
  readonly beating: boolean;
}

/**
 * A decision waits so long for a beat of a guard that has beaten before: the look may have met its file empty, or the
 * whole server stood still, and who of its programs goes on first is chance.
 */
const doubtMs = 150;

/**
 * Reads both guards' beats: two small files on a memory file system. A guard rewrites its file in place, so a
 * look may find it empty: that says nothing new, and the last beat seen goes on ageing.
 */
export class GuardBeats {
  private readonly files: Files;
  private readonly paths: readonly [string, string];
  private readonly runFolder: string;
  private readonly lastMs: [number | null, number | null] = [null, null];
  /** Since when a decision doubts that the guard beats; null: it does not. */
  private readonly doubtedMs: [number | null, number | null] = [null, null];

  constructor(runFolder: string, files: Files = nodeFiles) {
    this.runFolder = runFolder;
    this.files = files;
    this.paths = [join(runFolder, 'beat-1'), join(runFolder, 'beat-2')];
  }

  read(nowMs: number): readonly [GuardBeat, GuardBeat] {
    this.readBeat(0);
    this.readBeat(1);
    return [this.beat(0, nowMs), this.beat(1, nowMs)];
  }

  /**
   * For decisions: the age may be that of an earlier beat, since as long as the last one seen is young enough the guard
   * beats whatever its file says now. And a guard that has beaten is silent only once it was so for two looks.
   */
  known(nowMs: number): readonly [GuardBeat, GuardBeat] {
    return [this.knownBeat(0, nowMs), this.knownBeat(1, nowMs)];
  }

  /** A decision has met a beat that is too old and waits for another look, which should come soon. */
  doubted(): boolean {
    return this.doubtedMs.some((sinceMs) => sinceMs !== null);
  }

  private knownBeat(index: 0 | 1, nowMs: number): GuardBeat {
    if (!this.beat(index, nowMs).beating) this.readBeat(index);
    const last = this.beat(index, nowMs);
    if (last.beating || last.ageMs === null) {
      this.doubtedMs[index] = null;
      return last;
    }
    const sinceMs = (this.doubtedMs[index] ??= nowMs);
    return { ...last, beating: nowMs - sinceMs < doubtMs };
  }

  private beat(index: 0 | 1, nowMs: number): GuardBeat {
    const id = `guard-${index + 1}`;
    const lastMs = this.lastMs[index];
    if (lastMs === null) return { id, ageMs: null, beating: false };
    const ageMs = Math.max(0, nowMs - lastMs);
    return { id, ageMs, beating: ageMs <= guardSilentMs };
  }

  /** The last kill that a guard has noted, if any: `BOOT_MS REASON`. */
  lastKill(number: 1 | 2): { atMs: number; reason: string } | null {
    const path = join(this.runFolder, `kill-${number}`);
    // Mostly there is none, and it is looked for with every look: a failed read costs ten times as much.
    if (!this.files.exists(path)) return null;
    const match = /^(\d{1,15}) (.{1,200})$/m.exec(this.text(path));
    return match ? { atMs: Number(match[1]), reason: match[2] ?? '' } : null;
  }

  private readBeat(index: 0 | 1): void {
    const match = /^(\d{1,15})\n$/.exec(this.text(this.paths[index]));
    if (match) this.lastMs[index] = Number(match[1]);
  }

  private text(path: string): string {
    try {
      return this.files.read(path);
    } catch {
      return '';
    }
  }
}
