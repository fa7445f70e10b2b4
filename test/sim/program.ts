import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { Files } from '../../agent/durable/files.ts';
import type { Disk } from './disk.ts';
import type { Machine } from './machine.ts';
import type { Schedule } from './schedule.ts';

/** What chance may do to a program at one call of a file port. */
export type FileAccident = { readonly kind: 'ends' } | { readonly kind: 'stalls'; readonly forMs: number };

export interface ProgramPorts {
  readonly name: string;
  readonly machine: Machine;
  readonly schedule: Schedule;
  /** Asked before every file call; null: nothing happens. */
  readonly accident: (program: Program) => FileAccident | null;
  /** An exception or a broken promise nobody caught: Node ends the process. */
  readonly onBroken: (program: Program, error: unknown) => void;
  readonly onEnd: (program: Program) => void;
  /** Reads of files that the world makes up, such as a guard's beat; null: an ordinary file. */
  readonly readSpecial: (path: string) => string | null;
  readonly onMemoryChange: () => void;
}

/**
 * One run of a process. It ends, freezes and stalls; whatever it still does after its end has no effect.
 *
 * A stall is a freeze in the middle of what it is doing: its clock shows the later time from then on, and what it
 * does to the outside happens at that later time.
 */
export class Program {
  readonly name: string;
  readonly machine: Machine;
  alive = true;
  private readonly ports: ProgramPorts;
  private readonly schedule: Schedule;
  private frozenUntilMs = 0;
  private stalledUntilMs = 0;
  /** What it could not do yet, in its order. */
  private waiting: (() => void)[] = [];
  private wakesMs = -1;

  constructor(ports: ProgramPorts) {
    this.ports = ports;
    this.name = ports.name;
    this.machine = ports.machine;
    this.schedule = ports.schedule;
    this.machine.programs.add(this);
  }

  end(): void {
    if (!this.alive) return;
    this.alive = false;
    this.machine.programs.delete(this);
    this.ports.onEnd(this);
  }

