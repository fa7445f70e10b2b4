import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { LeaseInstants } from '../../shared/lease/timing.ts';
import type { DeadlineFile } from './deadline-file.ts';

export interface GuardDeadlinePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly file: DeadlineFile;
  readonly instants: LeaseInstants;
  readonly note: (sentence: string) => void;
  /** The instant has come at which the engine must be stopped by the agent itself. */
  readonly onOwnStop: () => void;
}

/**
 * The guards' deadline, and the agent's own stop a little before it. While it is armed the gate is open; every
 * feeding moves both forward. A deadline that cannot be written stands: the own stop comes in time, then the guards.
 */
export class GuardDeadline {
  private readonly ports: GuardDeadlinePorts;
  /** From the own stop to the guards' kill. */
  private readonly stopLeadMs: number;
  private feeding = false;
  private found: { readonly epoch: number; readonly deadlineMs: number } | null = null;
  private stopTimer: CancelTimer | null = null;
  /** When the own stop is due, as it was written last. */
  private stopAtMs = Infinity;
  private why: string | null = null;

  constructor(ports: GuardDeadlinePorts) {
    this.ports = ports;
    this.stopLeadMs = ports.instants.guardKillMs - ports.instants.ownStopMs;
  }

  /** Takes up the file that an earlier process of this agent left, if it belongs to `epoch`; removes any other. */
  adopt(epoch: number | null): void {
    const found = this.ports.file.read();
    if (found === null) return;
    if (found.epoch !== epoch) return this.ports.file.remove();
    this.found = found;
    this.feeding = true;
    this.scheduleStop(found.deadlineMs - this.stopLeadMs);
  }

  /** The file found at the start, until it has been written anew: what is left before the stop. */
  inherited(nowMs: number): { readonly epoch: number; readonly stopInMs: number } | null {
    if (this.found === null) return null;
    return { epoch: this.found.epoch, stopInMs: this.found.deadlineMs - this.stopLeadMs - nowMs };
  }

  forgetInherited(): void {
    this.found = null;
  }

  armed(): boolean {
    return this.feeding;
  }

  /** Why the last write failed; null: it worked. */
  trouble(): string | null {
    return this.why;
  }

  /** Opens the gate. */
  arm(epoch: number, fromMs: number): boolean {
    if (!this.write(epoch, fromMs)) return false;
    this.feeding = true;
    this.scheduleStop(fromMs + this.ports.instants.ownStopMs);
    return true;
  }

  /** Moves deadline and own stop to what counts from `fromMs`, also back; false: it could not be written. */
  feed(epoch: number, fromMs: number): boolean {
    if (!this.feeding) return true;
    return this.arm(epoch, fromMs);
  }

  /**
   * Goes on for another period without a lease, from now. A stop that is due already comes first: whoever was away for
   * so long does not know what has happened meanwhile.
   */
  goOn(epoch: number): void {
    const nowMs = this.ports.clock.bootMs();
    if (this.feeding && nowMs >= this.stopAtMs) this.ports.onOwnStop();
    else this.feed(epoch, nowMs);
  }

  /** Shuts the gate. The engine is stopped. */
  disarm(): void {
    this.stopTimer?.();
    this.stopTimer = null;
    this.stopAtMs = Infinity;
    this.feeding = false;
    this.found = null;
    this.ports.file.remove();
  }

  close(): void {
    this.stopTimer?.();
  }

  private write(epoch: number, fromMs: number): boolean {
    try {
      this.ports.file.write(epoch, fromMs + this.ports.instants.guardKillMs);
      this.why = null;
      return true;
    } catch (error) {
      const why = `could not be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
      if (why !== this.why) this.ports.note(`The guards' deadline ${why}.`);
      this.why = why;
      return false;
    }
  }

  private scheduleStop(atMs: number): void {
    const { clock, timers } = this.ports;
    this.stopAtMs = atMs;
    this.stopTimer?.();
    this.stopTimer = timers.after(Math.max(0, atMs - clock.bootMs()), () => this.checkStop(atMs));
  }

  private checkStop(atMs: number): void {
    if (this.ports.clock.bootMs() < atMs) this.scheduleStop(atMs);
    else if (this.feeding) this.ports.onOwnStop();
  }
}
