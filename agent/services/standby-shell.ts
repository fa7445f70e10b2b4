import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pause, systemTimers } from '../system-timers.ts';
import { killGroup, notStarted, runScript, type ProgramResult, type RunProgram } from './run-program.ts';

/**
 * A shell that stays and runs scripts in forks of itself, see `resources/agent/standby.sh`: a fork of this large program
 * and a new shell cost more than what most scripts do. Both calls are like `runScript`.
 */
export interface StandbyShell {
  /** While the shell is busy, another one is started for this script alone. */
  readonly run: RunProgram;
  /** What can wait begins when the shell is free. */
  readonly runWhenFree: RunProgram;
}

/** Looks are due at common beats: what can wait lets those that cannot begin. */
const othersFirstMs = 20;

export function openStandbyShell(scriptsFolder: string, runAlone: RunProgram = runScript): StandbyShell {
  let shell: ShellProcess | null = null;
  let busy: Promise<ProgramResult> | null = null;
  const begin: RunProgram = (script, args, limitMs) => {
    const words = [script, ...args];
    // What cannot be asked for in words is refused where it is started.
    if (words.some((word) => word.includes('\0'))) return runAlone(script, args, limitMs);
    if (shell?.usable() !== true) shell = new ShellProcess(join(scriptsFolder, 'standby.sh'));
    const asked = shell.ask(words, limitMs);
    busy = asked;
    void asked.then(() => (busy = null));
    return asked;
  };
  return {
    run: (...asked) => (busy === null ? begin : runAlone)(...asked),
    async runWhenFree(...asked) {
      for (;;) {
        await pause(systemTimers, othersFirstMs);
        if (busy === null) return begin(...asked);
        await busy;
      }
    },
  };
}

const answerPattern = /^([^\0]*)\0(\d{1,3})\0$/;

/** One process of the shell, asked one thing at a time. After a failure of any kind it is not used again. */
class ShellProcess {
  private child: ChildProcess | null = null;
  private waiting: ((result: ProgramResult) => void) | null = null;
  private text = '';
  /** Why it cannot be used. */
  private over: unknown = null;
  /** Fulfilled once nothing that it has started is left. */
  private gone: Promise<void> = Promise.resolve();

  constructor(script: string) {
    try {
      // A group of its own, so that what a script has started ends with it; the last pipe is held by all of them.
      this.child = spawn('/bin/bash', [script], {
        stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
        detached: true,
      });
      this.listen(this.child);
    } catch (error) {
      this.over = error;
    }
  }

  usable(): boolean {
    return this.over === null;
  }

  /** Answers after `limitMs` at the latest; at the limit the shell is killed with all that it has started. */
  ask(words: readonly string[], limitMs: number): Promise<ProgramResult> {
    if (this.over !== null) return Promise.resolve(notStarted(this.over));
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.end();
        this.answer({ code: null, output: '', timedOut: true, left: this.gone });
      }, limitMs);
      this.waiting = (result) => {
        clearTimeout(limit);
        resolve(result);
      };
      this.child?.stdin?.write([words.length, ...words, ''].join('\0'));
    });
  }

  private end(): void {
    this.over ??= 'it was ended';
    if (this.child !== null) killGroup(this.child);
  }

  private listen(child: ChildProcess): void {
    // Without descriptors left there are no pipes, against their type; the error follows as an event.
    const [input, output, , held] = child.stdio as unknown as [Writable?, Readable?, null?, Readable?];
    const failed = (error: unknown) => {
      this.over ??= error;
      this.answer(notStarted(this.over));
    };
    child.on('error', failed);
    input?.on('error', failed);
    output?.setEncoding('utf8').on('data', (part: string) => this.take(part));
    output?.on('close', () => failed('the shell has ended'));
    if (held !== undefined) this.gone = new Promise((ended) => held.once('close', () => ended()));
    held?.resume();
    // A shell that only waits keeps no program running.
    for (const one of [child, input, output, held]) (one as { unref?: () => void } | undefined)?.unref?.();
  }

  private take(part: string): void {
    this.text += part;
    const match = answerPattern.exec(this.text);
    if (match === null) return;
    this.text = '';
    this.answer({ code: Number(match[2]), output: match[1] ?? '', timedOut: false, left: null });
  }

  private answer(result: ProgramResult): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(result);
  }
}
