import type { Cancel, HostTime } from '../host-time.ts';

/** Shortest time between two publications: four a second. */
export const shortestGapMs = 250;
/** Longest time between two publications, so that ages on screen stay right. */
export const refreshMs = 1000;

export interface Publisher {
  /** There is news: published at once, or as soon as the shortest gap allows. */
  news(): void;
  stop(): void;
}

/**
 * Decides when to publish: the first news at once, more of it at most every 250 ms, and without any
 * news once a second.
 */
export function createPublisher(time: HostTime, publish: () => void): Publisher {
  let publishedAt = -Infinity;
  let dueAt = Infinity;
  let cancel: Cancel = () => undefined;
  let stopped = false;

  const schedule = (at: number) => {
    if (stopped || at >= dueAt) return;
    cancel();
    dueAt = at;
    cancel = time.after(Math.max(0, at - time.bootMs()), run);
  };
  const run = () => {
    if (stopped) return;
    cancel();
    dueAt = Infinity;
    publishedAt = time.bootMs();
    schedule(publishedAt + refreshMs);
    publish();
  };
  schedule(time.bootMs() + refreshMs);
  return {
    news: () => {
      const now = time.bootMs();
      if (now - publishedAt >= shortestGapMs) run();
      else schedule(publishedAt + shortestGapMs);
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
