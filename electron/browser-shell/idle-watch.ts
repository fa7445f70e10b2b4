import type { Cancel, HostTime } from '../host/host-time.ts';

/** A console that nobody looks at for this long ends, where it was started that way. */
export const idleLimitMs = 30 * 60 * 1000;

export interface IdleWatch {
  pageOpened(): void;
  pageClosed(): void;
  stop(): void;
}

/** Calls `onIdle` once when no page was connected for the limit. Counts from its creation. */
export function createIdleWatch(time: HostTime, limitMs: number, onIdle: () => void): IdleWatch {
  let pages = 0;
  let cancel: Cancel = time.after(limitMs, onIdle);
  return {
    pageOpened: () => {
      pages += 1;
      cancel();
    },
    pageClosed: () => {
      pages -= 1;
      cancel();
      if (pages === 0) cancel = time.after(limitMs, onIdle);
    },
    stop: () => cancel(),
  };
}
