import * as z from 'zod/mini';
import { DeliveryFailure } from './delivery.ts';

/** Waits before the second, third ... attempt; the last one repeats. */
const backOffsMs = [10_000, 30_000, 60_000, 120_000, 300_000, 600_000];

/** A message that did not arrive for so long is given up: by then its news is old. */
export const giveUpMs = 24 * 3_600_000;

/** How long to wait after so many attempts, in milliseconds. Pure. */
export function backOffMs(attempts: number): number {
  return backOffsMs[Math.min(Math.max(attempts, 1), backOffsMs.length) - 1]!;
}

/** What went wrong with the last attempt, and when by the wall clock of the server. */
export const LastFailure = z.extend(DeliveryFailure, { at: z.string() });
export type LastFailure = z.infer<typeof LastFailure>;

/** The last test: when it ended by the wall clock of the server, and what went wrong; null: it has arrived. */
export const LastTest = z.object({ at: z.string(), failure: z.nullable(DeliveryFailure) });
export type LastTest = z.infer<typeof LastTest>;
