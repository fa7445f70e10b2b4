import type { EngineAdapter, EngineComponents } from '../../agent/engines/engine-adapter.ts';
import type { EngineService } from '../../agent/services/engine-service.ts';
import { judgeStart, readDeadline, type DeadlineReading } from '../../shared/lease/guard.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Machine } from './machine.ts';
import type { Planted } from './planted.ts';
import type { Program } from './program.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** How an engine and its service manager behave at present. */
export interface EngineManners {
  startMs: number;
  stopMs: number;
  killMs: number;
  /** From a request to the service manager until it acts, and from the gate's yes until the process exists. */
  managerLagMs: number;
  spawnMs: number;
  refusesToStop: boolean;
  diesWhileStarting: boolean;
  api: 'answers' | 'hangs' | 'nonsense';
}

export const goodManners: EngineManners = {
  startMs: 700,
  stopMs: 400,
  killMs: 20,
  managerLagMs: 5,
  spawnMs: 10,
  refusesToStop: false,
  diesWhileStarting: false,
  api: 'answers',
};

/** Longest look at a control group. */
export const lookMs = 8;

/** One life of an engine's process. */
export interface EngineProcess {
  readonly machine: Machine;
  readonly epoch: number;
  readonly sinceMs: number;
  alive: boolean;
  answersFromMs: number;
  listeners: boolean;
  pollers: boolean;
  /** When this machine last thawed: until a guard has had its turn the process may still run. */
  thawedMs: number | null;
}

export interface EngineUnitPorts {
  readonly machine: Machine;
  readonly cluster: string;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly timing: TimingPolicy;
  readonly planted: Planted;
  readonly onStarted: (process: EngineProcess) => void;
  readonly onGone: (process: EngineProcess, why: string) => void;
  /** Components or pollers were switched. */
  readonly onSwitched: () => void;
  readonly restartGuard: (number: 1 | 2) => void;
  /** Whether the whole machine shuts down in order. */
  readonly serverStops: () => boolean;
}

/** Since when the control group has been empty, or not. */
interface Occupied {
  readonly sinceMs: number;
  readonly populated: boolean;
}
const occupiedKept = 200;

/** The engine of one cluster on one machine, with the part of the service manager that starts and stops it. */
export class EngineUnit {
  manners: EngineManners = { ...goodManners };
  process: EngineProcess | null = null;
  private readonly ports: EngineUnitPorts;
  /** What was true when, newest last: what is said about the engine is held against it. */
  private readonly occupied: Occupied[] = [{ sinceMs: 0, populated: false }];
  /** The gate has said yes and the process is being made; a kill now ends that too. */
  private starting: { cancelled: boolean } | null = null;

  constructor(ports: EngineUnitPorts) {
    this.ports = ports;
  }

  readDeadline(): DeadlineReading {
    const { machine, cluster } = this.ports;
    const path = `/run/ixha/${cluster}/deadline`;
    return readDeadline(machine.memory.exists(path) ? machine.memory.read(path) : null);
  }

  /** Anybody's request to start it: the agent's, an administrator's, a timer's. Always through the gate. */
  requestStart(then: (result: Result<void, string>) => void): void {
    const { machine, schedule, timing, planted, random } = this.ports;
    const { boots } = machine;
    this.whenRunning(boots, this.manners.managerLagMs, () => {
      if (this.process !== null) return then(succeed(undefined));
      if (machine.shuttingDown) return then(fail('the service manager starts nothing while it shuts down'));
      const deadline = this.readDeadline();
      const reason = judgeStart(deadline, machine.bootMs(), timing.D * 1000);
      if (reason !== null && !planted.has('gate-not-checked'))
        return then(fail('the gate refused the start'));
      if (this.starting !== null) return then(fail('it is being started'));
      const starting = { cancelled: false };
      this.starting = starting;
      this.noteOccupied();
      const epoch = deadline === null || deadline === 'unreadable' ? 0 : deadline.epoch;
      schedule.after(this.manners.spawnMs * random.between(0.5, 1), () => {
        if (this.starting === starting) this.starting = null;
        this.noteOccupied();
        if (!machine.power || machine.boots !== boots) return;
        if (starting.cancelled) return then(fail('it was stopped while it started'));
        this.begin(epoch);
        then(succeed(undefined));
      });
    });
  }

  end(why: string): void {
    const { process } = this;
    if (process === null) return;
    this.process = null;
    this.noteOccupied();
    process.alive = false;
    this.ports.onGone(process, why);
  }

  /** Kills the control group; the process is gone `killMs` later. */
  requestKill(why: string, then: () => void): void {
    const { process } = this;
    const { boots } = this.ports.machine;
    this.cancelStart();
    this.whenRunning(boots, this.manners.killMs, () => {
      this.cancelStart();
      if (process !== null && this.process === process) this.end(why);
      then();
    });
  }

