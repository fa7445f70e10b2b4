import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { nodeFiles, writeWhole, type Files } from './files.ts';

/**
 * Small state that must survive a power cut: checksum line, then JSON. Written to a temporary name, fsynced,
 * renamed, folder fsynced; the previous version is kept beside it. Synchronous on purpose: four hung calls of
 * the asynchronous file API would stop every other one, and lease keeping must never wait for that.
 */
export function writeDurable(path: string, value: unknown, files: Files = nodeFiles): void {
  const body = JSON.stringify(value);
  putInPlace(path, files);
  writeThrough(files, `${path}.new`, `${checksum(body)}\n${body}\n`);
  if (files.exists(path)) files.rename(path, `${path}.previous`);
  files.rename(`${path}.new`, path);
  syncFolder(files, dirname(path));
}

/** What a crash between the two renames has left under its temporary name is the only whole copy of the newest version. */
function putInPlace(path: string, files: Files): void {
  const left = !files.exists(path) && files.exists(`${path}.previous`) && readOne(files, `${path}.new`).ok;
  if (!left) return;
  files.rename(`${path}.new`, path);
  syncFolder(files, dirname(path));
}

/** `missing`: never written. Anything else that is not exactly what was written is `damaged`, with why. */
export type DurableFailure =
  { readonly kind: 'missing' } | { readonly kind: 'damaged'; readonly why: string };

/**
 * Reads what `writeDurable` wrote. A crash between its two renames leaves the new version, complete and fsynced, under
 * its temporary name: used. Without that one the newest was taken away, and the previous one knows less than what was
 * acted upon: damaged.
 */
export function readDurable(path: string, files: Files = nodeFiles): Result<unknown, DurableFailure> {
  const newest = readOne(files, path);
  if (newest.ok || newest.error.kind === 'damaged' || !files.exists(`${path}.previous`)) return newest;
  const pending = readOne(files, `${path}.new`);
  if (pending.ok) return pending;
  // Another process may have been between its renames, and have ended them since.
  const again = readOne(files, path);
  if (again.ok || again.error.kind === 'damaged') return again;
  const why = `${path} is missing, and ${path}.previous is older than what was written last`;
  return fail({ kind: 'damaged', why });
}

function readOne(files: Files, path: string): Result<unknown, DurableFailure> {
  let text: string;
  try {
    text = files.read(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT'
      ? fail({ kind: 'missing' })
      : fail({ kind: 'damaged', why: `${path} cannot be read: ${code ?? String(error)}` });
  }
  const newline = text.indexOf('\n');
  const body = text.slice(newline + 1).replace(/\n$/, '');
  if (newline < 0 || text.slice(0, newline) !== checksum(body)) {
    return fail({ kind: 'damaged', why: `${path}: the checksum does not fit its content` });
  }
  try {
    return succeed(JSON.parse(body) as unknown);
  } catch {
    return fail({ kind: 'damaged', why: `${path}: not JSON` });
  }
}

/** Writes and fsyncs a file under its final name. */
function writeThrough(files: Files, path: string, text: string): void {
  const file = openNew(files, path);
  try {
    writeWhole(files, file, path, text);
    files.fsync(file);
  } finally {
    files.close(file);
  }
}

/** Opens it to be written; its folder is made where it is missing. */
function openNew(files: Files, path: string): number {
  try {
    return files.open(path, 'w', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    files.makeFolder(dirname(path));
    return files.open(path, 'w', 0o600);
  }
}

function syncFolder(files: Files, path: string): void {
  const folder = files.open(path, 'r');
  try {
    files.fsync(folder);
  } finally {
    files.close(folder);
  }
}

function checksum(body: string): string {
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}
