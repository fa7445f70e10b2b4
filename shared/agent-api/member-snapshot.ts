import * as z from 'zod/mini';
import { fenceStatements } from '../lease/forced.ts';
import { MemberMode } from '../site/member-config.ts';
import { TimingPolicy } from '../lease/timing.ts';
import { SecondPersonTold } from '../second-person/told-request.ts';
import { ScheduledMove } from '../scheduling/scheduled-move.ts';
import { ToldAcknowledgement } from '../notifications/acknowledgement.ts';
import { NotificationsTold } from '../notifications/told.ts';
import { MemberEvidence } from './member-evidence.ts';
import { OperationRecord } from './operation-record.ts';
import { PeriodSchema } from './period-schema.ts';

const AgeMs = z.number();

/**
 * A value with its source and its age at the moment the snapshot was made. `value: null` means
 * unknown, and `why` says why. Never rounded to what is expected.
 */
function observed<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.object({
    value: z.nullable(schema),
    why: z.optional(z.string()),
    source: z.string(),
    ageMs: AgeMs,
  });
}
export interface Observed<Value> {
  readonly value: Value | null;
  readonly why?: string | undefined;
  readonly source: string;
  readonly ageMs: number;
}

/** Role as observed. CONFLICT and NONE are states of the cluster, derived from both members. */
export const ObservedRole = z.enum(['active', 'passive', 'taking-over', 'stopping', 'unknown']);
export type ObservedRole = z.infer<typeof ObservedRole>;
export const WantedRole = z.enum(['active', 'passive']);
export type WantedRole = z.infer<typeof WantedRole>;

export const Verdict = z.enum(['act', 'wait', 'ask-admin', 'blocked']);
export type Verdict = z.infer<typeof Verdict>;

/** One fact used by a decision, already worded: `Lease` · `ours, 12.4 s left`. */
export const NamedFact = z.object({
  name: z.string(),
  text: z.string(),
  ageMs: AgeMs,
  ok: z.nullable(z.boolean()),
  /** Who or what says so; absent: an agent of an earlier release. */
  source: z.optional(z.string()),
});
export type NamedFact = z.infer<typeof NamedFact>;

export const Decision = z.object({
  ruleId: z.string(),
  diagnosis: z.string(),
  verdict: Verdict,
  /** The verdict in bold words, such as "ig-north stays Active". */
  headline: z.string(),
  /** The rest of the sentence: why. */
  reason: z.string(),
  /** When this rule first matched without a break. */
  sinceMs: AgeMs,
  /** When it was last confirmed. */
  ageMs: AgeMs,
  facts: z.array(NamedFact),
});
export type Decision = z.infer<typeof Decision>;

export const LeaseFacts = z.object({
  /** held: ours and usable · other: the store names the peer · free · unknown: the store does not answer. */
  state: z.enum(['held', 'other', 'free', 'unknown']),
  /** Highest epoch this member knows durably. */
  epoch: z.int(),
  /** What is left by this member's own clock; 0 when not held. */
  leftMs: z.number(),
  /** Since the last accepted renewal was sent; null when never. */
  renewedMs: z.nullable(AgeMs),
  holder: z.nullable(z.string()),
  reservedFor: z.nullable(z.string()),
  /** By the store's last answer, counted down since; null when unknown. */
  freeInMs: z.nullable(z.number()),
  /** Epoch that the store has answered with last; absent: it has not, or an agent of an earlier release. */
  storeEpoch: z.optional(z.int()),
});

export const StoreFacts = z.object({
  reachable: z.boolean(),
  roundTripMs: z.nullable(z.number()),
  answeredMs: z.nullable(AgeMs),
  storeId: z.nullable(z.string()),
  /** Where this member looks for it, as `storePlace` words it; absent: an agent of an earlier release. */
  place: z.optional(z.string()),
  why: z.optional(z.string()),
  /** Since when renewals have come through the peer, as the direct way is broken; absent: they come directly. */
  throughPeerMs: z.optional(AgeMs),
});

