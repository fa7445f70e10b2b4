import type { SecondPersonSaid } from '../second-person/scope.ts';
import type { Blocker, ObservedRole } from '../agent-api/member-snapshot.ts';
import type { CopyState } from '../copying/copy-state.ts';
import type { FenceStatement } from '../lease/forced.ts';
import type { Period } from '../lease/period.ts';
import type { MemberMode } from '../site/member-config.ts';
import type { TimingPolicy } from '../lease/timing.ts';

/** A fact is a value or `null` for unknown, with its age. Unknown is never read as fine or as down. */
export interface Fact<Value> {
  readonly value: Value | null;
  readonly ageMs: number;
  readonly why?: string | undefined;
}

export type EngineProcess = 'running' | 'stopped' | 'starting' | 'stopping';

/** Whether the whole server shuts down. `asked`: the engine has ended and the service manager is being asked why. */
export type ServerStops = 'no' | 'asked' | 'yes';

/** A change that this member works on, as its durable state keeps it. */
export interface OwnOperation {
  readonly id: string;
  /** `failover` and `force-takeover`: a person has asked this member to take over; all others hand over to the peer. */
  readonly kind: 'switchover' | 'handover' | 'failback' | 'failover' | 'force-takeover';
  readonly to: string;
  readonly epoch: number;
  readonly requestedBy: string;
  readonly reason: string;
  /** For a forced takeover: what the person has stated about the other server. */
  readonly statement?: FenceStatement | undefined;
  /** For a forced takeover: also while the lease store does not answer. */
  readonly withoutStore?: boolean | undefined;
}

/** Forced takeovers as this member knows them; see docs/failover.md. */
export interface ForcedFacts {
  /** It is Active without a lease, at a person's word. `sinceMs` null: since before this agent was started. */
  readonly livesOn: { readonly by: string; readonly sinceMs: number | null } | null;
  /** It ran so when its engine stopped, or before this agent was started: that word alone starts nothing any more. */
  readonly lapsed: boolean;
  /** The other server must stay off, or cut off, until a person re-admits it. */
  readonly fence: { readonly statement: FenceStatement; readonly by: string; readonly at: string } | null;
  /**
   * A person has let the other member go on without this one, by a forced takeover or a new store: it is never Active
   * until a person re-admits it.
   */
  readonly expelled: { readonly epoch: number; readonly by: string } | null;
}

/** How the peer's answer to the question for a promise stands. */
export type PromiseQuestionState =
  | 'waiting'
  /** It reaches the lease store itself: there is no need to live without a lease. */
  | 'store-reached'
  /** Its agent belongs to a release that knows no peer mode. */
  | 'not-understood'
  | { readonly refused: string };

/** Peer mode as this member knows it; see docs/failover.md. */
export interface PeerModeFacts {
  /** It is Active without a lease, on the peer's promise. `sinceMs` null: since before this agent was started. */
  readonly livesOn: { readonly period: Period; readonly sinceMs: number | null } | null;
  /** It lived on a promise when its engine stopped: that promise alone starts nothing. */
  readonly lapsed: boolean;
  /** The promise that it has given to the peer and that still stands: it asks for no lease. */
  readonly given: { readonly period: Period; readonly sinceMs: number | null } | null;
  /** Null: the peer is not asked for a promise now. */
  readonly question: PromiseQuestionState | null;
}

/** A directory that the Active copies to the Passive, as this member knows it; see docs/copied-storage.md. */
export interface CopiedFacts {
  /** What lies here; null: not told yet. */
  readonly state: CopyState | null;
  /** No takeover is begun by rule with a copy that lags more. */
  readonly lagLimitMs: number;
  /** While it is Active: since when the reading of the last complete copy began; null: none since this agent started. */
  readonly lagMs: number | null;
  /** Why the last attempt did not arrive; null: it did, or none was made yet. */
  readonly failure: string | null;
}

