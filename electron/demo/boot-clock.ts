import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const wallOffsetMs = Date.now() - performance.now();

/**
 * Milliseconds since the machine booted, the clock that all programs of the demo share (10 ms steps).
 * Where there is no /proc/uptime: a wall clock taken once at load and then counted monotonically,
 * which programs of one machine also share as long as nobody sets the wall clock between their starts.
 */
export function bootMs(): number {
  try {
    return Math.round(Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * 1000);
  } catch {
    return Math.round(wallOffsetMs + performance.now());
  }
}
