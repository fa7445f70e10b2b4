import { link, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { EventRate } from '../event-rate.ts';
import { componentGuid, factsWithoutQueue, type Component, type ComponentFacts } from './component.ts';
import type { PollerConfig } from './engine-config.ts';
import type { Faults } from './faults.ts';
import type { RunRecord } from './run-record.ts';

export interface PollerOptions {
  readonly cluster: string;
  readonly server: string;
  readonly poller: PollerConfig;
  readonly faults: Faults;
  readonly record: RunRecord;
  readonly bootMs: () => number;
  readonly say: (line: string) => void;
}

/** Fetches work by itself. Two of these at once on two servers is what a cluster has to prevent. */
export class PollerComponent implements Component {
  readonly guid: string;
  readonly name: string;
  readonly tags = ['poller'];
  readonly #options: PollerOptions;
  readonly #runs: EventRate;
  #errors = 0;
  #received = 0;
  #running: AbortController | undefined;
  #polling: Promise<void> = Promise.resolve();

  constructor(options: PollerOptions) {
    this.#options = options;
    this.name = options.poller.name;
    this.guid = componentGuid(options.cluster, this.name);
    this.#runs = new EventRate(options.bootMs);
  }

  isOn(): boolean {
    return this.#running !== undefined;
  }

  facts(): ComponentFacts {
    return factsWithoutQueue(this.isOn(), {
      received: this.#received,
      errors: this.#errors,
      rate: this.#runs,
    });
  }

  start(): Promise<Result<void, string>> {
    if (this.#running) return Promise.resolve(fail(`${this.name} runs already`));
    this.#running = new AbortController();
    this.#polling = this.#poll(this.#running.signal);
    return Promise.resolve(succeed(undefined));
  }

  async stop(): Promise<void> {
    this.#running?.abort();
    await this.#polling;
    this.#running = undefined;
  }

  async #poll(stop: AbortSignal): Promise<void> {
    const { poller, faults } = this.#options;
    while (!stop.aborted) {
      if (!faults.is('hang-all')) await this.#runOnce(poller, stop);
      await delay(poller.everyMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  async #runOnce(poller: PollerConfig, stop: AbortSignal): Promise<void> {
    const { record, server } = this.#options;
    record.poller(this.name, 'start');
    const by = `${server}-${process.pid}`;
    try {
      this.#received +=
        poller.kind === 'file' ? await fetchFiles(poller, by, stop) : await timedWork(poller.everyMs);
      this.#runs.count();
    } catch (error) {
      this.#errors += 1;
      if (this.#errors <= 5) this.#options.say(`${this.name}: ${(error as Error).message}`);
    } finally {
      record.poller(this.name, 'end');
    }
  }
}

interface FileWork {
  readonly directory: string;
  readonly outDirectory: string;
  /** How long one file is worked on between being read and being done. */
  readonly workMs: number;
}

/**
 * Takes what lies in the directory, oldest name first: reads each file, works on it, leaves it behind under a name of
 * this run, and removes it at the source. Returns how many. Like most sources it gives a file to whoever asks, so
 * two pollers at once fetch the same file twice. A file that a killed predecessor had done but not yet removed has
 * a second name: that one is only removed.
 */
async function fetchFiles(work: FileWork, by: string, stop: AbortSignal): Promise<number> {
  const { directory, outDirectory, workMs } = work;
  await mkdir(outDirectory, { recursive: true });
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  let fetched = 0;
  for (const name of names.sort()) {
    if (stop.aborted) break;
    const source = join(directory, name);
    const done = (await stat(source)).nlink > 1;
    if (!done) {
      await readFile(source);
      await delay(workMs);
      await link(source, join(outDirectory, `${name}.${by}`));
      fetched += 1;
    }
    await rm(source, { force: true });
  }
  return fetched;
}

/** Something that takes a moment, so that two runs at once could be seen. */
async function timedWork(everyMs: number): Promise<number> {
  await delay(Math.min(everyMs / 4, 50));
  return 1;
}
