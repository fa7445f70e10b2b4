import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Clock } from '../shared/clock.ts';

/**
 * The boot-time clock: `/proc/uptime`, which counts suspend and never jumps (resolution 10 ms). Guards read
 * the same file, so agent and guards never disagree. Where it is missing (a workstation that is not Linux)
 * the process's monotonic clock serves; no engine is guarded there.
 */
export function openBootClock(): Clock {
  const read = openUptime();
  const boot = readBootId();
  return { bootMs: read, wallTime: () => new Date().toISOString(), bootId: () => boot };
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** A tenth of the file's resolution. */
const heldMs = 1;

function openUptime(): () => number {
  try {
    const file = openSync('/proc/uptime', 'r');
    const buffer = Buffer.alloc(64);
    process.once('exit', () => closeSync(file));
    const read = () => {
      const length = readSync(file, buffer, 0, buffer.length, 0);
      const text = buffer.toString('latin1', 0, length);
      return Math.round(Number.parseFloat(text) * 1000);
    };
    return heldFor(heldMs, read, () => performance.now());
  } catch {
    return () => Math.round(performance.now());
  }
}

/**
 * Answers what was read last while that is younger than this: a decision asks for the time a dozen times. A program
 * that was stopped meanwhile reads anew, since the monotonic clock went on.
 */
export function heldFor(youngMs: number, read: () => number, monotonicMs: () => number): () => number {
  let value = 0;
  let readAtMs = -Infinity;
  return () => {
    const nowMs = monotonicMs();
    if (nowMs - readAtMs < youngMs) return value;
    value = read();
    readAtMs = nowMs;
    return value;
  };
}
