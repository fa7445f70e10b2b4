import { open, type FileHandle } from 'node:fs/promises';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Standing } from './generation.ts';
import { removeOldJournals, writeJournal } from './journal-files.ts';
import { encodeRecord, type JournalRecord } from './journal-records.ts';
import type { JournalState } from './journal-state.ts';

export interface JournalOptions {
  readonly directory: string;
  readonly generation: number;
  readonly server: string;
  readonly compactBytes: number;
  readonly bootMs: () => number;
  /** Whether the storage still belongs to this engine's generation. */
  readonly standing: () => Promise<Standing>;
  /** A newer generation owns the storage: nothing may be written or acknowledged any more. */
  readonly onFenced: () => void;
  /** The disk failed in a way that leaves the file in doubt. */
  readonly onBroken: (sentence: string) => void;
  /** Error code to fail writes with, for drills. */
  readonly writeFault: () => string | undefined;
}

interface Waiting {
  readonly record: JournalRecord;
  readonly done: (result: Result<void, string>) => void;
}

/**
 * Appends records and answers when they are safe on disk. Invariant: success is told only after the
 * record was fsynced **and** the generation was read after that and is still ours. A successor reads
 * the journal after the generation moved, so it sees everything that was ever told as safe.
 */
export class Journal {
  readonly state: JournalState;
  /** Records made durable by this process. */
  wrote = 0;
  /** The journal of the generation before, kept to see late writes into it. */
  previousPath: string | undefined;
  readonly #options: JournalOptions;
  #file: FileHandle | undefined;
  #size = 0;
  #compactAt = 0;
  #waiting: Waiting[] = [];
  #turning: Promise<void> | undefined;
  #closed: string | undefined;

  constructor(state: JournalState, options: JournalOptions) {
    this.state = state;
    this.#options = options;
  }

  /** Opens a new file that starts with what is known. Throws errors of the file system. */
  async open(): Promise<void> {
    await this.#rewrite();
    this.previousPath = await removeOldJournals(this.#options.directory, this.#options.generation);
  }

  /** Resolves when the record is durable and ours, or with a sentence why it is not. */
  append(record: JournalRecord): Promise<Result<void, string>> {
    if (this.#closed !== undefined) return Promise.resolve(fail(this.#closed));
    return new Promise((done) => {
      this.#waiting.push({ record, done });
      this.#turning ??= this.#turn();
    });
  }

  /** Nothing is written or told as safe from here on. */
  seal(reason: string): void {
    this.#closed ??= reason;
  }

  async close(): Promise<void> {
    await this.#turning;
    this.seal('the journal is closed');
    await this.#file?.close();
    this.#file = undefined;
  }

  /** One batch after the other: what arrives during an fsync shares the next one. */
  async #turn(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const result = await this.#commit(batch);
      for (const { record, done } of batch) {
        if (result.ok) this.state.apply(record);
        done(result);
      }
      if (this.#size > this.#compactAt && this.#closed === undefined) await this.#tryCompaction();
    }
    // At once and not in a later microtask: a record that came in between would wait for ever.
    this.#turning = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<Result<void, string>> {
    if (this.#closed !== undefined || !this.#file) return fail(this.#closed ?? 'the journal is closed');
    const before = this.#size;
    const written = await this.#write(Buffer.concat(batch.map(({ record }) => encodeRecord(record))));
    if (!written.ok) return written;
    const standing = await this.#options.standing();
    if (this.#closed !== undefined) return fail(this.#closed);
    if (standing === 'newer') {
      this.seal('a newer generation owns the storage');
      this.#options.onFenced();
      return fail('a newer generation owns the storage');
    }
    if (standing === 'unknown') return this.#undo(before, 'the generation of the storage cannot be read');
    this.wrote += batch.length;
    return succeed(undefined);
  }

  async #write(bytes: Buffer): Promise<Result<void, string>> {
    const file = this.#file;
    if (!file) return fail('the journal is closed');
    const fault = this.#options.writeFault();
    if (fault !== undefined) return fail(`the journal cannot be written (${fault})`);
    try {
      await file.appendFile(bytes);
    } catch (error) {
      return this.#undo(this.#size, `the journal cannot be written (${codeOf(error)})`);
    }
    try {
      await file.datasync();
    } catch (error) {
      // What reached the disk is unknown after a failed fsync, and a second one may claim success.
      return this.#break(`the journal could not be made durable (${codeOf(error)})`);
    }
    this.#size += bytes.length;
    return succeed(undefined);
  }

  /** Cuts off what was written but is not told as safe, so that it does not come back as a message. */
  async #undo(keepBytes: number, sentence: string): Promise<Result<void, string>> {
    try {
      await this.#file?.truncate(keepBytes);
      this.#size = keepBytes;
      return fail(sentence);
    } catch (error) {
      return this.#break(`${sentence}, nor cut back (${codeOf(error)})`);
    }
  }

  #break(sentence: string): Result<void, string> {
    this.seal(sentence);
    this.#options.onBroken(sentence);
    return fail(sentence);
  }

  async #tryCompaction(): Promise<void> {
    try {
      await this.#rewrite();
    } catch {
      // No room for the new file: the old one is whole and goes on; try again after more growth.
      this.#compactAt = this.#size + this.#options.compactBytes;
    }
  }

  async #rewrite(): Promise<void> {
    const { directory, generation, server, bootMs, compactBytes } = this.#options;
    const opening: JournalRecord = { kind: 'open', generation, server, pid: process.pid, at: bootMs() };
    const written = await writeJournal(directory, generation, this.#snapshot(opening));
    const file = await open(written.path, 'a');
    await this.#file?.close();
    this.#file = file;
    this.#size = written.bytes;
    this.#compactAt = written.bytes + compactBytes;
  }

  *#snapshot(opening: JournalRecord): Generator<JournalRecord> {
    yield opening;
    yield* this.state.compacted();
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