/** Everything the rules may look at: plain data, gathered by probes, with one `nowMs` of the boot-time clock. */
export interface MemberFacts {
  readonly nowMs: number;
  readonly timing: TimingPolicy;
  readonly self: {
    readonly server: string;
    readonly name: string;
    readonly preferred: boolean;
    /** The site says that it never becomes Active. */
    readonly mustNot: boolean;
    /** It only looks, or takes over the engine that runs already; absent: it is armed. */
    readonly mode?: MemberMode;
  };
  readonly peer: {
    readonly server: string;
    readonly name: string;
    /** Beats are answered. */
    readonly reachable: boolean;
    /** It has given a sign of life lately, if only by beats of its own: what it tells of itself is known then. */
    readonly heard: boolean;
    readonly role: ObservedRole | null;
    readonly epoch: number | null;
    readonly engineRunning: boolean | null;
    /** Its own reasons why it could not take over; null: not known. */
    readonly blockers: readonly Blocker[] | null;
    readonly preferred: boolean;
    /** For how long it has been fit without a break, as far as it was heard; 0: it is not. */
    readonly fitForMs: number;
    /** It has taken over by force, under this epoch, without the lease store if that has not granted one since. */
    readonly forced: { readonly epoch: number; readonly by: string; readonly withoutStore: boolean } | null;
    /** It lives on a promise of this member, or waits for one; null: not known. */
    readonly onPromise: boolean | null;
    /** An operation of the peer that names this member as its target. */
    readonly operationToUs: string | null;
  };
  readonly memory: {
    /** Why the durable state cannot be trusted; null: it can. */
    readonly damaged: string | null;
    /** It belongs to another member or machine, and no person has re-admitted this one yet. */
    readonly needsPerson: boolean;
    /** What is damaged is that it has none, although the cluster has been Active before. */
    readonly missing: boolean;
    readonly epoch: number;
    readonly ended: number;
    /** Why nothing can be written to the durable state now; null: the last write worked. */
    readonly unwritable: string | null;
  };
  readonly lease: {
    /** It may be Active: by a lease, by the peer's promise while the store is lost, or at a person's word. */
    readonly held: boolean;
    readonly leftMs: number;
    /** By the store's last answer; null: the store has never answered. */
    readonly holder: string | null;
    readonly storeEpoch: number | null;
    readonly reservedFor: string | null;
    readonly freeInMs: number | null;
    readonly storeReachable: boolean;
    readonly answeredMs: number | null;
    /** Why the store cannot be used, as a sentence; null: it can. */
    readonly trouble: string | null;
    /** Automatic failover is blocked, by rule or by a person, for as long as the store says; null: it is not. */
    readonly block: { readonly why: string; readonly by: string; readonly leftMs: number } | null;
    readonly maintenance: { readonly reason: string; readonly by: string; readonly leftMs: number } | null;
    /** A maintenance has just ended, and no renewal was sent since: the lease is proven before anything is started. */
    readonly unprovenSinceMaintenance: boolean;
    /** Version of the store's policy, as last heard; null: not heard, or a store of an earlier release. */
    readonly policyVersion: number | null;
    /** What waits for a second person by the store's last answer; absent: it has said nothing about it. */
    readonly secondPerson?: SecondPersonSaid;
    /** Who held the lease last, also after its release. */
    readonly lastHolder: string | null;
    /** The epoch that the store answers with, when it is below our own: it has lost its memory. */
    readonly behind: number | null;
    /** For how long renewals have come through the peer only; null: they come directly. */
    readonly throughPeerMs: number | null;
    /** The store still has to confirm a release of this epoch. */
    readonly releasing: boolean;
    /** How long ago the store accepted the last grant or renewal, whoever's; null: none since it was started. */
    readonly storeRenewedMs: number | null;
    /** The last forced takeover that the store knows of. */
    readonly storeForced: { readonly epoch: number; readonly by: string; readonly alone: boolean } | null;
  };
  readonly forced: ForcedFacts;
  readonly peerMode: PeerModeFacts;
  /** A guard file found by a restarted agent: what is left of it, and the stop that it must start. */
  readonly inherited: { readonly epoch: number; readonly stopInMs: number } | null;
  readonly engine: {
    readonly process: Fact<EngineProcess>;
    /** The API answers as an engine does. */
    readonly api: Fact<boolean>;
    /** Since the API last answered as it should; 0 while it does. */
    readonly apiSilentMs: number;
    /** For how long the running engine's API is silent, also when it has never answered; 0 while it answers. */
    readonly apiAwaitedMs: number;
    readonly components: Fact<{ readonly on: number; readonly total: number }>;
    readonly pollers: Fact<{ readonly on: number; readonly total: number }>;
    /** Epoch under which this agent started it; null: not started by this agent in its present lease. */
    readonly startedEpoch: number | null;
    /** Its pollers were started under the present lease: what is off now was switched off by a person. */
    readonly pollersStarted: boolean;
    /** Times it died under the present lease within the window. */
    readonly crashes: number;
    /** What beside its unit holds its ports or its journal, as seen by two looks in a row; null: nothing seen. */
    readonly outsider: string | null;
    /** Components that are on, have messages waiting and do not move; null: none seen. */
    readonly notProcessing: string | null;
  };
  readonly guards: { readonly beating: number; readonly allSilent: boolean };
  readonly storage: {
    /** Identity and access proven for the present lease (Active) or read lately (Passive). */
    readonly proven: Fact<boolean>;
    readonly provenEpoch: number | null;
    readonly generation: Fact<number>;
    /** Somebody wrote there under an older generation lately; null: nobody was seen. */
    readonly lateWrite: { readonly seen: string; readonly agoMs: number } | null;
    /** The generation found there by the last look, where it is above the own epoch: another member has it now. */
    readonly newerGeneration: number | null;
    /** The epoch found there, where neither this member nor the lease store that was asked since know of it. */
    readonly aheadOfStore: number | null;
    /** Absent: a shared directory. */
    readonly copied?: CopiedFacts;
  };
  /** The epoch whose queue ledger this member has sealed; null: none. */
  readonly ledgerSealedEpoch: number | null;
  readonly serving: boolean;
  /** The engine is being stopped beside the rules, because its lease runs out or is lost. */
  readonly emergency: boolean;
  readonly serverStops: ServerStops;
  /** Everything was looked at once since this agent started. */
  readonly observedOnce: boolean;
  /** The same without the lease store, which may never have answered. */
  readonly lookedOnce: boolean;
  /** For how long neither the lease store nor the peer has been heard. */
  readonly nobodyHeardMs: number;
  /** How long the store has called the lease free without anybody taking it. */
  readonly freeForMs: number;
  /** This member must not acquire before; 0: it may. */
  readonly acquireWaitMs: number;
  /** It waits because it could not serve and has given its lease up, not because that ended uncleanly. */
  readonly standsBack: boolean;
  /** Fit for so long, the preferred peer gets the cluster back; null: not by itself. */
  readonly failbackAfterMs: number | null;
  /** This member became Active by a failover that nobody had asked for. */
  readonly tookOverByRule: boolean;
  readonly localRestarts: number;
  readonly operation: OwnOperation | null;
  /** Failures of a step under the present lease, and how long ago the last one was. */
  readonly failures: Readonly<Partial<Record<StepKind, StepFailures>>>;
}

