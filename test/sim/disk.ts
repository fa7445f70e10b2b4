import { dirname } from 'node:path';
import type { Random } from './random.ts';

/** Content of a file: what programs read, and what a power cut leaves for certain. */
interface Content {
  text: string;
  synced: string;
}

type FolderChange =
  | { readonly kind: 'link'; readonly name: string; readonly content: Content }
  | { readonly kind: 'unlink'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly from: string; readonly content: Content };

interface Folder {
  readonly names: Map<string, Content>;
  /** What is certain to survive, and what was changed since its last fsync, in order. */
  readonly synced: Map<string, Content>;
  changes: FolderChange[];
}

/** What is wrong with a disk at this moment. `full`: a write may still get some of its bytes in. */
export type DiskTrouble = 'full' | 'read-only' | 'broken' | null;

/**
 * One file system. A change counts as soon as it is made, but only an fsync of the file (its content) and of its
 * folder (its name) makes it survive a power cut; without one it survives in part, or not, as chance has it.
 */
export class Disk {
  trouble: DiskTrouble = null;
  private readonly random: Random;
  private readonly folders = new Map<string, Folder>();
  private readonly open = new Map<number, { readonly path: string; readonly content: Content | null }>();
  private descriptors = 2;

  constructor(random: Random) {
    this.random = random;
  }

  makeFolder(path: string): void {
    if (this.folders.has(path)) return;
    this.mustWrite();
    this.folders.set(path, { names: new Map(), synced: new Map(), changes: [] });
  }

  openFile(path: string, flags: 'r' | 'r+' | 'w' | 'a'): number {
    this.descriptors += 1;
    if (this.folders.has(path)) {
      this.open.set(this.descriptors, { path, content: null });
      return this.descriptors;
    }
    if (flags !== 'r') this.mustWrite();
    const folder = this.folder(dirname(path));
    let content = folder.names.get(path);
    if (content === undefined) {
      if (flags === 'r' || flags === 'r+') throw failure('ENOENT', path);
      if (this.trouble === 'full' && this.random.chance(0.3)) throw failure('ENOSPC', path);
      content = { text: '', synced: '' };
      this.link(folder, path, content);
    }
    if (flags === 'w') content.text = '';
    this.open.set(this.descriptors, { path, content });
    return this.descriptors;
  }

  write(file: number, text: string): number {
    const { content, path } = this.opened(file);
    if (content === null) throw failure('EISDIR', path);
    this.mustWrite();
    if (this.trouble === 'full') {
      // A full disk takes what still fits, and refuses only when nothing does.
      const fits = this.random.chance(0.5) ? 0 : this.random.below(text.length);
      if (fits === 0) throw failure('ENOSPC', path);
      content.text += text.slice(0, fits);
      return fits;
    }
    content.text += text;
    return text.length;
  }

  fsync(file: number): void {
    const { path, content } = this.opened(file);
    if (this.trouble === 'broken') throw failure('EIO', path);
    if (content !== null) {
      content.synced = content.text;
      return;
    }
    const folder = this.folder(path);
    folder.synced.clear();
    for (const [name, kept] of folder.names) folder.synced.set(name, kept);
    folder.changes = [];
  }

  size(file: number): number {
    return this.opened(file).content?.text.length ?? 0;
  }

  truncate(file: number, bytes: number): void {
    const { content, path } = this.opened(file);
    if (content === null) throw failure('EISDIR', path);
    this.mustWrite();
    content.text = content.text.slice(0, bytes);
  }

  close(file: number): void {
    this.open.delete(file);
  }

  read(path: string): string {
    const content = this.folders.get(dirname(path))?.names.get(path);
    if (content === undefined) throw failure('ENOENT', path);
    if (this.trouble === 'broken') throw failure('EIO', path);
    return content.text;
  }

  exists(path: string): boolean {
    return this.folders.get(dirname(path))?.names.has(path) ?? false;
  }

  rename(from: string, to: string): void {
    this.mustWrite();
    const folder = this.folder(dirname(from));
    const content = folder.names.get(from);
    if (content === undefined) throw failure('ENOENT', from);
    folder.names.delete(from);
    folder.names.set(to, content);
    folder.changes.push({ kind: 'rename', name: to, from, content });
  }

  remove(path: string): void {
    const folder = this.folder(dirname(path));
    if (!folder.names.has(path)) throw failure('ENOENT', path);
    this.mustWrite();
    this.unlink(folder, path);
  }

  isFolder(path: string): boolean {
    return this.folders.has(path);
  }

  list(path: string): string[] {
    return [...this.folder(path).names.keys()].map((name) => name.slice(path.length + 1));
  }

  /** The power goes. What was not fsynced is kept up to some point, torn there, and gone after it. */
  losePower(): void {
    this.open.clear();
    for (const folder of this.folders.values()) {
      const kept = this.random.below(folder.changes.length + 1);
      for (const change of folder.changes.slice(0, kept)) {
        if (change.kind === 'rename') folder.synced.delete(change.from);
        if (change.kind === 'unlink') folder.synced.delete(change.name);
        else folder.synced.set(change.name, change.content);
      }
      folder.changes = [];
      folder.names.clear();
      for (const [name, content] of folder.synced) folder.names.set(name, content);
    }
    for (const content of new Set([...this.folders.values()].flatMap(({ names }) => [...names.values()])))
      this.tear(content);
  }

  /** As `sync` does before an orderly end. */
  syncAll(): void {
    for (const folder of this.folders.values()) {
      folder.changes = [];
      folder.synced.clear();
      for (const [name, content] of folder.names) {
        folder.synced.set(name, content);
        content.synced = content.text;
      }
    }
  }

  /** Everything is gone, as on a memory file system after a boot, or on a new disk. */
  wipe(): void {
    this.open.clear();
    this.folders.clear();
  }

  /** Overwrites a file as damage does. Answers false when there is none. */
  damage(path: string, change: (text: string) => string): boolean {
    const content = this.folders.get(dirname(path))?.names.get(path);
    if (content === undefined) return false;
    content.text = change(content.text);
    content.synced = content.text;
    return true;
  }

  private tear(content: Content): void {
    if (content.text !== content.synced) {
      const whole = this.random.below(3);
      if (whole === 0) content.text = content.synced;
      else if (whole === 1) content.text = content.text.slice(0, this.random.below(content.text.length + 1));
    }
    content.synced = content.text;
  }

  private link(folder: Folder, name: string, content: Content): void {
    folder.names.set(name, content);
    folder.changes.push({ kind: 'link', name, content });
  }

  private unlink(folder: Folder, name: string): void {
    folder.names.delete(name);
    folder.changes.push({ kind: 'unlink', name });
  }

  private folder(path: string): Folder {
    const folder = this.folders.get(path);
    if (folder === undefined) throw failure('ENOENT', path);
    return folder;
  }

  private opened(file: number) {
    const opened = this.open.get(file);
    if (opened === undefined) throw failure('EBADF', String(file));
    return opened;
  }

  private mustWrite(): void {
    if (this.trouble === 'read-only') throw failure('EROFS', 'the file system');
    if (this.trouble === 'broken') throw failure('EIO', 'the disk');
  }
}

/** A missing file is part of everyday life: it costs no stack. */
function failure(code: string, about: string): Error {
  const { stackTraceLimit } = Error;
  if (code === 'ENOENT') Error.stackTraceLimit = 0;
  const error = Object.assign(new Error(`${code}: ${about}`), { code });
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}
