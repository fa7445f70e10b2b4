import * as z from 'zod/mini';

export const StepState = z.enum(['pending', 'running', 'done', 'failed', 'undone']);
export type StepState = z.infer<typeof StepState>;

export const OperationStep = z.object({
  id: z.string(),
  title: z.string(),
  /** Which member carries it out. */
  server: z.string(),
  state: StepState,
  /** No member is Active while this step runs. */
  withoutActive: z.boolean(),
  startedAgoMs: z.nullable(z.number()),
  tookMs: z.nullable(z.number()),
  evidence: z.string(),
});
export type OperationStep = z.infer<typeof OperationStep>;

/**
 * One change asked for by a person or made by rule, as the member that works on it knows it. The two
 * members of a cluster each report their own steps under the same `id`; the console joins them.
 */
export const OperationRecord = z.object({
  id: z.string(),
  kind: z.enum(['switchover', 'handover', 'failback', 'failover', 'force-takeover']),
  from: z.nullable(z.string()),
  to: z.string(),
  requestedBy: z.string(),
  reason: z.string(),
  startedWallTime: z.string(),
  startedAgoMs: z.number(),
  /** unknown: the member that would know is silent; still watched. */
  state: z.enum(['running', 'done', 'rolled-back', 'failed', 'unknown']),
  sentence: z.string(),
  steps: z.array(OperationStep),
});
export type OperationRecord = z.infer<typeof OperationRecord>;