/** How often a step has failed in a row, since when, how long ago the last one was, and why. */
export interface StepFailures {
  readonly count: number;
  readonly forMs: number;
  readonly agoMs: number;
  readonly why: string;
}

/** What a member can do. Each kind has exactly one executor; one without does not compile. */
export const stepKinds = [
  'acquire',
  'force',
  'prove-storage',
  'write-generation',
  'start-engine',
  'start-components',
  'start-pollers',
  'open-active',
  'drain',
  'stop-pollers',
  'stop-engine',
  'kill-engine',
  'seal-ledger',
  'copy-last',
  'end-epoch',
  'release',
  'restart-guards',
  'begin-failback',
  'rebuild-state',
  'adopt-engine',
] as const;
export type StepKind = (typeof stepKinds)[number];

/** One step with what it needs to know. `epoch` travels with every command. */
export interface Step {
  readonly kind: StepKind;
  readonly epoch: number;
  /** For `acquire`: a person has asked for this move. */
  readonly planned?: boolean;
  /** For `force`: without the lease store. */
  readonly alone?: boolean;
  /** For `release`: who may take over first. */
  readonly reservedFor?: string | null;
  /** For `end-epoch`: this member could not serve and lets everybody else try for T before it acquires again. */
  readonly standsBack?: boolean;
}
