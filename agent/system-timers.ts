import type { Timers } from '../shared/clock.ts';

/** Node's own timers and monotonic clock. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    return () => clearInterval(timer);
  },
  soon(run) {
    setImmediate(run);
  },
  monotonicMs: () => performance.now(),
};

/** Waits on the given timers. */
export function pause(timers: Timers, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(delayMs, () => resolve());
  });
}
