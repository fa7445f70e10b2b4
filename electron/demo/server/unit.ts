import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { bootMs } from '../boot-clock.ts';
import { pidFileText, readProcess, signalProcess } from './process-table.ts';
import { askGate } from './gate.ts';
import type { UnitConfig } from './server-config.ts';

export type UnitState = 'running' | 'stopped' | 'starting' | 'stopping';
export interface UnitStatus {
  readonly state: UnitState;
  readonly pid: number | null;
  /** Boot-clock time at which the process started; null while there is none. */
  readonly sinceBootMs: number | null;
}
export type UnitAnswer =
  | ({ readonly ok: true } & UnitStatus)
  | { readonly ok: false; readonly refused: 'gate' | 'unknown-unit' | 'failed'; readonly detail: string };

/** One process under the stand-in service manager. Nothing is started by making it. */
export class Unit {
  readonly #config: UnitConfig;
  readonly #closing: () => boolean;
  #state: UnitState = 'stopped';
  #child: ChildProcess | undefined;
  #sinceBootMs: number | null = null;
  #gone: Promise<void> = Promise.resolve();
  #starting: Promise<UnitAnswer> | undefined;
  /** True while somebody wants it stopped: no restart, and a start in progress is given up. */
  #held = false;

  /** While `closing` is true, every start is refused. */
  constructor(config: UnitConfig, closing: () => boolean) {
    this.#config = config;
    this.#closing = closing;
  }

  get id(): string {
    return this.#config.id;
  }

  get gated(): boolean {
    return this.#config.gate !== undefined;
  }

  status(): UnitStatus {
    return { state: this.#state, pid: this.#child?.pid ?? null, sinceBootMs: this.#sinceBootMs };
  }

  /** Asks the gate, then starts; answers as soon as the process exists. No harm when it already runs. */
  async start(): Promise<UnitAnswer> {
    if (this.#state === 'running') return this.#answer();
    if (this.#closing()) return { ok: false, refused: 'failed', detail: 'the server is shutting down' };
    this.#held = false;
    this.#starting ??= this.#startOnce().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** SIGTERM, then SIGKILL after `graceMs`; answers when the process is gone. It stays stopped. */
  async stop(graceMs: number): Promise<UnitAnswer> {
    this.#held = true;
    await this.#starting;
    const pid = this.#child?.pid;
    if (pid === undefined) return this.#answer();
    this.#state = 'stopping';
    signalProcess(pid, 'SIGTERM');
    const patience = setTimeout(() => signalProcess(pid, 'SIGKILL'), graceMs);
    await this.#gone;
    clearTimeout(patience);
    return this.#answer();
  }

  /** SIGKILL; answers when the process is gone. A unit with `restart.always` comes back. */
  async kill(): Promise<UnitAnswer> {
    await this.#starting;
    const pid = this.#child?.pid;
    if (pid === undefined) return this.#answer();
    signalProcess(pid, 'SIGKILL');
    await this.#gone;
    return this.#answer();
  }

  #answer(): UnitAnswer {
    return { ok: true, ...this.status() };
  }

  async #startOnce(): Promise<UnitAnswer> {
    if (this.#state === 'stopping') await this.#gone;
    this.#state = 'starting';
    const { gate, id } = this.#config;
    const refusal = gate ? await askGate(gate.command) : undefined;
    const failure = refusal ?? (this.#held ? `${id} was stopped while it was starting` : this.#launch());
    if (failure === undefined) return this.#answer();
    this.#state = 'stopped';
    this.#comeBack();
    return { ok: false, refused: refusal === undefined ? 'failed' : 'gate', detail: failure };
  }

  /** Starts the process; the reason when that is not possible. */
  #launch(): string | undefined {
    const { command, env, log } = this.#config;
    let output: number | undefined;
    try {
      output = openSync(log, 'a');
      const child = spawn(command[0]!, command.slice(1), {
        stdio: ['ignore', output, output],
        env: { ...process.env, ...env },
      });
      // A missing program is told by an event too; its pid is then undefined.
      child.on('error', () => undefined);
      if (child.pid === undefined) return `${command[0]} cannot be started`;
      this.#adopt(child, child.pid);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      if (output !== undefined) closeSync(output);
    }
  }

  #adopt(child: ChildProcess, pid: number): void {
    this.#child = child;
    this.#state = 'running';
    this.#sinceBootMs = bootMs();
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => {
        this.#ended();
        resolve();
      });
    });
    writePidFile(this.#config.pidFile, pid);
    if (this.#config.nice !== undefined) prefer(pid, this.#config.nice);
  }

  #ended(): void {
    this.#child = undefined;
    this.#state = 'stopped';
    this.#sinceBootMs = null;
    if (this.#config.pidFile !== undefined) rmSync(this.#config.pidFile, { force: true });
    this.#comeBack();
  }

  #comeBack(): void {
    const { always, delayMs } = this.#config.restart;
    if (!always || this.#held) return;
    setTimeout(() => {
      if (!this.#held) void this.start();
    }, delayMs);
  }
}

function writePidFile(path: string | undefined, pid: number): void {
  const entry = readProcess(pid);
  if (path === undefined || entry === undefined) return;
  writeFileSync(`${path}.new`, pidFileText(entry));
  renameSync(`${path}.new`, path);
}

function prefer(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // Only root may raise a priority; the demo works without it.
  }
}
