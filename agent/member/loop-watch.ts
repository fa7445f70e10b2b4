import type { Clock } from '../../shared/clock.ts';

/** Whether the decision loop turns. A live lease on a dead loop is worthless: the peer must be able to take over. */
export class LoopWatch {
  private readonly clock: Clock;
  private readonly limitMs: number;
  private readonly note: (sentence: string) => void;
  private turnedMs: number;
  private deadNoted = false;

  constructor(clock: Clock, limitMs: number, note: (sentence: string) => void) {
    this.clock = clock;
    this.limitMs = limitMs;
    this.note = note;
    this.turnedMs = clock.bootMs();
  }

  turned(): void {
    this.turnedMs = this.clock.bootMs();
  }

  /** False is told once. */
  alive(): boolean {
    const silentMs = this.clock.bootMs() - this.turnedMs;
    const alive = silentMs <= this.limitMs;
    if (!alive && !this.deadNoted) {
      this.note(`The lease is not renewed: the decision loop has not turned for ${silentMs} ms.`);
    }
    this.deadNoted = !alive;
    return alive;
  }
}
