/** One timer for all ages and countdowns of the page, so that they step together. */
export interface Ticker {
  /** Milliseconds of the page's monotonic clock at the last step. */
  now(): number;
  subscribe(listener: () => void): () => void;
}

/** Steps every `periodMs` as long as anybody listens. `clock` never jumps: `performance.now`. */
export function createTicker(clock: () => number, periodMs: number): Ticker {
  const listeners = new Set<() => void>();
  let current = clock();
  let timer: ReturnType<typeof setInterval> | undefined;
  const step = () => {
    current = clock();
    for (const listener of listeners) listener();
  };
  return {
    now: () => current,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        current = clock();
        timer = setInterval(step, periodMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === undefined) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
