import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { JsonLog } from '../json-log/json-log.ts';

const everyMs = 50;

/**
 * Tells an outside judge, by the clock that all engines of a machine share, when this process ran and
 * what its pollers did: two engines of one cluster at once show as overlapping lines.
 */
export class RunRecord {
  readonly #log: JsonLog | undefined;
  readonly #bootMs: () => number;
  readonly #wrote: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string | undefined, bootMs: () => number, wrote: () => number) {
    this.#bootMs = bootMs;
    this.#wrote = wrote;
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    this.#log = new JsonLog(path);
  }

  begin(): void {
    this.#running(true);
    this.#timer = setInterval(() => this.#running(true), everyMs).unref();
  }

  /** The last line of a process that ends by itself; a killed one just stops writing. */
  end(): void {
    clearInterval(this.#timer);
    this.#running(false);
    this.#log?.close();
  }

  poller(name: string, phase: 'start' | 'end'): void {
    this.#log?.write({ at: this.#bootMs(), pid: process.pid, poller: name, phase });
  }

  #running(running: boolean): void {
    this.#log?.write({ at: this.#bootMs(), pid: process.pid, running, wrote: this.#wrote() });
  }
}