  freeze(untilMs: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, untilMs);
  }

  thaw(): void {
    this.frozenUntilMs = Math.min(this.frozenUntilMs, this.schedule.nowMs);
    this.goOn();
  }

  /** Since when it has run without a break. */
  turningForMs(): number {
    return this.schedule.nowMs - this.blockedUntilMs();
  }

  /** Neither frozen nor stalled nor on a frozen machine. */
  turns(): boolean {
    return this.alive && this.blockedUntilMs() <= this.schedule.nowMs;
  }

  isStalled(): boolean {
    return this.schedule.nowMs < this.stalledUntilMs;
  }

  /** When what it does now takes effect outside. */
  effectMs(): number {
    return Math.max(this.schedule.nowMs, this.stalledUntilMs);
  }

  /** Runs a piece of the program, now or as soon as it can run at all. */
  run(piece: () => void): void {
    if (!this.alive) return;
    const blocked = this.blockedUntilMs();
    if (blocked > this.schedule.nowMs) {
      this.waiting.push(piece);
      this.wakeAt(blocked);
      return;
    }
    this.schedule.awaits = true;
    try {
      piece();
    } catch (error) {
      if (this.alive) this.ports.onBroken(this, error);
    }
  }

  /** Does something outside of the program after `delayMs`, whatever becomes of the program. */
  outside(delayMs: number, act: () => void): void {
    if (!this.alive) return;
    const atMs = this.effectMs() + delayMs;
    if (atMs <= this.schedule.nowMs) act();
    else this.schedule.at(atMs, act);
  }

  /** The same with an answer that the program waits for. */
  ask<Answer>(delayMs: number, answer: () => Answer): Promise<Answer> {
    return new Promise((resolve) => {
      this.outside(delayMs, () => {
        const value = answer();
        this.run(() => resolve(value));
      });
    });
  }

  readonly clock: Clock = {
    bootMs: () => this.machine.bootMsAt(this.effectMs()),
    wallTime: () => new Date(wallStartMs + this.schedule.nowMs + this.machine.wallOffsetMs).toISOString(),
    bootId: () => `boot ${this.machine.boots}`,
  };

  readonly timers: Timers = {
    after: (delayMs, run) => this.timer(Math.max(1, delayMs), run, null),
    every: (periodMs, run) => this.timer(Math.max(1, periodMs), run, Math.max(1, periodMs)),
    soon: (run) => this.outside(0.001, () => this.run(run)),
    monotonicMs: () => this.machine.bootMsAt(this.effectMs()) - this.machine.suspendedMs,
    untilBeat: (periodMs) => periodMs,
  };

  readonly files: Files = this.openFiles();

  private wakeAt(atMs: number): void {
    if (this.waiting.length === 0 || this.wakesMs >= atMs) return;
    this.wakesMs = atMs;
    this.schedule.at(atMs, () => this.goOn());
  }

  /** Each piece is an event of its own, as it would have been without the break. */
  private goOn(): void {
    const blocked = this.blockedUntilMs();
    if (blocked > this.schedule.nowMs) return this.wakeAt(blocked);
    const { waiting } = this;
    this.waiting = [];
    this.wakesMs = -1;
    for (const piece of waiting) this.schedule.at(this.schedule.nowMs, () => this.run(piece));
  }

  private blockedUntilMs(): number {
    return Math.max(this.frozenUntilMs, this.stalledUntilMs, this.machine.frozenUntilMs);
  }

  private timer(delayMs: number, run: () => void, periodMs: number | null): CancelTimer {
    let cancelled = false;
    const begin = (spanMs: number) => {
      const suspendedMs = this.machine.suspendedMs;
      const late = this.machine.latenessMs();
      this.schedule.at(this.effectMs() + this.machine.worldSpan(spanMs) + late, () => fire(suspendedMs));
    };
    const fire = (suspendedMs: number) => {
      if (cancelled || !this.alive) return;
      const missedMs = this.machine.suspendedMs - suspendedMs;
      if (missedMs > 0) return begin(missedMs);
      this.run(() => {
        if (cancelled) return;
        if (periodMs !== null) begin(periodMs);
        run();
      });
    };
    begin(delayMs);
    return () => {
      cancelled = true;
    };
  }

  private openFiles(): Files {
    const at = <Value>(work: () => Value, gone: Value): Value => {
      if (this.alive && !this.isStalled()) this.meetAccident();
      return this.alive ? work() : gone;
    };
    const disk = (path: string): Disk => (path.startsWith('/run') ? this.machine.memory : this.machine.disk);
    // Descriptors of both file systems in one table of the program's own.
    const open = new Map<number, { readonly of: Disk; readonly file: number }>();
    let last = 2;
    const opened = (file: number) => {
      const found = open.get(file);
      if (found === undefined) throw Object.assign(new Error(`EBADF: ${file}`), { code: 'EBADF' });
      return found;
    };
    const seenOutside = (path: string, change: () => void) => {
      if (!path.startsWith('/run')) return change();
      if (this.isStalled()) {
        this.outside(0, () => ignoringMissing(change, this.ports.onMemoryChange));
        return;
      }
      change();
      this.ports.onMemoryChange();
    };
    return {
      makeFolder: (path) => at(() => disk(path).makeFolder(path), undefined),
      open: (path, flags) =>
        at(() => {
          const of = disk(path);
          const file = of.openFile(path, flags);
          last += 1;
          open.set(last, { of, file });
          return last;
        }, 0),
      write: (file, text) => at(() => opened(file).of.write(opened(file).file, text), text.length),
      fsync: (file) => at(() => opened(file).of.fsync(opened(file).file), undefined),
      fdatasync: (file) => at(() => opened(file).of.fsync(opened(file).file), undefined),
      size: (file) => at(() => opened(file).of.size(opened(file).file), 0),
      truncate: (file, bytes) => at(() => opened(file).of.truncate(opened(file).file, bytes), undefined),
      close: (file) =>
        at(() => {
          const found = opened(file);
          found.of.close(found.file);
          open.delete(file);
        }, undefined),
      read: (path) => (this.alive ? (this.ports.readSpecial(path) ?? disk(path).read(path)) : ''),
      exists: (path) => {
        const special = this.alive ? this.ports.readSpecial(path) : null;
        return special === null ? at(() => disk(path).exists(path), false) : special !== '';
      },
      rename: (from, to) => at(() => seenOutside(to, () => disk(to).rename(from, to)), undefined),
      remove: (path) => at(() => seenOutside(path, () => disk(path).remove(path)), undefined),
      list: (path) => at(() => disk(path).list(path), []),
    };
  }

  private meetAccident(): void {
    const accident = this.ports.accident(this);
    if (accident === null) return;
    if (accident.kind === 'ends') this.end();
    else this.stalledUntilMs = this.schedule.nowMs + accident.forMs;
  }
}

const wallStartMs = Date.UTC(2026, 0, 1);

/** A delayed change of a file that has gone meanwhile, with the power or by another hand. */
function ignoringMissing(change: () => void, then: () => void): void {
  try {
    change();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  then();
}