export const EngineFacts = z.object({
  /** The process in its service unit. */
  process: observed(z.enum(['running', 'stopped', 'starting', 'stopping'])),
  /** The engine's API: answers with the expected JSON. */
  api: observed(z.object({ answersInMs: z.number(), version: z.nullable(z.string()) })),
  components: observed(z.object({ on: z.int(), total: z.int(), inError: z.int() })),
  pollers: observed(z.object({ on: z.int(), total: z.int() })),
  queued: observed(z.int()),
  messagesPerSecond: observed(z.number()),
  /** Messages received since the engine's start, as its API counts. */
  received: observed(z.int()),
  /** Engine's own uptime. */
  runningMs: z.nullable(AgeMs),
  /** Measured on this member; null until seen once. */
  lastStartMs: z.nullable(z.number()),
  lastStopMs: z.nullable(z.number()),
});

export const PeerFacts = z.object({
  server: z.string(),
  reachable: z.boolean(),
  /** Since the last beat that was answered. */
  answeredMs: z.nullable(AgeMs),
  roundTripMs: z.nullable(z.number()),
  lossPercent: z.nullable(z.number()),
  role: z.nullable(ObservedRole),
  epoch: z.nullable(z.int()),
  why: z.optional(z.string()),
});

/** From so many deaths of agents within ten minutes on people are told. */
export const endsTold = 3;

export const GuardFacts = z.object({ id: z.string(), beating: z.boolean(), ageMs: z.nullable(AgeMs) });

/** How the copying of a copied directory stands: docs/copied-storage.md. */
export const CopyFacts = z.object({
  /** Only the holder of the lease sends. */
  direction: z.enum(['sends', 'receives']),
  /** The last complete copy that was sent or received; null: none is known. `agoMs`: since its reading began. */
  complete: z.nullable(
    z.object({ epoch: z.int(), agoMs: z.nullable(AgeMs), bytes: z.number(), files: z.number() }),
  ),
  /** How old the data is that the other member, or this Passive, would go on with; null: not known. */
  lagMs: z.nullable(AgeMs),
  lagLimitMs: z.number(),
  /** By how much the directory has grown since, as the last reading found it; null: not known. */
  unsentBytes: z.nullable(z.number()),
  /** Why the last attempt did not arrive. */
  failure: z.nullable(z.object({ code: z.string(), sentence: z.string(), next: z.string() })),
  /** What would be lost if this member took over now; null: it is Active. */
  loss: z.nullable(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('lag'), lagMs: z.number() }),
      z.object({ kind: z.literal('unknown'), why: z.string() }),
    ]),
  ),
});
export type CopyFacts = z.infer<typeof CopyFacts>;

/** How the program stands that cuts the other server off from a shared directory: docs/storage-cut.md. */
export const CutFacts = z.object({
  program: z.string(),
  /** Why it could not be run now; null: it could. */
  trouble: z.nullable(z.string()),
  /** What this member has done about the other server and not undone yet; null: nothing. */
  other: z.nullable(
    z.object({
      name: z.string(),
      epoch: z.int(),
      outcome: z.enum(['under-way', 'cut', 'not-cut']),
      wallTime: z.string(),
      /** What the program said, or why it did not do it. */
      seen: z.string(),
      /** Why the server could not be let in again; null: it was not tried, or not yet in vain. */
      notLetIn: z.nullable(z.string()),
    }),
  ),
});
export type CutFacts = z.infer<typeof CutFacts>;

/** How the mount of a shared directory stands that the agents govern: docs/storage-mount.md. */
export const MountFacts = z.object({
  /** The unit of the service manager. */
  unit: z.string(),
  /** By the kernel's own list; null: it cannot be read. */
  mounted: z.nullable(z.boolean()),
  /** Why it could not be unmounted although this member is not Active; null: nothing is known against it. */
  trouble: z.nullable(z.string()),
});
export type MountFacts = z.infer<typeof MountFacts>;

