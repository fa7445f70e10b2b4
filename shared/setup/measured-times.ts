import * as z from 'zod/mini';

/** How often something took how long, in seconds. */
export const Spread = z.object({ best: z.number(), typical: z.number(), worst: z.number() });
export type Spread = z.infer<typeof Spread>;

/** What was measured on the servers of a site before it is protected, in seconds; null: not known. */
export const MeasuredTimes = z.object({
  /** A renewal: from a member to the lease store's server and back, with its writes to disk. */
  renewal: z.nullable(Spread),
  /** How much later than asked for a program was woken up on a member. */
  lag: z.nullable(Spread),
  /** From the kill of a control group to its being seen empty. */
  kill: z.nullable(Spread),
  /** Proof of the shared directory: mark read, probe written. */
  storageProof: z.nullable(Spread),
  engineStop: z.nullable(Spread),
  engineStart: z.nullable(Spread),
});
export type MeasuredTimes = z.infer<typeof MeasuredTimes>;
