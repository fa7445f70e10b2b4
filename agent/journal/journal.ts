import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { JournalRecord } from '../../shared/agent-api/journal-record.ts';
import type { Clock } from '../../shared/clock.ts';
import { nodeFiles, type Files } from '../durable/files.ts';

/** What the writer of a line says; the journal adds number, times and the chain. */
export type JournalEntry = Partial<
  Omit<JournalRecord, 'seq' | 'wallTime' | 'bootMs' | 'cluster' | 'server' | 'previous'>
> & { readonly kind: JournalRecord['kind']; readonly sentence: string };

const fileBytes = 2 * 1024 * 1024;
const filesKept = 8;
const recentKept = 1000;
/** Records kept in memory for a disk that takes none; about 2 MB. */
const owedKept = 4000;

/**
 * Append-only journal of one member in `folder`, JSON lines, each carrying the SHA-256 of the line before it.
 * A line torn by a power cut is cut off at opening. What a full or broken disk does not take is owed to it and
 * written before anything newer, so that the chain on disk has no gap.
 */
export class Journal {
  private readonly folder: string;
  private readonly clock: Clock;
  private readonly files: Files;
  private readonly who: { readonly cluster: string; readonly server: string };
  private readonly recent: JournalRecord[];
  private readonly chainBroken: boolean;
  private readonly listeners = new Set<(record: JournalRecord) => void>();
  private previous: string;
  /** The same of the newest line on disk. */
  private previousOnDisk: string;
  private owed: { readonly seq: number; readonly line: string }[] = [];
  private next: number;
  private failure: string | null = null;
  private file: number;
  private size: number;

  constructor(
    folder: string,
    clock: Clock,
    who: { readonly cluster: string; readonly server: string },
    files: Files = nodeFiles,
  ) {
    files.makeFolder(folder);
    const loaded = loadTail(files, folder);
    this.folder = folder;
    this.clock = clock;
    this.files = files;
    this.who = who;
    this.recent = loaded.records;
    this.previous = loaded.previous;
    this.previousOnDisk = loaded.previous;
    this.next = loaded.next;
    this.chainBroken = loaded.broken;
    this.file = files.open(
      join(folder, journalFiles(files, folder).at(-1) ?? fileName(this.next)),
      'a',
      0o640,
    );
    this.size = files.size(this.file);
  }

  /** Appends one record, on disk before it returns. Never throws: what failed is told by `failed()`. */
  append(entry: JournalEntry): JournalRecord {
    if (this.owed.length >= owedKept) this.giveUpOwed();
    return this.appendOne(entry);
  }

  private appendOne(entry: JournalEntry): JournalRecord {
    const record: JournalRecord = {
      seq: this.next,
      wallTime: this.clock.wallTime(),
      bootMs: this.clock.bootMs(),
      ...this.who,
      epoch: 0,
      ruleId: null,
      verdict: null,
      requestedBy: null,
      step: null,
      result: null,
      operation: null,
      tookMs: null,
      ...entry,
      previous: this.previous,
    };
    const line = JSON.stringify(record);
    this.owed.push({ seq: record.seq, line });
    this.writeOwed();
    this.previous = lineHash(line);
    this.next += 1;
    this.recent.push(record);
    if (this.recent.length > recentKept * 2) this.recent.splice(0, this.recent.length - recentKept);
    for (const listener of this.listeners) listener(record);
    return record;
  }

  /** Records with `seq >= from`, oldest first. */
  read(from: number, limit: number): { records: JournalRecord[]; next: number; chainBroken: boolean } {
    const records = this.recent.filter((record) => record.seq >= from).slice(0, limit);
    const last = records.at(-1);
    return { records, next: last ? last.seq + 1 : Math.max(from, 1), chainBroken: this.chainBroken };
  }

  /** Whether one of the newest thousand records says exactly this, also after a restart. */
  recently(kind: JournalRecord['kind'], sentence: string): boolean {
    return this.recent.some((record) => record.kind === kind && record.sentence === sentence);
  }

  /** Number of the newest record; 0 when there is none. */
  head(): number {
    return this.next - 1;
  }

  failed(): string | null {
    return this.failure;
  }

  onAppend(listener: (record: JournalRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.files.close(this.file);
  }

  /** The chain goes on from what is on disk, and says how much is missing there. */
  private giveUpOwed(): void {
    const lost = this.owed.length;
    this.owed = [];
    this.previous = this.previousOnDisk;
    this.appendOne({
      kind: 'alarm',
      sentence: `${lost} records before this one could not be written to disk.`,
    });
  }

  private writeOwed(): void {
    try {
      for (let first = this.owed[0]; first !== undefined; first = this.owed[0]) {
        this.failure = this.write(first);
        this.previousOnDisk = lineHash(first.line);
        this.owed.shift();
      }
    } catch (error) {
      this.failure = `the journal cannot be written: ${codeOf(error)}`;
      this.cutTorn();
    }
  }

  private write({ seq, line }: { readonly seq: number; readonly line: string }): string | null {
    const trouble = this.size > fileBytes ? this.rotate(seq) : null;
    const bytes = Buffer.byteLength(line) + 1;
    const written = this.files.write(this.file, `${line}\n`);
    if (written < bytes) throw new Error(`only ${written} of ${bytes} bytes could be written`);
    this.files.fdatasync(this.file);
    this.size += bytes;
    return trouble;
  }

  /** The next line must not be glued to a torn one, nor follow itself. */
  private cutTorn(): void {
    try {
      this.files.truncate(this.file, this.size);
    } catch {
      // The disk does nothing at all: that it failed is told already.
    }
  }

  /** Goes on in a new file. Where that cannot be opened, in the old one, and answers why. */
  private rotate(seq: number): string | null {
    const { files, folder } = this;
    let fresh: number;
    try {
      fresh = files.open(join(folder, fileName(seq)), 'a', 0o640);
    } catch (error) {
      return `the journal goes on in a file that has grown too long: ${codeOf(error)}`;
    }
    const full = this.file;
    this.file = fresh;
    this.size = 0;
    try {
      files.close(full);
      for (const old of journalFiles(files, folder).slice(0, -filesKept)) files.remove(join(folder, old));
      return null;
    } catch (error) {
      return `an old file of the journal cannot be closed or removed: ${codeOf(error)}`;
    }
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

function journalFiles(files: Files, folder: string): string[] {
  return files
    .list(folder)
    .filter((name) => /^\d{10}\.jsonl$/.test(name))
    .sort();
}

function fileName(seq: number): string {
  return `${String(seq).padStart(10, '0')}.jsonl`;
}

/** The newest records of the last two files, and whether each fits the one before it. */
function loadTail(
  files: Files,
  folder: string,
): {
  records: JournalRecord[];
  next: number;
  previous: string;
  broken: boolean;
} {
  const records: JournalRecord[] = [];
  let previous: string | null = null;
  let broken = false;
  const names = journalFiles(files, folder).slice(-2);
  for (const name of names) {
    for (const line of readWholeLines(files, join(folder, name))) {
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
function readWholeLines(files: Files, path: string): string[] {
  const text = files.read(path);
  const end = text.lastIndexOf('\n') + 1;
  if (end < text.length) {
    const file = files.open(path, 'r+');
    files.truncate(file, Buffer.byteLength(text.slice(0, end)));
    files.close(file);
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
