import * as z from 'zod/mini';
import { LedgerEntry } from '../ledger/queue-ledger.ts';

/**
 * What stands behind a member's state: signals of its role, troubles by name, what the engine's version knows, and
 * the queue ledger. Codes are closed lists of the agent's version; a console of another version shows the sentence.
 */
const Trouble = z.object({
  code: z.string(),
  sentence: z.string(),
  next: z.string(),
  /** Whether moving the cluster to the other member helps. */
  moveHelps: z.enum(['yes', 'perhaps', 'no']),
});

const RoleEvidence = z.object({
  /** conflict: an engine works that must not · none: nobody works here although this member should. */
  role: z.enum(['active', 'passive', 'conflict', 'none', 'unknown']),
  confidence: z.enum(['high', 'medium', 'low']),
  sentence: z.string(),
  signals: z.array(
    z.object({
      name: z.string(),
      /** What it says for itself; null: not known. */
      says: z.nullable(z.enum(['active', 'passive'])),
      text: z.string(),
      ageMs: z.number(),
    }),
  ),
});

const LedgerSummary = z.object({
  server: z.string(),
  epoch: z.int(),
  /** Written after its engine was proven stopped. */
  sealed: z.boolean(),
  queues: z.int(),
  /** Messages that wait, as far as they are counted. */
  queued: z.int(),
  wallTime: z.string(),
});
export type LedgerSummary = z.infer<typeof LedgerSummary>;

const QueueVerdict = z.enum(['continued', 'gap', 'fewer', 'unknown']);

const Comparison = {
  verdict: QueueVerdict,
  sentence: z.string(),
  /** The last ledger of the Active before. */
  before: LedgerSummary,
  /** The first one of the Active that came then. */
  after: LedgerSummary,
};

const LedgerEvidence = {
  /** Of this member's own engine, while and after it was Active. */
  own: z.nullable(LedgerSummary),
  /** Last heard from the peer. */
  ofPeer: z.nullable(LedgerSummary),
  /** Components that a person has switched off, and that stay off when the cluster moves. */
  leftOff: z.array(z.string()),
};

/** As every snapshot carries it: verdicts, without the lists behind them. */
export const MemberEvidence = z.object({
  role: RoleEvidence,
  troubles: z.array(Trouble),
  /** What the last look at the shared directory found, by name; null before the first. */
  storage: z.nullable(
    z.object({
      code: z.string(),
      sentence: z.string(),
      next: z.string(),
      /** The last late write under the present lease; null: none was seen. */
      lateWrite: z.nullable(z.object({ seen: z.string(), agoMs: z.number() })),
      /** Of a copied directory: how its copying stands, in sentences. */
      copy: z.optional(z.array(z.string())),
    }),
  ),
  /**
   * `comparison`: how the queues went on when this member took over; null: it did not, or nothing was left to compare.
   * `returned`: the same seen from a member that was Active before the present one.
   */
  ledger: z.object({
    ...LedgerEvidence,
    comparison: z.nullable(z.object(Comparison)),
    returned: z.nullable(z.object(Comparison)),
  }),
});
export type MemberEvidence = z.infer<typeof MemberEvidence>;

/** The newest ledger that a member has, of its own engine or from its peer, component by component. */
const PresentLedger = z.object({
  ...LedgerSummary.shape,
  /** Since its counts were read; null: by the clock of another server, see `wallTime`. */
  agoMs: z.nullable(z.number()),
  /** For a sealed one: how long before the seal its counts were read, while the engine still ran. */
  readBeforeSealMs: z.nullable(z.number()),
  /** How many components there are; `entries` has those first that most wait at, and not all of very many. */
  total: z.int(),
  entries: z.array(LedgerEntry),
});
export type PresentLedger = z.infer<typeof PresentLedger>;

const Capability = z.object({
  call: z.string(),
  documented: z.boolean(),
  /** Null: not known yet. */
  present: z.nullable(z.boolean()),
  /** Names of the fields of its answer, never their values; or why there is none. */
  shape: z.string(),
});

/** Where one queue stood: `null` fields were not told by the engine. */
const QueueStand = z.object({
  on: z.nullable(z.boolean()),
  queued: z.nullable(z.number()),
  position: z.nullable(z.number()),
  lastNumber: z.nullable(z.number()),
  /** Of the last message, as the engine tells them; absent: an agent of an earlier release. */
  lastMessageId: z.optional(z.nullable(z.string())),
  lastActivity: z.optional(z.nullable(z.string())),
});

const LedgerRow = z.object({
  name: z.string(),
  verdict: QueueVerdict,
  /** positions: by the numbers of messages · counts: only fits how many wait · none: nothing to go by. */
  shownBy: z.enum(['positions', 'counts', 'none']),
  sentence: z.string(),
  before: z.nullable(QueueStand),
  after: z.nullable(QueueStand),
});
export type LedgerRow = z.infer<typeof LedgerRow>;

const LedgerTable = z.object({
  ...Comparison,
  /** How many queues there are; `rows` has the worst of them first, and not all when there are very many. */
  total: z.int(),
  rows: z.array(LedgerRow),
});
export type LedgerTable = z.infer<typeof LedgerTable>;

/** Answer of `/v1/evidence`: the same with everything behind it. */
export const EvidenceReport = z.object({
  cluster: z.string(),
  server: z.string(),
  wallTime: z.string(),
  role: RoleEvidence,
  troubles: z.array(Trouble),
  capabilities: z.array(Capability),
  storage: MemberEvidence.shape.storage,
  ledger: z.object({
    ...LedgerEvidence,
    /** Null: there is none yet; absent: an agent of an earlier release. */
    present: z.optional(z.nullable(PresentLedger)),
    comparison: z.nullable(LedgerTable),
    returned: z.nullable(LedgerTable),
  }),
  /** What its rules would decide if something happened; absent: an agent of an earlier release. */
  rehearsal: z.optional(
    z.array(z.object({ event: z.string(), ruleId: z.string(), sentence: z.string(), acts: z.boolean() })),
  ),
});
export type EvidenceReport = z.infer<typeof EvidenceReport>;
