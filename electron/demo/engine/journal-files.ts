import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { decodeJournal, encodeRecord, type JournalRecord } from './journal-records.ts';
import { JournalState } from './journal-state.ts';

/**
 * Where the journal lives: `logt/journal-<generation>.log`, with `logt/journal.log` as a second name
 * of the current one. Each generation writes a file of its own, so an engine that was frozen and goes
 * on after a takeover cannot write into, or replace, what its successor owns.
 */
const currentName = 'journal.log';

export interface FoundJournal {
  readonly path: string;
  readonly state: JournalState;
  /** Bytes at the end that a crash left torn; they were never acknowledged. */
  readonly tornBytes: number;
}

/** Reads the newest journal; undefined when there is none yet. The failure is a sentence. */
export async function findJournal(directory: string): Promise<Result<FoundJournal | undefined, string>> {
  const newest = (await generationsIn(directory)).at(-1);
  const named = newest === undefined ? undefined : join(directory, journalName(newest));
  const current = join(directory, currentName);
  const paths =
    named === undefined || (await sameFile(named, current)) ? [named ?? current] : [named, current];
  let best: FoundJournal | undefined;
  for (const path of paths) {
    const found = await readJournal(path);
    if (!found.ok) return found;
    if (found.value && (!best || found.value.state.generation > best.state.generation)) best = found.value;
  }
  return succeed(best);
}

/**
 * Writes a new journal with these records under this generation and makes it the current one.
 * Crash-safe: until the rename the old journal is the journal, after it the new one.
 * Returns its path and size. Throws errors of the file system.
 */
export async function writeJournal(
  directory: string,
  generation: number,
  records: Iterable<JournalRecord>,
): Promise<{ path: string; bytes: number }> {
  const path = join(directory, journalName(generation));
  const draft = `${path}.new`;
  const file = await open(draft, 'w');
  let bytes = 0;
  try {
    for (const chunk of chunked(records)) {
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await pointCurrentAt(directory, path);
  await syncDirectory(directory);
  return { path, bytes };
}

/** Deletes journals older than the newest one before `generation`; that one is kept as evidence. */
export async function removeOldJournals(directory: string, generation: number): Promise<string | undefined> {
  const older = (await generationsIn(directory)).filter((candidate) => candidate < generation);
  const kept = older.pop();
  for (const old of older) await rm(join(directory, journalName(old)), { force: true });
  return kept === undefined ? undefined : join(directory, journalName(kept));
}

/** Makes `config/` and `logt/` below the working directory, which itself must exist. */
export async function prepareDirectories(workingDirectory: string): Promise<Result<string, string>> {
  const logs = join(workingDirectory, 'logt');
  try {
    if (!(await stat(workingDirectory)).isDirectory()) return fail('it is not a directory');
    await mkdir(join(workingDirectory, 'config'), { recursive: true });
    await mkdir(logs, { recursive: true });
    return succeed(logs);
  } catch (error) {
    return fail((error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

async function readJournal(path: string): Promise<Result<FoundJournal | undefined, string>> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? succeed(undefined) : fail(`${path} cannot be read (${code ?? 'unknown'})`);
  }
  if (file.length === 0) return succeed(undefined);
  const content = decodeJournal(file);
  if (content.damaged || content.records[0]?.kind !== 'open') {
    return fail(`${path} is damaged after byte ${content.wholeBytes}, and not only at its end`);
  }
  const state = new JournalState();
  for (const record of content.records) state.apply(record);
  return succeed({ path, state, tornBytes: file.length - content.wholeBytes });
}

async function generationsIn(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  const numbers = names.map((name) => /^journal-(\d{1,15})\.log$/.exec(name)?.[1]);
  return numbers
    .filter((text) => text !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** A second name for the current journal, for people and observers. File systems without links go without. */
async function pointCurrentAt(directory: string, path: string): Promise<void> {
  const fresh = join(directory, `${currentName}.new`);
  await rm(fresh, { force: true });
  try {
    await link(path, fresh);
    await rename(fresh, join(directory, currentName));
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  }
}

async function sameFile(one: string, other: string): Promise<boolean> {
  try {
    const [left, right] = [await stat(one), await stat(other)];
    return left.ino === right.ino && left.dev === right.dev;
  } catch {
    return false;
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function* chunked(records: Iterable<JournalRecord>): Generator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for (const record of records) {
    const line = encodeRecord(record);
    parts.push(line);
    bytes += line.length;
    if (bytes < 1024 * 1024) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  yield Buffer.concat(parts);
}

function journalName(generation: number): string {
  return `journal-${generation}.log`;
}
