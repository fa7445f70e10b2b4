/** A time limit that stands still while a person is asked. */
export interface TimeLimit {
  pause(): void;
  resume(): void;
  /** Calls it off. */
  end(): void;
}

/** Calls `onPassed` once when the limit has run for `limitMs`. */
export function startTimeLimit(limitMs: number, onPassed: () => void): TimeLimit {
  let leftMs = limitMs;
  let startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined = setTimeout(onPassed, leftMs);
  let ended = false;
  return {
    pause: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      leftMs -= performance.now() - startedAt;
    },
    resume: () => {
      if (ended || timer !== undefined) return;
      startedAt = performance.now();
      timer = setTimeout(onPassed, Math.max(leftMs, 0));
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
