import { judgeGuardTurn } from '../../shared/lease/guard.ts';
import type { EngineUnit } from './engine-unit.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

const turnMs = 100;
/** From the end of a guard until the service manager has started it again. */
const restartMs = { low: 100, high: 400 };

export interface GuardPorts {
  readonly machine: Machine;
  readonly number: 1 | 2;
  readonly unit: EngineUnit;
  readonly schedule: Schedule;
  readonly random: Random;
  /** How late a turn may come beside its period. */
  readonly lateMs: number;
  readonly alwaysLate: boolean;
  readonly disabled: boolean;
}

/**
 * One guard. It turns ten times a second, but a turn that finds nothing to do is not played: its time is worked
 * out when somebody reads the guard's beat, and the next one that may find a reason is scheduled.
 */
export class Guard {
  private readonly ports: GuardPorts;
  private frozenUntilMs = 0;
  private phaseMs: number;
  private state: 'runs' | 'down' = 'runs';
  /** Its note about the last kill, as its file holds it. */
  lastKill = '';
  private lastTurnMs = -1;
  private pendingAtMs: number | null = null;

  constructor(ports: GuardPorts) {
    this.ports = ports;
    this.phaseMs = ports.random.between(0, turnMs);
  }

  healthy(): boolean {
    const { schedule, machine } = this.ports;
    return this.state === 'runs' && machine.runs() && schedule.nowMs >= this.frozenUntilMs;
  }

  /** The text of its beat file: the machine's clock at its last turn. */
  beat(): string | null {
    const { machine } = this.ports;
    const atMs = this.lastTurnAtMs();
    return atMs < 0 ? null : `${machine.bootMsAt(atMs)}\n`;
  }

  freeze(untilMs: number): void {
    this.lastTurnMs = this.lastTurnAtMs();
    this.frozenUntilMs = untilMs;
    this.look();
  }

  thaw(): void {
    if (this.frozenUntilMs > this.ports.schedule.nowMs) this.frozenUntilMs = this.ports.schedule.nowMs;
    this.look();
  }

  /** Killed; the service manager starts it again soon, or only when told, where it is held down. */
  kill(held: boolean): void {
    this.lastTurnMs = this.lastTurnAtMs();
    this.state = 'down';
    if (!held) this.startAfter(this.ports.random.between(restartMs.low, restartMs.high));
  }

  startAfter(delayMs: number): void {
    const { schedule, machine, random } = this.ports;
    const { boots } = machine;
    schedule.after(delayMs, () => {
      if (machine.boots !== boots || !machine.power || this.state === 'runs') return;
      this.state = 'runs';
      this.frozenUntilMs = 0;
      this.phaseMs = random.between(0, turnMs);
      this.lastTurnMs = schedule.nowMs;
      this.look();
    });
  }

  /** With the power the beat file goes too. */
  losePower(): void {
    this.state = 'down';
    this.lastTurnMs = -1;
    this.lastKill = '';
    this.pendingAtMs = null;
  }

  /** The deadline or the engine has changed: works out when a turn may find a reason to kill. */
  look(): void {
    const { machine, unit, schedule, random, lateMs, alwaysLate, disabled } = this.ports;
    if (disabled || this.state !== 'runs' || !machine.power || unit.process === null) return;
    const deadline = unit.readDeadline();
    const reason = judgeGuardTurn(deadline, machine.bootMs());
    const dueMs =
      reason === null && deadline !== null && deadline !== 'unreadable'
        ? machine.worldMsOf(deadline.deadlineMs) + 10
        : schedule.nowMs;
    const fromMs = Math.max(dueMs, schedule.nowMs, this.frozenUntilMs, machine.frozenUntilMs);
    const sinceTurn = (fromMs - this.phaseMs) % turnMs;
    const late = alwaysLate ? lateMs : random.between(0, lateMs);
    this.turnAt(fromMs + (alwaysLate ? turnMs : turnMs - sinceTurn) + late);
  }

  private turnAt(atMs: number): void {
    if (this.pendingAtMs !== null && this.pendingAtMs <= atMs) return;
    this.pendingAtMs = atMs;
    this.ports.schedule.at(atMs, () => {
      if (this.pendingAtMs !== atMs) return;
      this.pendingAtMs = null;
      this.turn();
    });
  }

  private turn(): void {
    const { machine, unit, number } = this.ports;
    if (!this.healthy() || unit.process === null) return this.look();
    const reason = judgeGuardTurn(unit.readDeadline(), machine.bootMs());
    if (reason === null) return this.look();
    this.lastKill = `${machine.bootMs()} the deadline is ${reason}\n`;
    unit.requestKill(`killed by guard ${number}: its deadline is ${reason}`, () => this.look());
  }

  private lastTurnAtMs(): number {
    const { schedule, machine } = this.ports;
    if (this.state === 'down' || !machine.power) return this.lastTurnMs;
    const frozen = Math.max(this.frozenUntilMs, machine.frozenUntilMs);
    if (schedule.nowMs < frozen) return this.lastTurnMs;
    const turnedMs = schedule.nowMs - ((schedule.nowMs - this.phaseMs) % turnMs);
    return turnedMs < frozen ? this.lastTurnMs : Math.max(this.lastTurnMs, turnedMs);
  }
}
