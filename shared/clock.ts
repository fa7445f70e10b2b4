/**
 * The two clocks of the product.
 *
 * `bootMs` counts milliseconds since the machine booted, suspend included, and never jumps: every
 * duration, deadline and age is measured on it. `wallTime` is for people only: it is shown and
 * logged, never compared and never subtracted.
 */
export interface Clock {
  bootMs(): number;
  wallTime(): string;
  /** Which boot it is, as the machine names it: another one after each start. Null, or not there: it names none. */
  bootId?(): string | null;
}

/** Ends a timer; a second call does nothing. */
export type CancelTimer = () => void;

/** What happens later, on the monotonic clock: it does not count the time for which the machine was suspended. */
export interface Timers {
  after(delayMs: number, run: () => void): CancelTimer;
  every(periodMs: number, run: () => void): CancelTimer;
  /** Once what is under way has ended. */
  soon(run: () => void): void;
  monotonicMs(): number;
  /** How long until the next common beat of this period: what is due at the same beat wakes the program once. */
  untilBeat(periodMs: number): number;
}
