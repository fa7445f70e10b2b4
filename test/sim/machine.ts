import { Disk } from './disk.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** `/proc/uptime` tells hundredths of a second. */
const clockTickMs = 10;

/** What a machine does with the programs that run on it. */
interface MachineProgram {
  end(): void;
  thaw(): void;
}

/** One computer: power, boot-time clock with its own rate, disk, memory file system, and the programs on it. */
export class Machine {
  readonly id: string;
  readonly disk: Disk;
  readonly memory: Disk;
  readonly programs = new Set<MachineProgram>();
  power = true;
  /** Nothing on it runs before; its clocks go on. */
  frozenUntilMs = 0;
  /** For how long it was suspended since its boot: the boot-time clock counts that, the monotonic one does not. */
  suspendedMs = 0;
  wallOffsetMs = 0;
  /** It shuts down in order: nothing is started on it any more. */
  shuttingDown = false;
  /** Too little processor time: timers of its programs come late by up to this. */
  sluggishMs = 0;
  /** How often its power has come on. */
  boots = 1;
  private readonly schedule: Schedule;
  private readonly random: Random;
  private readonly rate: number;
  private bootedAtMs: number;
  private readonly headStartMs: number;

  constructor(id: string, schedule: Schedule, random: Random, rate: number) {
    this.id = id;
    this.schedule = schedule;
    this.random = random.fork();
    this.rate = rate;
    this.disk = new Disk(random);
    this.memory = new Disk(random);
    this.bootedAtMs = schedule.nowMs;
    this.headStartMs = 5_000 + Math.floor(random.between(0, 1_000_000));
  }

  /** The boot-time clock at a moment of the world. */
  bootMsAt(atMs: number): number {
    const since = this.headStartMs + (atMs - this.bootedAtMs) * this.rate;
    return Math.floor(since / clockTickMs) * clockTickMs;
  }

  bootMs(): number {
    return this.bootMsAt(this.schedule.nowMs);
  }

  /** When its clock will have reached `bootMs`. */
  worldMsOf(bootMs: number): number {
    return this.bootedAtMs + (bootMs - this.headStartMs) / this.rate;
  }

  /** How long a span of its own clock takes in the world. */
  worldSpan(spanMs: number): number {
    return spanMs / this.rate;
  }

  /** How late a timer comes on it now. */
  latenessMs(): number {
    return this.sluggishMs === 0 ? 0 : this.random.between(0, this.sluggishMs);
  }

  isFrozen(): boolean {
    return this.schedule.nowMs < this.frozenUntilMs;
  }

  runs(): boolean {
    return this.power && !this.isFrozen();
  }

  /** Power off without a word: programs are gone, and what was not fsynced is lost. */
  losePower(): void {
    this.power = false;
    this.shuttingDown = false;
    this.frozenUntilMs = 0;
    for (const program of [...this.programs]) program.end();
    this.disk.losePower();
    this.memory.wipe();
  }

  boot(): void {
    this.power = true;
    this.boots += 1;
    this.suspendedMs = 0;
    this.bootedAtMs = this.schedule.nowMs;
  }
}
