import type { Timers } from '../shared/clock.ts';

/** A timer may fire a little before its beat, which then has been served. */
const earlyMs = 5;

/** How long until the next multiple of the period that is not the present one. Pure. */
export function untilBeat(nowMs: number, periodMs: number): number {
  const leftMs = periodMs - (nowMs % periodMs);
  return leftMs <= Math.min(earlyMs, periodMs / 2) ? leftMs + periodMs : leftMs;
}

/** Node's own timers and monotonic clock. All that is periodic keeps to common beats. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    let timer: NodeJS.Timeout;
    const next = () => {
      timer = setTimeout(beat, untilBeat(performance.now(), periodMs));
    };
    const beat = () => {
      // First, so that an exception ends only this beat.
      next();
      run();
    };
    next();
    return () => clearTimeout(timer);
  },
  soon(run) {
    setImmediate(run);
  },
  monotonicMs: () => performance.now(),
  untilBeat: (periodMs) => untilBeat(performance.now(), periodMs),
};

/** Waits on the given timers. */
export function pause(timers: Timers, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(delayMs, () => resolve());
  });
}
