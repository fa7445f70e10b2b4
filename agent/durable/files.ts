import * as fs from 'node:fs';

/**
 * The file calls that durable and guarded state is made of, all synchronous and with Node's meaning, as a port:
 * the simulation puts a disk behind it that loses what was not fsynced and ends between any two calls.
 */
export interface Files {
  makeFolder(path: string): void;
  /** Flags as in fopen. Answers a descriptor. */
  open(path: string, flags: 'r' | 'r+' | 'w' | 'a', mode?: number): number;
  /** Answers how many bytes were written: fewer when the disk is full in the middle. */
  write(file: number, text: string): number;
  fsync(file: number): void;
  /** As fsync, without what reading the file does not need. */
  fdatasync(file: number): void;
  size(file: number): number;
  truncate(file: number, bytes: number): void;
  close(file: number): void;
  /** Throws ENOENT when it is missing. */
  read(path: string): string;
  exists(path: string): boolean;
  rename(from: string, to: string): void;
  /** Throws ENOENT when it is missing. */
  remove(path: string): void;
  list(folder: string): string[];
}

export const nodeFiles: Files = {
  makeFolder: (path) => void fs.mkdirSync(path, { recursive: true }),
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  write: (file, text) => fs.writeSync(file, text),
  fsync: (file) => fs.fsyncSync(file),
  fdatasync: (file) => fs.fdatasyncSync(file),
  size: (file) => fs.fstatSync(file).size,
  truncate: (file, bytes) => fs.ftruncateSync(file, bytes),
  close: (file) => fs.closeSync(file),
  read: (path) => fs.readFileSync(path, 'utf8'),
  exists: (path) => fs.existsSync(path),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.unlinkSync(path),
  list: (folder) => fs.readdirSync(folder),
};

/**
 * Writes all of it, or throws: a disk that is filling up takes a part without an error, and a part must never be
 * renamed into place.
 */
export function writeWhole(files: Files, file: number, path: string, text: string): void {
  const written = files.write(file, text);
  if (written < Buffer.byteLength(text)) throw new Error(`only ${written} bytes of ${path} could be written`);
}

/** Puts a small file in place as a whole, on a memory file system where nothing needs a sync. */
export function replaceFile(files: Files, path: string, text: string): void {
  const file = files.open(`${path}.new`, 'w', 0o644);
  try {
    writeWhole(files, file, path, text);
  } finally {
    files.close(file);
  }
  files.rename(`${path}.new`, path);
}
