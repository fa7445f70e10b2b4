import * as z from 'zod/mini';
import { ProductError } from '../errors.ts';
import { fenceStatements } from '../lease/forced.ts';
import { MoveWindow, ScheduledVerb } from '../scheduling/scheduled-move.ts';
import { SecondPersonScope } from '../second-person/scope.ts';
import { JournalRecord } from './journal-record.ts';
import { AgentSnapshot, Blocker } from './member-snapshot.ts';

/** Version of this contract. Two sides speak when their majors are equal; fields may be added in a minor. */
export const agentApiVersion = '1.1';

/** Upper bounds that every agent enforces, so that no caller can exhaust it. */
export const agentApiLimits = {
  bodyBytes: 64 * 1024,
  frameBytes: 64 * 1024,
  journalPage: 500,
  connections: 64,
  requestsPerSecond: 50,
  headersTimeoutMs: 5_000,
  /** TLS handshake of an accepted connection. */
  handshakeMs: 5_000,
  /** Open WebSockets are pinged this often; one that is silent for `socketSilentMs` is ended. */
  socketPingMs: 10_000,
  socketSilentMs: 25_000,
} as const;

/**
 * HTTPS paths of an agent (mutual TLS; identity from the certificate). WebSockets: `/v1/stream`
 * (server → client `StreamFrame`s, `?from=<seq>` for the journal), `/v1/peer` (PeerFrame, member of the
 * same cluster only), `/v1/lease` (LeaseRequest/LeaseAnswer, witness only, members only).
 */
export const agentPaths = {
  status: '/v1/status',
  /** A member's `EvidenceReport`: what stands behind its state, with the lists that are too long for every snapshot. */
  evidence: '/v1/evidence',
  /** An `EngineLogAnswer`, `?epoch=<N>`: the engine's own message logs around the beginning of that epoch. */
  engineLog: '/v1/engine-log',
  journal: '/v1/journal',
  commands: '/v1/commands',
  /** POST of a `RevocationOffer`: who has the newer revocation list hands it to the other. */
  revocations: '/v1/revocations',
  /** POST of a `NotifyTestOrder`: a test message to each target, answered with what became of it. */
  notifyTest: '/v1/notifications/test',
  /** POST of `NotificationSecrets`, for administrators: they replace those that the member had. */
  notifySecrets: '/v1/notifications/secrets',
  /** POST of a `SecretsOrder`, for administrators: the secrets of one target, those of the others stay. */
  notifySecret: '/v1/notifications/secret',
  /** POST of an `AcknowledgeOrder`: a person knows of an alarm, and nobody is told of it again until it changes. */
  acknowledge: '/v1/alarms/acknowledge',
  /** The signed `SiteConfiguration` that this server carries, for whoever may look: a `SiteConfigurationAnswer`. */
  siteConfiguration: '/v1/site-configuration',
  metrics: '/metrics',
  stream: '/v1/stream',
  peer: '/v1/peer',
  lease: '/v1/lease',
  /** The same for a member whose stream its peer relays, so that either connection stands beside the other. */
  leaseThroughPeer: '/v1/lease/through-peer',
  /** Not a WebSocket: an upgrade to a raw stream, relayed to the lease store. The peer of the same cluster only. */
  relay: '/v1/relay',
} as const;

/**
 * Moves that a person asks for, followed to their end. All are asked of the Active's agent, `failover` of the member
 * that shall take over while nobody holds the lease.
 */
