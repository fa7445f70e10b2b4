import { open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  messageLogForm,
  messageLogName,
  readMessageLogName,
  type LogLine,
  type MessageEvent,
} from '../../../shared/engine-log/log-line.ts';

export interface MessageLogOptions {
  readonly directory: string;
  readonly generation: number;
  readonly server: string;
  readonly partBytes: number;
  readonly wallTime: () => string;
}

/** Parts of one generation that are kept; the generation before keeps all of its own. */
const partsKept = 4;

/**
 * What became of each message, for people and for whoever verifies a move: numbers and control ids, never content. A
 * file of its own for each generation, so that nobody writes into that of a successor. It is no condition of anything:
 * what cannot be written is counted, and told with the next line that can.
 */
export class MessageLog {
  readonly #options: MessageLogOptions;
  #file: FileHandle | undefined;
  #part = 1;
  #bytes = 0;
  #missed = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: MessageLogOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { directory, generation } = this.#options;
    try {
      const parts = (await logsIn(directory)).filter((log) => log.generation === generation);
      this.#part = Math.max(1, ...parts.map(({ part }) => part));
      await this.#openPart('opened');
      await this.#removeOld();
    } catch {
      this.#missed += 1;
    }
  }

  /** Resolves once the line is with the system, where a crash of this process cannot take it away. */
  note(
    what: MessageEvent,
    component: string,
    message: { readonly number: number; readonly id: string },
  ): Promise<void> {
    return this.#write({ what, component, ...message, at: this.#options.wallTime() });
  }

  /** The last line of an engine that was stopped in order. */
  async close(): Promise<void> {
    await this.#write({ what: 'closed', at: this.#options.wallTime() });
    await this.#file?.sync().catch(() => undefined);
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
  }

  #write(line: LogLine): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow(line));
    return this.#writing;
  }

  async #writeNow(line: LogLine): Promise<void> {
    try {
      if (this.#file === undefined) throw new Error('the log is not open');
      if (this.#missed > 0) await this.#append({ what: 'missed', lines: this.#missed });
      this.#missed = 0;
      await this.#append(line);
      if (this.#bytes >= this.#options.partBytes && line.what !== 'closed') await this.#nextPart();
    } catch {
      this.#missed += 1;
    }
  }

  async #append(line: LogLine): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    await this.#file?.appendFile(bytes);
    this.#bytes += bytes.length;
  }

  async #nextPart(): Promise<void> {
    await this.#file?.close();
    this.#part += 1;
    await this.#openPart('continued');
    await this.#removeOld();
  }

  async #openPart(what: 'opened' | 'continued'): Promise<void> {
    const { directory, generation, server, wallTime } = this.#options;
    const path = join(directory, messageLogName(generation, this.#part));
    this.#file = await open(path, 'a');
    this.#bytes = (await stat(path)).size;
    await this.#append({ what, form: messageLogForm, server, generation, at: wallTime() });
  }

  /** Everything older than the generation before this one, and the oldest parts of this one. */
  async #removeOld(): Promise<void> {
    const { directory, generation } = this.#options;
    const logs = await logsIn(directory);
    const before = Math.max(...logs.map((log) => log.generation).filter((other) => other < generation));
    const isOld = (log: { generation: number; part: number }) =>
      log.generation < before || (log.generation === generation && log.part <= this.#part - partsKept);
    for (const log of logs.filter(isOld))
      await rm(join(directory, messageLogName(log.generation, log.part)), { force: true });
  }
}

async function logsIn(directory: string): Promise<{ generation: number; part: number }[]> {
  const names = await readdir(directory);
  return names.map(readMessageLogName).filter((log) => log !== null);
}
