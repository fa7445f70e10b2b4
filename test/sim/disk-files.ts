import type { Files } from '../../agent/durable/files.ts';
import type { Disk } from './disk.ts';

/** A disk as a program sees it that is no part of the history: the installer, or the judge. */
export function filesOn(disk: Disk): Files {
  return {
    makeFolder: (path) => disk.makeFolder(path),
    open: (path, flags) => disk.openFile(path, flags),
    write: (file, text) => disk.write(file, text),
    fsync: (file) => disk.fsync(file),
    fdatasync: (file) => disk.fsync(file),
    size: (file) => disk.size(file),
    truncate: (file, bytes) => disk.truncate(file, bytes),
    close: (file) => disk.close(file),
    read: (path) => disk.read(path),
    exists: (path) => disk.exists(path),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    list: (path) => disk.list(path),
  };
}
