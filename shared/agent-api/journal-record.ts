import * as z from 'zod/mini';

export const JournalKind = z.enum([
  'decision',
  'role',
  'step',
  'command',
  'lease',
  'guard',
  'agent',
  'alarm',
]);
export type JournalKind = z.infer<typeof JournalKind>;

/** One line of a member's journal: append-only, chained by hash, never rewritten. */
export const JournalRecord = z.object({
  seq: z.int(),
  wallTime: z.string(),
  bootMs: z.number(),
  cluster: z.string(),
  server: z.string(),
  epoch: z.int(),
  /**
   * What kind of line: a decision that changed, a role that changed (the new one in `verdict`), a step and its
   * result, a command, a lease event, a fault seen.
   */
  kind: JournalKind,
  ruleId: z.nullable(z.string()),
  verdict: z.nullable(z.string()),
  /** The same sentence as on screen. */
  sentence: z.string(),
  requestedBy: z.nullable(z.string()),
  step: z.nullable(z.string()),
  result: z.nullable(z.enum(['ok', 'failed', 'started', 'refused'])),
  operation: z.nullable(z.string()),
  tookMs: z.nullable(z.number()),
  /** SHA-256 of the previous record's line, hexadecimal. */
  previous: z.string(),
});
export type JournalRecord = z.infer<typeof JournalRecord>;

/** What a change of role tells of who was what; the record itself has more. */
export const RoleTold = z.pick(JournalRecord, {
  cluster: true,
  server: true,
  wallTime: true,
  seq: true,
  kind: true,
  verdict: true,
  epoch: true,
});
export type RoleTold = z.infer<typeof RoleTold>;
