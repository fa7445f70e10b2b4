import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/**
 * Tells at once when processes of a control group may have come or gone: the kernel reports every change of its
 * `cgroup.events`. It only asks for a look and is never a finding itself. A group that cannot be watched is not an
 * error: then only looks find out.
 */
export class GroupWatch {
  private readonly told: () => void;
  private watcher: FSWatcher | null = null;
  private identity: number | null = null;
  private seenAgain = false;

  constructor(told: () => void) {
    this.told = told;
  }

  /**
   * A look has found processes in this group; null: in none. What changed between a group's first look and the
   * beginning of its watch was told to nobody, so that only the second look under the watch makes it sure.
   */
  seen(group: { readonly folder: string; readonly identity: number } | null): void {
    this.seenAgain = group !== null && this.watcher !== null && this.identity === group.identity;
    if (this.seenAgain) return;
    this.close();
    if (group === null) return;
    this.identity = group.identity;
    this.begin(join(group.folder, 'cgroup.events'));
  }

  /** The end of what the last look saw will be told. */
  sure(): boolean {
    return this.seenAgain;
  }

  close(): void {
    this.watcher?.close();
    this.watcher = null;
    this.seenAgain = false;
  }

  private begin(file: string): void {
    try {
      const watcher = watch(file, { persistent: false });
      this.watcher = watcher;
      watcher.on('change', () => this.told());
      watcher.on('error', () => {
        if (this.watcher === watcher) this.close();
      });
    } catch {
      // The group is gone already, or the system has no watches left.
    }
  }
}