export const StorageFacts = z.object({
  kind: z.enum(['shared', 'copied']),
  directory: z.string(),
  /** Identity seen, mounted, writable (Active) or readable (Passive). */
  proven: observed(
    z.object({
      tookMs: z.number(),
      usedPercent: z.nullable(z.number()),
      /** Nothing is mounted there, and that is right: the agents mount it for a takeover, and prove it then. */
      unmounted: z.optional(z.literal(true)),
    }),
  ),
  generation: observed(z.int()),
  /** Present where the directory is copied. */
  copy: z.optional(CopyFacts),
  /** Present where a program cuts the other server off. */
  cut: z.optional(CutFacts),
  /** Present where the agents mount the directory on the Active only. */
  mount: z.optional(MountFacts),
});

/** A reason why a command would be refused now, with the way out. */
export const Blocker = z.object({ code: z.string(), reason: z.string(), remedy: z.string() });
export type Blocker = z.infer<typeof Blocker>;

export const AutomaticFailover = z.object({
  state: z.enum(['on', 'off', 'blocked', 'maintenance', 'peer-mode', 'not-known']),
  reason: z.string(),
  untilMs: z.optional(z.number()),
  /** A block in the words of who asked for it; absent: there is none, or an agent of an earlier release. */
  block: z.optional(z.object({ by: z.string(), why: z.string() })),
});

/** A period of peer mode and for how long; null: since before this agent was started. */
const PeriodSince = z.object({ period: PeriodSchema, sinceMs: z.nullable(AgeMs) });

/** What the lease store's loss means for this member: docs/failover.md, "Peer mode". */
export const PeerMode = z.object({
  /** `peer`: it is Active without a lease, on the peer's promise of `livesOn`. */
  mode: z.enum(['lease', 'peer']),
  livesOn: z.nullable(PeriodSince),
  /** The promise that it has given to the peer and that still stands: it takes nothing over. */
  given: z.nullable(PeriodSince),
  /** Why automatic failover is off, as a sentence; null: peer mode is no reason. */
  failoverOff: z.nullable(z.string()),
});
export type PeerMode = z.infer<typeof PeerMode>;

/** Forced takeovers and re-admission as this member knows them: docs/failover.md, "Forced takeover". */
export const ForcedState = z.object({
  /** It is Active without a lease, at this person's word. `sinceMs` null: since before this agent was started. */
  livesOn: z.nullable(z.object({ by: z.string(), sinceMs: z.nullable(AgeMs) })),
  /** The other server must stay fenced like this until it is re-admitted. */
  fence: z.nullable(z.object({ statement: z.enum(fenceStatements), by: z.string(), at: z.string() })),
  /** Why a takeover cannot be forced here now; empty: it can. */
  blockers: z.array(Blocker),
  /** Only a person can let this member take part again; null: it needs nobody's word. */
  readmission: z.nullable(
    z.object({ kind: z.enum(['forced-out', 'foreign-state']), why: z.string(), blockers: z.array(Blocker) }),
  ),
});
export type ForcedState = z.infer<typeof ForcedState>;

/** By the wall clock of that server, which is what others will judge by; absent: an agent of an earlier release. */
const certificate = {
  certificateEndsInMs: z.optional(z.number()),
  /** Present only while the certificate has not begun: that clock is behind. */
  certificateBeginsInMs: z.optional(z.number()),
  /** Number of its revocation list, 0 without one; absent: an agent of an earlier release, which knows none. */
  revocations: z.optional(z.int()),
  /** Present only where its own certificate is in the list: others refuse it. */
  certificateRevoked: z.optional(z.literal(true)),
};

/** What answers where this member's lease store should be, and why a person cannot have it replaced here now. */
export const StoreReplacement = z.object({
  /** working: there is nothing to replace · unseeded: it has no record · other: of another id · behind: an older one. */
  standing: z.enum(['working', 'unseeded', 'other', 'behind', 'silent']),
  blockers: z.array(Blocker),
});
export type StoreReplacement = z.infer<typeof StoreReplacement>;

