const firstMs = 200;
const longestMs = 2000;

/**
 * Wait before the next attempt: 0.2 s, doubled per failure up to 2 s, and spread by a quarter so that
 * many links do not knock together. `chance` is a random number from 0 to 1.
 */
export function reconnectDelayMs(failures: number, chance: number): number {
  const base = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 10));
  return Math.round(base * (0.75 + 0.25 * chance));
}
