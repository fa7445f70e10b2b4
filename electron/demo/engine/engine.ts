import { writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { bootMs } from '../boot-clock.ts';
import { ApiServer } from './api-server.ts';
import { ApiSessions } from './api-sessions.ts';
import { ComponentSet } from './component-set.ts';
import type { EngineConfig } from './engine-config.ts';
import { exitCodes, type Refusal } from './exit-codes.ts';
import type { FaultRequest, Faults } from './faults.ts';
import { readGeneration, standing } from './generation.ts';
import type { JournalState } from './journal-state.ts';
import { HttpComponent } from './http-component.ts';
import { Journal } from './journal.ts';
import { MessageLog } from './message-log.ts';
import { LlpComponent } from './llp-component.ts';
import { PollerComponent } from './poller-component.ts';
import { RunRecord } from './run-record.ts';

/** How often the storage's generation is looked at, also without messages. */
const watchMs = 200;

export interface EngineParts {
  readonly config: EngineConfig;
  readonly password: string;
  readonly generation: number;
  readonly journalDirectory: string;
  readonly recovered: JournalState;
  readonly faults: Faults;
  /** File that keeps the faults which matter at the next start. */
  readonly faultFile: string;
  readonly say: (line: string) => void;
  /** Ends the process at once; nothing may be written or sent after it. */
  readonly exit: (code: number) => never;
}

/** One engine of one cluster, put together. Everything it does to others goes through its journal. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #journal: Journal;
  readonly #log: MessageLog;
  readonly #record: RunRecord;
  readonly #components: ComponentSet;
  readonly #api: ApiServer;
  readonly #since = bootMs();
  #stopping = false;
  #lateWrites = 0;
  #previousSize: number | undefined;

  constructor(parts: EngineParts) {
    const { config, faults, say, generation } = parts;
    this.#parts = parts;
    this.#journal = new Journal(parts.recovered, {
      directory: parts.journalDirectory,
      generation,
      server: config.server,
      compactBytes: config.compactBytes,
      bootMs,
      standing: async () => standing(generation, await readGeneration(config.workingDirectory)),
      onFenced: () => this.#leave(exitCodes.fenced, 'A newer generation took the storage over'),
      onBroken: (sentence) => this.#leave(exitCodes.journalFailed, sentence),
      writeFault: () => writeFault(faults),
    });
    this.#log = new MessageLog({
      directory: parts.journalDirectory,
      generation,
      server: config.server,
      partBytes: config.messageLogBytes,
      wallTime: () => new Date().toISOString(),
    });
    this.#record = new RunRecord(config.record, bootMs, () => this.#journal.wrote);
    this.#components = new ComponentSet({
      components: [...this.#llpComponents(), ...this.#httpChannels(), ...this.#pollers()],
      maxComponents: config.maxComponents,
      faults,
      say,
    });
    this.#api = new ApiServer({
      address: config.apiAddress,
      port: config.apiPort,
      sessions: new ApiSessions(config.apiUser, parts.password, bootMs),
      context: {
        cluster: config.name,
        server: config.server,
        maxComponents: config.maxComponents,
        components: this.#components,
        faults,
        wallTimeOf: (at) => new Date(Date.now() - (bootMs() - at)).toISOString(),
      },
      setFault: (request) => this.#setFault(request),
      state: () => this.#state(),
    });
  }

  /** Opens the journal, then the API, then the components. */
  async start(): Promise<Result<void, Refusal>> {
    const { config, faults, say } = this.#parts;
    this.#record.begin();
    try {
      await this.#journal.open();
    } catch (error) {
      return this.#refuse(
        exitCodes.journalFailed,
        `The journal cannot be written (${(error as Error).message}).`,
      );
    }
    await this.#log.open();
    setInterval(() => void this.#watch(), watchMs).unref();
    await delay(config.startMs + faults.amount('slow-start'));
    if (this.#stopping) return succeed(undefined);
    const opened = await this.#api.open();
    if (!opened.ok) return this.#refuse(exitCodes.portTaken, `The API ${opened.error}.`);
    if (config.autostart.length > 0) {
      const started = this.#components.start(config.autostart, false);
      if (!started.ok) say(started.error);
    }
    say(`serving ${config.apiAddress}:${config.apiPort}, generation ${this.#parts.generation}`);
    return succeed(undefined);
  }

  /** Takes no more messages, finishes what is under way, keeps the queue positions. */
  async stop(): Promise<void> {
    const { config, faults } = this.#parts;
    this.#stopping = true;
    await this.#components.stopAll();
    await this.#journal.close();
    await this.#log.close();
    this.#api.close();
    await delay(config.stopMs + faults.amount('slow-stop'));
    this.#record.end();
  }

  #llpComponents(): LlpComponent[] {
    const { config, faults, say } = this.#parts;
    return config.listeners.map(
      (listener) =>
        new LlpComponent({
          cluster: config.name,
          server: config.server,
          listener,
          autostart: config.autostart.includes(listener.name),
          maxQueued: config.maxQueued,
          journal: this.#journal,
          log: this.#log,
          faults,
          bootMs,
          crash: () => process.kill(process.pid, 'SIGKILL'),
          say,
        }),
    );
  }

  #httpChannels(): HttpComponent[] {
    const { config, faults } = this.#parts;
    return config.http.map((http) => {
      const autostart = config.autostart.includes(http.name);
      return new HttpComponent({
        cluster: config.name,
        server: config.server,
        http,
        autostart,
        faults,
        bootMs,
      });
    });
  }

  #pollers(): PollerComponent[] {
    const { config, faults, say } = this.#parts;
    return config.pollers.map(
      (poller) =>
        new PollerComponent({
          cluster: config.name,
          server: config.server,
          poller,
          faults,
          record: this.#record,
          bootMs,
          say,
        }),
    );
  }

  #setFault(request: FaultRequest): Result<void, string> {
    const { faults, faultFile, say } = this.#parts;
    const set = faults.set(request);
    if (!set.ok) return set;
    say(`fault ${request.fault}: ${JSON.stringify(request.value)}`);
    try {
      writeFileSync(faultFile, JSON.stringify(faults.lasting()));
    } catch (error) {
      say(`this fault will not outlast the process: ${(error as Error).message}`);
    }
    if (faults.is('components-off') || faults.is('safe-mode')) void this.#components.stopAll();
    // Switching off is a moment, not a state: what is started again by hand or by an agent stays on.
    if (request.fault === 'components-off') faults.set({ fault: 'components-off', value: null });
    return set;
  }

  async #watch(): Promise<void> {
    const { config, generation } = this.#parts;
    const now = standing(generation, await readGeneration(config.workingDirectory));
    if (now === 'newer') this.#leave(exitCodes.fenced, 'A newer generation took the storage over');
    await this.#lookForLateWrites();
  }

  /** The journal of the generation before must not grow any more: its engine should be dead. */
  async #lookForLateWrites(): Promise<void> {
    const path = this.#journal.previousPath;
    if (path === undefined) return;
    const size = await stat(path).then(
      (found) => found.size,
      () => undefined,
    );
    if (size !== undefined && this.#previousSize !== undefined && size > this.#previousSize) {
      this.#lateWrites += 1;
      this.#parts.say(`late write by an older generation into ${path}`);
    }
    this.#previousSize = size;
  }

  #state(): object {
    const { config, generation, faults } = this.#parts;
    return {
      name: config.name,
      server: config.server,
      pid: process.pid,
      generation,
      sinceBootMs: this.#since,
      at: bootMs(),
      wrote: this.#journal.wrote,
      lateWrites: this.#lateWrites,
      faults: faults.active(),
      components: this.#components.all.map((component) => ({ name: component.name, ...component.facts() })),
    };
  }

  #refuse(exitCode: number, sentence: string): Result<void, Refusal> {
    this.#record.end();
    return fail({ exitCode, sentence });
  }

  #leave(exitCode: number, sentence: string): never {
    this.#journal.seal(sentence);
    this.#parts.say(sentence);
    this.#record.end();
    return this.#parts.exit(exitCode);
  }
}

function writeFault(faults: Faults): string | undefined {
  if (faults.is('disk-full')) return 'ENOSPC';
  return faults.is('journal-write-error') ? 'EIO' : undefined;
}
