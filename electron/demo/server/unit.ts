import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { bootMs, pidFileText, readProcess, signalProcess } from './process-table.ts';
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

/** One process under the stand-in service manager. */
export interface Unit {
  readonly id: string;
  readonly gated: boolean;
  status(): UnitStatus;
  /** Asks the gate, then starts; answers as soon as the process exists. No harm when it already runs. */
  start(): Promise<UnitAnswer>;
  /** SIGTERM, then SIGKILL after `graceMs`; answers when the process is gone. It stays stopped. */
  stop(graceMs: number): Promise<UnitAnswer>;
  /** SIGKILL; answers when the process is gone. A unit with `restart.always` comes back. */
  kill(): Promise<UnitAnswer>;
}

/** Makes a unit; nothing is started yet. While `closing` is true, every start is refused. */
export function createUnit(config: UnitConfig, closing: () => boolean): Unit {
  let state: UnitState = 'stopped';
  let child: ChildProcess | undefined;
  let sinceBootMs: number | null = null;
  let gone: Promise<void> = Promise.resolve();
  let starting: Promise<UnitAnswer> | undefined;
  /** True while somebody wants it stopped: no restart, and a start in progress is given up. */
  let held = false;

  const status = (): UnitStatus => ({ state, pid: child?.pid ?? null, sinceBootMs });
  const answer = (): UnitAnswer => ({ ok: true, ...status() });

  async function startOnce(): Promise<UnitAnswer> {
    if (state === 'stopping') await gone;
    state = 'starting';
    const refusal = config.gate ? await askGate(config.gate.command) : undefined;
    const failure = refusal ?? (held ? `${config.id} was stopped while it was starting` : launch());
    if (failure === undefined) return answer();
    state = 'stopped';
    comeBack();
    return { ok: false, refused: refusal === undefined ? 'failed' : 'gate', detail: failure };
  }

  /** Starts the process; the reason when that is not possible. */
  function launch(): string | undefined {
    let log: number | undefined;
    try {
      log = openSync(config.log, 'a');
      const started = spawn(config.command[0]!, config.command.slice(1), {
        stdio: ['ignore', log, log],
        env: { ...process.env, ...config.env },
      });
      // The error event also tells of a program that is missing; pid is then undefined.
      started.on('error', () => undefined);
      if (started.pid === undefined) return `${config.command[0]} cannot be started`;
      adopt(started, started.pid);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      if (log !== undefined) closeSync(log);
    }
  }

  function adopt(started: ChildProcess, pid: number): void {
    child = started;
    state = 'running';
    sinceBootMs = bootMs();
    gone = new Promise((resolve) => {
      started.once('exit', () => {
        ended();
        resolve();
      });
    });
    writePidFile(config.pidFile, pid);
    if (config.nice !== undefined) prefer(pid, config.nice);
  }

  function ended(): void {
    child = undefined;
    state = 'stopped';
    sinceBootMs = null;
    if (config.pidFile !== undefined) rmSync(config.pidFile, { force: true });
    comeBack();
  }

  function comeBack(): void {
    if (!config.restart.always || held) return;
    setTimeout(() => {
      if (!held) void start();
    }, config.restart.delayMs);
  }

  function start(): Promise<UnitAnswer> {
    if (state === 'running') return Promise.resolve(answer());
    if (closing()) {
      return Promise.resolve({ ok: false, refused: 'failed', detail: 'the server is shutting down' });
    }
    held = false;
    starting ??= startOnce().finally(() => {
      starting = undefined;
    });
    return starting;
  }

  return {
    id: config.id,
    gated: config.gate !== undefined,
    status,
    start,
    async stop(graceMs) {
      held = true;
      await starting;
      const stopped = child;
      if (stopped?.pid === undefined) return answer();
      state = 'stopping';
      signalProcess(stopped.pid, 'SIGTERM');
      const pid = stopped.pid;
      const patience = setTimeout(() => signalProcess(pid, 'SIGKILL'), graceMs);
      await gone;
      clearTimeout(patience);
      return answer();
    },
    async kill() {
      await starting;
      if (child?.pid === undefined) return answer();
      signalProcess(child.pid, 'SIGKILL');
      await gone;
      return answer();
    },
  };
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
