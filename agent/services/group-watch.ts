import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Tells at once when processes of a control group may have come or gone: the kernel reports every change of its
 * `cgroup.events`, and in the folder above it that the group itself comes. It only asks for a look and is never a
 * finding itself. A group that cannot be watched is not an error: then only looks find out.
 */
export class GroupWatch {
  private readonly told: () => void;
  private watcher: FSWatcher | null = null;
  /** What the last look saw, in words that fit nothing else; null: nothing that can be watched. */
  private watched: string | null = null;
  private seenAgain = false;

  constructor(told: () => void) {
    this.told = told;
  }

  /** A look has found processes in this group. */
  runsIn(folder: string, identity: number): void {
    this.seen(`${identity} at ${folder}`, () => watch(join(folder, 'cgroup.events'), { persistent: false }));
  }

  /** A look has found that there is no such group, and that it can come only here. @param above identity of its parent */
  comesAt(folder: string, above: number): void {
    const name = basename(folder);
    this.seen(`none in ${above} at ${folder}`, () => watch(dirname(folder), { persistent: false }), name);
  }

  /** A look has found something whose change nobody tells. */
  nothing(): void {
    this.close();
  }

  /** The next change of what the last look saw will be told. */
  sure(): boolean {
    return this.seenAgain;
  }

  close(): void {
    this.watcher?.close();
    this.watcher = null;
    this.watched = null;
    this.seenAgain = false;
  }

  /**
   * What changed between the first look and the beginning of its watch was told to nobody, so that only the second look
   * under the watch makes it sure.
   */
  private seen(what: string, begin: () => FSWatcher, name?: string): void {
    this.seenAgain = this.watcher !== null && this.watched === what;
    if (this.seenAgain) return;
    this.close();
    this.watched = what;
    try {
      const watcher = begin();
      this.watcher = watcher;
      // A busy folder tells of others too; one that tells no names asks for a look each time.
      watcher.on('change', (_, of) => {
        if (name === undefined || of === null || String(of) === name) this.told();
      });
      watcher.on('error', () => {
        if (this.watcher === watcher) this.close();
      });
    } catch {
      // The group is gone already, or the system has no watches left.
    }
  }
}
