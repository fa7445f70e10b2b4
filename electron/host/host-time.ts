import { uptime } from 'node:os';
import type { Clock } from '../../shared/clock.ts';

export type Cancel = () => void;

/** The console's two clocks and its only way to wait: injected, so that tests can turn it by hand. */
export interface HostTime extends Clock {
  /** Runs `task` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, task: () => void): Cancel;
}

/**
 * The workstation's clocks. The operating system's uptime counts through a suspended laptop, so that a
 * value seen before closing the lid is not shown as fresh after opening it. macOS derives its uptime
 * from the wall clock; there Node's monotonic clock (which counts through sleep) is used instead.
 */
export function systemTime(platform: NodeJS.Platform = process.platform): HostTime {
  const bootMs = platform === 'darwin' ? () => Number(process.hrtime.bigint()) / 1e6 : () => uptime() * 1000;
  return {
    bootMs,
    wallTime: () => new Date().toISOString(),
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