export const moveVerbs = ['switchover', 'handover', 'failback', 'failover'] as const;
export type MoveVerb = (typeof moveVerbs)[number];
/** Changes of what the agents do by themselves: asked of either member, done once the lease store has them. */
export const policyVerbs = ['maintenance', 'end-maintenance', 'block-failover', 'allow-failover'] as const;
export type PolicyVerb = (typeof policyVerbs)[number];
/** A person takes a member back whose state belongs to another machine: asked of that member's agent. */
export const readmitVerb = 'readmit';
/** A person has a member take over although nobody can tell that the other one is down: asked of that member's agent. */
export const forceVerb = 'force-takeover';
/** A person has a lost lease store replaced by an empty one: asked of either member's agent. */
export const replaceStoreVerb = 'replace-store';
/** Another lease store takes the place of one that works: asked of the Active's agent. */
export const retireStoreVerb = 'retire-store';
/** A retired lease store is used again, while both members still belong to it: asked of either member's agent. */
export const reinstateStoreVerb = 'reinstate-store';
/** Something small fails on purpose, for a drill: asked of the member that it shall happen to. */
export const rehearseVerb = 'rehearse';
/** A move at a time of its own, which the Active keeps and asks for itself: asked of the Active's agent. */
export const scheduleVerb = 'schedule';
/** Such a move is called off: asked of the agent that keeps it. */
export const cancelScheduleVerb = 'cancel-schedule';
/** Which changes wait for a second person from now on: asked of either member, done once the lease store has it. */
export const secondPersonVerb = 'second-person';
/** What a person says of a change that waits for a second person: asked of the agent that keeps it. */
export const requestVerbs = ['agree', 'decline', 'withdraw'] as const;
export type RequestVerb = (typeof requestVerbs)[number];
export const rehearsals = ['restart-guard', 'kill-engine', 'cut-store', 'cut-off'] as const;
export type Rehearsal = (typeof rehearsals)[number];
/** A way that was cut for a drill comes back after so many seconds at the latest. */
export const longestCut = 300;
/** What an operator must not ask for: a mistake here can make two engines, or happens when nobody looks. */
export const adminVerbs: readonly string[] = [
  forceVerb,
  readmitVerb,
  replaceStoreVerb,
  retireStoreVerb,
  reinstateStoreVerb,
  scheduleVerb,
  secondPersonVerb,
];
/** Those that end by themselves and must say when. */
export const timedVerbs: readonly string[] = ['maintenance', 'block-failover'];

/** A change asked of an agent. `idempotencyKey` makes a repeat harmless. */
export const Command = z.strictObject({
  verb: z.enum([
    ...moveVerbs,
    ...policyVerbs,
    readmitVerb,
    forceVerb,
    replaceStoreVerb,
    retireStoreVerb,
    reinstateStoreVerb,
    rehearseVerb,
    scheduleVerb,
    cancelScheduleVerb,
    secondPersonVerb,
    ...requestVerbs,
  ]),
  cluster: z.string(),
  /** Server id of the member that shall become Active; null: the other one. */
  target: z.nullable(z.string()),
  /** The epoch the asker saw; another one refuses the command. */
  epoch: z.int(),
  idempotencyKey: z.string().check(z.minLength(8), z.maxLength(64)),
  reason: z.string().check(z.maxLength(500)),
  /** For maintenance and blocked failover: how long, a day at most. */
  minutes: z.optional(z.number().check(z.positive(), z.maximum(24 * 60))),
  /** For a forced takeover: what the person states about the other server. It must last until that is re-admitted. */
  statement: z.optional(z.enum(fenceStatements)),
  /** For a forced takeover: the cluster's name, as the person has typed it. */
  typedName: z.optional(z.string().check(z.maxLength(200))),
  /** For a forced takeover: also without the lease store, which the person has seen not to answer. */
  withoutStore: z.optional(z.boolean()),
  /** For a lease store that is retired: what takes its place, as people call it. */
  successor: z.optional(z.string().check(z.maxLength(500))),
  /** For a rehearsal: what shall fail. */
  rehearsal: z.optional(z.enum(rehearsals)),
  /** For a rehearsal that cuts a way: after how many seconds the agent gives it back. */
  cutSeconds: z.optional(z.int().check(z.minimum(1), z.maximum(longestCut))),
  /** For a scheduled move: which one, and when. */
  move: z.optional(ScheduledVerb),
  window: z.optional(MoveWindow),
  /** For one that is called off: its id as the asker saw it. */
  schedule: z.optional(z.string().check(z.maxLength(64))),
  /** For second persons: what shall wait for one. */
  scope: z.optional(SecondPersonScope),
  /** For a request that is agreed to, declined or withdrawn: its id as the person saw it. */
  request: z.optional(z.string().check(z.maxLength(64))),
  /** On a server: who the administrator there says to be. A console has its name in its certificate. */
  administrator: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
});
export type Command = z.infer<typeof Command>;

export const CommandAnswer = z.discriminatedUnion('accepted', [
  z.object({ accepted: z.literal(true), operation: z.string() }),
  z.object({
    accepted: z.literal(false),
    error: ProductError,
    blockers: z.array(Blocker),
    /** Not refused: it is kept as this request, and waits for a second person. */
    waits: z.optional(z.object({ request: z.string(), until: z.string() })),
  }),
]);
export type CommandAnswer = z.infer<typeof CommandAnswer>;

export const JournalPage = z.object({
  records: z.array(JournalRecord),
  next: z.int(),
  chainBroken: z.boolean(),
});
export type JournalPage = z.infer<typeof JournalPage>;

export const StreamFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), snapshot: AgentSnapshot }),
  z.object({ type: z.literal('journal'), records: z.array(JournalRecord) }),
]);
export type StreamFrame = z.infer<typeof StreamFrame>;
