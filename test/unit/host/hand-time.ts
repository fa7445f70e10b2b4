import type { HostTime } from '../../../electron/host/host-time.ts';

/** Host time that moves only when told to; tasks run in the order of their instants. */
export interface HandTime extends HostTime {
  forward(byMs: number): void;
  pending(): number;
}

export function handTime(startMs = 1000): HandTime {
  let now = startMs;
  const tasks = new Set<{ at: number; run: () => void }>();
  return {
    bootMs: () => now,
    wallTime: () => new Date(Date.UTC(2026, 0, 1) + now).toISOString(),
    after: (delayMs, run) => {
      const task = { at: now + delayMs, run };
      tasks.add(task);
      return () => tasks.delete(task);
    },
    pending: () => tasks.size,
    forward: (byMs) => {
      const end = now + byMs;
      for (;;) {
        const next = [...tasks].filter((task) => task.at <= end).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        tasks.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}
