import type { Clock, Timers } from '../../shared/clock.ts';

/**
 * Compares the boot-time clock with the monotonic one. They part when the machine was suspended; a jump larger
 * than `limitMs` means that time has passed which no timer has seen.
 */
export function watchClockJumps(
  clock: Clock,
  timers: Timers,
  limitMs: number,
  onJump: (jumpMs: number) => void,
) {
  let offset = clock.bootMs() - timers.monotonicMs();
  return {
    check(): void {
      const present = clock.bootMs() - timers.monotonicMs();
      const jump = present - offset;
      offset = present;
      if (Math.abs(jump) > limitMs) onJump(jump);
    },
  };
}
