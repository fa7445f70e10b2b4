import * as z from 'zod/mini';

/** Out of service, so that the server may be patched; or back into it. */
export const patchDirections = ['out', 'back'] as const;
export const PatchDirection = z.enum(patchDirections);
export type PatchDirection = z.infer<typeof PatchDirection>;

/** Steps of a patch, in words of the work: docs/patching.md. */
export const PatchStepKind = z.enum(['move', 'hold', 'stopped', 'allow', 'return', 'ready']);
export type PatchStepKind = z.infer<typeof PatchStepKind>;

const PatchStepRun = z.object({
  kind: PatchStepKind,
  /** Null: of the server as a whole. */
  cluster: z.nullable(z.string()),
  title: z.string(),
  /** Unknown: it was asked for, and no answer tells whether it was done. */
  state: z.enum(['pending', 'running', 'done', 'failed', 'unknown']),
  /** Wall time of its beginning. */
  at: z.nullable(z.string()),
  tookMs: z.nullable(z.number()),
  /** What it usually takes here; null: never measured. */
  usualMs: z.nullable(z.number()),
  evidence: z.string(),
  /** Of a move that was accepted: its steps have a page of their own. */
  operation: z.nullable(z.string()),
});
export type PatchStepRun = z.infer<typeof PatchStepRun>;

/** One run of this console, under way or ended. What stands where is read from the agents, never from here. */
export const PatchRun = z.object({
  server: z.string(),
  serverName: z.string(),
  direction: PatchDirection,
  by: z.string(),
  reason: z.string(),
  startedAt: z.string(),
  /** stopped: a step was not done, and nothing after it was asked for. */
  state: z.enum(['running', 'done', 'stopped', 'unknown']),
  sentence: z.string(),
  steps: z.array(PatchStepRun),
});
export type PatchRun = z.infer<typeof PatchRun>;

/** The last run of this console; null: it has made none. */
export const PatchView = z.object({ run: z.nullable(PatchRun) });
export type PatchView = z.infer<typeof PatchView>;

export const longestHoldMinutes = 24 * 60;

export const PatchAction = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('begin'),
    server: z.string().check(z.minLength(1), z.maxLength(64)),
    direction: PatchDirection,
    /** How long the server stays held out, unless it is brought back before. */
    minutes: z.number().check(z.positive(), z.maximum(longestHoldMinutes)),
    reason: z.string().check(z.maxLength(400)),
  }),
  /** Nothing more is asked for after the step that runs. */
  z.strictObject({ act: z.literal('stop') }),
]);
export type PatchAction = z.infer<typeof PatchAction>;
export type PatchOrder = Omit<Extract<PatchAction, { act: 'begin' }>, 'act'>;
