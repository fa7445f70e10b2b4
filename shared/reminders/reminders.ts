import * as z from 'zod/mini';
import { DueDrill } from '../drills/drill-calendar.ts';
import { LastDrill } from '../drills/last-drill.ts';

/** A move of which a look found a line VIOLATED that is not mended, and nobody has signed that. */
export const ViolatedMove = z.object({
  cluster: z.string(),
  operation: z.string(),
  epoch: z.int(),
  /** Wall time of the last look that found one of them, ISO 8601. */
  checkedAt: z.string(),
  /** Its violated lines, as `V06 Queue position`. */
  lines: z.array(z.string()),
});
export type ViolatedMove = z.infer<typeof ViolatedMove>;

/** What the records of this workstation ask of people; no agent tells it. */
export const Reminders = z.object({
  /** Drills whose day has come, or that were never made. */
  drills: z.array(DueDrill),
  /** The newest rehearsal of each cluster that had one; absent: not read. */
  lastDrills: z.optional(z.array(LastDrill)),
  /** Newest first. */
  violated: z.array(ViolatedMove),
});
export type Reminders = z.infer<typeof Reminders>;
