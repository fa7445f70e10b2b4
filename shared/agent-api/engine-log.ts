import * as z from 'zod/mini';

/** One message in an engine's log: nothing of it but how it is named, and when by the clock of its server. */
const LoggedMessage = z.object({
  number: z.int(),
  id: z.nullable(z.string()),
  at: z.nullable(z.string()),
});
export type LoggedMessage = z.infer<typeof LoggedMessage>;

const LoggedComponent = z.object({
  name: z.string(),
  /** How many its destination has acknowledged in what was read. */
  acknowledged: z.int(),
  firstSent: z.nullable(LoggedMessage),
  /** The acknowledged one with the highest number. */
  lastAcknowledged: z.nullable(LoggedMessage),
  /** Sent, and not acknowledged in what was read. */
  open: z.array(LoggedMessage),
  /** Sent once more although it was acknowledged before. */
  again: z.array(LoggedMessage),
  /** Sent for the first time after one with a higher number. */
  late: z.array(LoggedMessage),
  /** Taken in and not sent, although one with a higher number was. */
  passed: z.array(LoggedMessage),
  /** Sent for the first time while one with a lower number had no acknowledgement. */
  overtook: z.int(),
  /** Numbers between the first and the highest one sent of which nothing is told. */
  gaps: z.int(),
  /** Numbers that were given and then not used: they are no gap. */
  refused: z.array(z.int()),
});
export type LoggedComponent = z.infer<typeof LoggedComponent>;

/** What one generation of the engine has written, as far as it was read. */
const LoggedRun = z.object({
  server: z.string(),
  generation: z.int(),
  /** Read from its first line on. */
  fromBegin: z.boolean(),
  /** closed: it ends as after an orderly stop · open: it ends without that · beyond: more follows than was read. */
  end: z.enum(['closed', 'open', 'beyond']),
  /** Lines that could not be read, and lines that the engine could not write. */
  damaged: z.int(),
  missed: z.int(),
  /** How many components it tells of; `components` has those first of which something odd is told. */
  total: z.int(),
  components: z.array(LoggedComponent),
});
export type LoggedRun = z.infer<typeof LoggedRun>;

/** Null as `run`: `why` says why there is none. */
const RunRead = z.object({ run: z.nullable(LoggedRun), why: z.nullable(z.string()) });
export type RunRead = z.infer<typeof RunRead>;

/**
 * Answer of `/v1/engine-log?epoch=N`: the end of what the engine logged before the epoch, and the beginning of what it
 * logged under it, both as this member's own directory has them. Never anything of a message's content.
 */
export const EngineLogAnswer = z.object({
  cluster: z.string(),
  server: z.string(),
  epoch: z.int(),
  before: RunRead,
  after: RunRead,
});
export type EngineLogAnswer = z.infer<typeof EngineLogAnswer>;