  /** What the agent sees and asks. */
  service(program: Program): EngineService {
    const stopped = (): Result<void, string> =>
      !this.populated() ? succeed(undefined) : fail('its control group is not empty');
    const answering = (begin: (then: (result: Result<void, string>) => void) => void) =>
      new Promise<Result<void, string>>((resolve) => {
        program.outside(0, () => begin((result) => program.run(() => resolve(result))));
      });
    return {
      observe: () =>
        program.ask(this.ports.random.between(0, lookMs), () => {
          const { process } = this;
          const runningMs = process === null ? null : this.ports.schedule.nowMs - process.sinceMs;
          return succeed({
            process: this.populated() ? ('running' as const) : ('stopped' as const),
            runningMs,
          });
        }),
      life: () =>
        program.ask(this.manners.managerLagMs, () =>
          this.process === null ? null : `life-${Math.round(this.process.sinceMs * 1000)}`,
        ),
      serverStops: () => program.ask(this.manners.managerLagMs, () => this.ports.serverStops()),
      start: () => answering((then) => this.requestStart(then)),
      stop: (graceMs) => answering((then) => this.requestStop(graceMs, () => then(stopped()))),
      kill: () => answering((then) => this.requestKill('killed by its agent', () => then(stopped()))),
      restartGuard: async (number) => {
        await program.ask(this.manners.managerLagMs, () => this.ports.restartGuard(number));
        return succeed(undefined);
      },
    };
  }

  adapter(program: Program): EngineAdapter {
    return {
      look: async (limitMs) => {
        const hangs = this.process !== null && this.manners.api === 'hangs';
        return program.ask(hangs ? limitMs : 3, () => this.look());
      },
      switchComponents: (which, on, limitMs) => {
        const hangs = this.process !== null && this.manners.api === 'hangs';
        return program.ask(hangs ? limitMs : 60, () => this.switch(which, on));
      },
    };
  }

  answers(): boolean {
    const { process } = this;
    return process !== null && this.ports.schedule.nowMs >= process.answersFromMs;
  }

  /** Whether it was true at some moment between the two that the control group was populated, or empty. */
  wasSeen(populated: boolean, fromMs: number, toMs: number): boolean {
    return this.occupied.some((state, at) => {
      const endMs = this.occupied[at + 1]?.sinceMs ?? Infinity;
      return state.populated === populated && state.sinceMs <= toMs && endMs >= fromMs;
    });
  }

  private noteOccupied(): void {
    const populated = this.populated();
    if (this.occupied.at(-1)?.populated === populated) return;
    this.occupied.push({ sinceMs: this.ports.schedule.nowMs, populated });
    if (this.occupied.length > occupiedKept) this.occupied.shift();
  }

  /** What its control group says. */
  private populated(): boolean {
    return this.process !== null || this.starting !== null;
  }

  private cancelStart(): void {
    if (this.starting !== null) this.starting.cancelled = true;
    this.starting = null;
    this.noteOccupied();
  }

  /** Anybody's request to stop it, killed after the grace time. */
  requestStop(graceMs: number, then: () => void): void {
    const { process } = this;
    const { boots } = this.ports.machine;
    if (process === null) {
      return this.whenRunning(boots, this.manners.managerLagMs, () => {
        this.cancelStart();
        then();
      });
    }
    const { refusesToStop, stopMs, managerLagMs } = this.manners;
    const obeysMs = refusesToStop ? Infinity : stopMs + managerLagMs;
    if (obeysMs > graceMs) {
      this.whenRunning(boots, graceMs, () => this.requestKill('killed: it did not stop in time', then));
      return;
    }
    this.whenRunning(boots, obeysMs, () => {
      if (this.process === process) this.end('stopped as asked');
      then();
    });
  }

  private begin(epoch: number): void {
    const { machine, schedule, random } = this.ports;
    const { startMs, diesWhileStarting } = this.manners;
    const process: EngineProcess = {
      machine,
      epoch,
      sinceMs: schedule.nowMs,
      alive: true,
      answersFromMs: schedule.nowMs + startMs,
      listeners: false,
      pollers: false,
      thawedMs: null,
    };
    this.process = process;
    this.noteOccupied();
    this.ports.onStarted(process);
    if (!diesWhileStarting) return;
    this.whenRunning(machine.boots, random.between(1, startMs), () => {
      if (this.process === process) this.end('died while it started');
    });
  }

  private look(): Result<EngineComponents, string> {
    const { process, manners } = this;
    if (process === null || !this.answers()) return fail('the connection is refused');
    if (manners.api === 'hangs') return fail('its API does not answer');
    if (manners.api === 'nonsense') return fail('its API answers a page instead of data');
    const { listeners, pollers } = process;
    const counts = { total: 2, on: listeners ? 2 : 0, pollersTotal: 1, pollersOn: pollers ? 1 : 0 };
    const rest = { inError: 0, queued: 0, messagesPerSecond: 0, received: null, version: null };
    return succeed({ ...counts, ...rest, answersInMs: 3 });
  }

  private switch(which: 'listeners' | 'pollers', on: boolean): Result<string, string> {
    const { process, manners } = this;
    if (process === null || !this.answers()) return fail('the connection is refused');
    if (manners.api !== 'answers') return fail('its API does not answer');
    process[which] = on;
    this.ports.onSwitched();
    return succeed(`${which} switched ${on ? 'on' : 'off'}`);
  }

  /** Acts after a while, later when the machine is frozen, never when it has lost its power meanwhile. */
  private whenRunning(boots: number, delayMs: number, act: () => void): void {
    const { machine, schedule } = this.ports;
    schedule.after(delayMs, () => {
      if (!machine.power || machine.boots !== boots) return;
      if (machine.isFrozen()) this.whenRunning(boots, machine.frozenUntilMs - schedule.nowMs, act);
      else act();
    });
  }
}