/** Everything one member knows about itself and its cluster, whole, with a growing revision. */
export const MemberSnapshot = z.object({
  kind: z.literal('member'),
  apiVersion: z.string(),
  productVersion: z.string(),
  siteId: z.string(),
  /** Version of the site document that it works by; absent: an agent of an earlier release. */
  siteVersion: z.optional(z.int()),
  cluster: z.string(),
  server: z.string(),
  serverName: z.string(),
  /** Grows with every change; starts anew with `startId`. */
  revision: z.int(),
  startId: z.string(),
  wallTime: z.string(),
  role: z.object({ observed: ObservedRole, wanted: WantedRole, sinceMs: AgeMs }),
  /** Absent: armed, or an agent of an earlier release, which knows nothing else. */
  mode: z.optional(MemberMode),
  /** Why this member could not be armed now; present while it is not. */
  arming: z.optional(z.object({ blockers: z.array(Blocker) })),
  preferred: z.boolean(),
  timing: TimingPolicy,
  decision: Decision,
  lease: LeaseFacts,
  store: StoreFacts,
  engine: EngineFacts,
  peer: PeerFacts,
  guards: z.array(GuardFacts),
  /** How often agents of this member have died in the last ten minutes; absent: an agent of an earlier release. */
  ownEnds: z.optional(z.int()),
  storage: StorageFacts,
  /** What this member answers on `/active`. */
  activeAnswer: z.enum(['200', '503']),
  automaticFailover: AutomaticFailover,
  /** Absent: an agent of an earlier release, which knows no peer mode. */
  peerMode: z.optional(PeerMode),
  /** Absent: an agent of an earlier release, which cannot be forced. */
  forced: z.optional(ForcedState),
  /** Absent: an agent of an earlier release. */
  replacement: z.optional(StoreReplacement),
  /** Why a switchover from here (when Active) or to here (when Passive) would be refused now; empty: ready. */
  blockers: z.array(Blocker),
  /** What stands behind this state; absent: an agent of an earlier release. */
  evidence: z.optional(MemberEvidence),
  operation: z.nullable(OperationRecord),
  /** The last move that was asked of this member for a time of its own; absent: none, or an agent of an earlier release. */
  schedule: z.optional(ScheduledMove),
  /** What waits for a second person, and what shall; absent: an agent of an earlier release. */
  secondPerson: z.optional(SecondPersonTold),
  lastChange: z.nullable(
    z.object({
      wallTime: z.string(),
      sentence: z.string(),
      ruleId: z.string(),
      epoch: z.int(),
      agoMs: AgeMs,
    }),
  ),
  journalHead: z.int(),
  /** Absent: no notifications are configured, or an agent of an earlier release. */
  notifications: z.optional(NotificationsTold),
  /** Alarms of this member that people know of; absent: an agent of an earlier release. */
  acknowledged: z.optional(z.array(ToldAcknowledgement)),
  ...certificate,
});
export type MemberSnapshot = z.infer<typeof MemberSnapshot>;

/** What the witness says of itself and of every lease it keeps. */
export const WitnessSnapshot = z.object({
  kind: z.literal('witness'),
  apiVersion: z.string(),
  productVersion: z.string(),
  siteId: z.string(),
  server: z.string(),
  revision: z.int(),
  startId: z.string(),
  wallTime: z.string(),
  storeId: z.string(),
  startedMs: AgeMs,
  leases: z.array(
    z.object({
      cluster: z.string(),
      epoch: z.int(),
      holder: z.nullable(z.string()),
      reservedFor: z.nullable(z.string()),
      freeInMs: z.number(),
      renewedMs: z.nullable(AgeMs),
    }),
  ),
  /** Clusters that get nothing because their record cannot be used, each with why. */
  unusable: z.optional(z.array(z.object({ cluster: z.string(), why: z.string() }))),
  ...certificate,
});
export type WitnessSnapshot = z.infer<typeof WitnessSnapshot>;

export const AgentSnapshot = z.discriminatedUnion('kind', [MemberSnapshot, WitnessSnapshot]);
export type AgentSnapshot = z.infer<typeof AgentSnapshot>;
