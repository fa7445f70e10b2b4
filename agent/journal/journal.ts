import { createHash } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { Clock } from '../../shared/clock.ts';

/** What the writer of a line says; the journal adds number, times and the chain. */
export type JournalEntry = Partial<
  Omit<JournalRecord, 'seq' | 'wallTime' | 'bootMs' | 'cluster' | 'server' | 'previous'>
> & { readonly kind: JournalRecord['kind']; readonly sentence: string };

export interface Journal {
  /** Appends one record, on disk before it returns. Never throws: a full disk is counted in `failed()`. */
  append(entry: JournalEntry): JournalRecord;
  /** Records with `seq >= from`, oldest first. */
  read(from: number, limit: number): { records: JournalRecord[]; next: number; chainBroken: boolean };
  head(): number;
  failed(): string | null;
  onAppend(listener: (record: JournalRecord) => void): () => void;
  close(): void;
}

const fileBytes = 2 * 1024 * 1024;
const filesKept = 8;
const recentKept = 1000;

interface JournalFiles {
  file: number;
  size: number;
}

/**
 * Append-only journal of one member in `folder`, JSON lines, each carrying the SHA-256 of the line before it.
 * A line torn by a power cut is cut off at opening.
 */
export function openJournal(folder: string, clock: Clock, cluster: string, server: string): Journal {
  mkdirSync(folder, { recursive: true });
  const loaded = loadTail(folder);
  const recent = loaded.records;
  let previous = loaded.previous;
  let next = loaded.next;
  let failure: string | null = null;
  const files = openLast(folder, next);
  const listeners = new Set<(record: JournalRecord) => void>();

  function write(line: string): void {
    try {
      if (files.size > fileBytes) rotate(folder, files, next);
      writeSync(files.file, line);
      fdatasyncSync(files.file);
      files.size += Buffer.byteLength(line);
      failure = null;
    } catch (error) {
      failure = `the journal cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
    }
  }

  return {
    append(entry) {
      const record: JournalRecord = {
        seq: next,
        wallTime: clock.wallTime(),
        bootMs: clock.bootMs(),
        cluster,
        server,
        epoch: 0,
        ruleId: null,
        verdict: null,
        requestedBy: null,
        step: null,
        result: null,
        operation: null,
        tookMs: null,
        ...entry,
        previous,
      };
      const line = JSON.stringify(record);
      write(`${line}\n`);
      previous = lineHash(line);
      next += 1;
      recent.push(record);
      if (recent.length > recentKept * 2) recent.splice(0, recent.length - recentKept);
      for (const listener of listeners) listener(record);
      return record;
    },
    read(from, limit) {
      const records = recent.filter((record) => record.seq >= from).slice(0, limit);
      const last = records.at(-1);
      return { records, next: last ? last.seq + 1 : Math.max(from, 1), chainBroken: loaded.broken };
    },
    head: () => next - 1,
    failed: () => failure,
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => closeSync(files.file),
  };
}

function journalFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{10}\.jsonl$/.test(name))
    .sort();
}

function openLast(folder: string, next: number): JournalFiles {
  const last = journalFiles(folder).at(-1) ?? fileName(next);
  const file = openSync(join(folder, last), 'a', 0o640);
  return { file, size: fstatSync(file).size };
}

function rotate(folder: string, files: JournalFiles, next: number): void {
  closeSync(files.file);
  files.file = openSync(join(folder, fileName(next)), 'a', 0o640);
  files.size = 0;
  for (const old of journalFiles(folder).slice(0, -filesKept)) unlinkSync(join(folder, old));
}

function fileName(seq: number): string {
  return `${String(seq).padStart(10, '0')}.jsonl`;
}

/** The newest records of the last two files, and whether each fits the one before it. */
function loadTail(folder: string): {
  records: JournalRecord[];
  next: number;
  previous: string;
  broken: boolean;
} {
  const records: JournalRecord[] = [];
  let previous: string | null = null;
  let broken = false;
  const names = journalFiles(folder).slice(-2);
  for (const name of names) {
    for (const line of readWholeLines(join(folder, name))) {
      const record = parseRecord(line);
      if (record === null || (previous !== null && record.previous !== previous)) broken = true;
      previous = lineHash(line);
      if (record !== null) records.push(record);
    }
  }
  const last = records.at(-1);
  return {
    records: records.slice(-recentKept),
    next: last ? last.seq + 1 : 1,
    previous: previous ?? '0'.repeat(64),
    broken,
  };
}

/** Complete lines of a journal file; a torn last one is cut off the file, since it was never acted on. */
function readWholeLines(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) {
    const file = openSync(path, 'r+');
    ftruncateSync(file, Buffer.byteLength(text.slice(0, end)));
    closeSync(file);
  }
  return text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '');
}

function parseRecord(line: string): JournalRecord | null {
  try {
    const parsed = JournalRecord.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function lineHash(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
