import type { ForcedLife } from '../../agent/member/forced-life.ts';
import type { MaintenanceKeeper } from '../../agent/member/maintenance-keeper.ts';
import type { MemberMemory, MemoryFile, StoredOperation } from '../../agent/member/member-memory.ts';
import type { ChangeTracker } from '../../agent/member/change-tracker.ts';
import type { PeerStatus } from '../../agent/member/peer-link.ts';
import type { LeaseAnswer, LeaseRequest } from '../../shared/agent-api/lease-frames.ts';
import type { RoleChange } from '../../shared/failover/describe-states.ts';
import type { MemberFacts, StepKind } from '../../shared/failover/member-facts.ts';
import type { HolderEffect, HolderState, prepareRequest } from '../../shared/lease/holder.ts';
import type { ForcedAlone } from '../../shared/lease/forced.ts';
import type { StoreState } from '../../shared/lease/store.ts';
import type { MemberMode } from '../../shared/site/member-config.ts';
import { timingPresets } from '../../shared/lease/timing.ts';

export const turnMs = 100;
export const timing = timingPresets.fast;
export const names = ['north', 'south'] as const;
export type Name = (typeof names)[number];
export const otherOf = (name: Name): Name => (name === 'north' ? 'south' : 'north');

/** What a member has on its server; `disk` survives everything, `run` everything but the power. */
export interface WorldServer {
  readonly name: Name;
  disk: {
    epoch: number;
    ended: number;
    storeId: string | null;
    operation: StoredOperation | null;
    tookOver?: 'by-rule' | 'asked' | undefined;
    forced?: MemberMemory['forced'];
    expelled?: MemberMemory['expelled'];
    maintenance?: MemberMemory['maintenance'];
  };
  run: {
    deadline: { readonly epoch: number; readonly atMs: number } | null;
    mark: { readonly epoch: number; readonly pollersStarted: boolean } | null;
    sealed: number | null;
  };
  engine: { running: boolean; listeners: boolean; pollers: boolean };
  /** Absent: armed. */
  mode?: MemberMode | undefined;
  /** Its guards run. */
  guarded: boolean;
  agent: AgentState | null;
  backAtMs: number;
  /** Facts that a scenario sets by hand, over those that are found. */
  readonly told: Map<string, unknown>;
  /** Steps that fail for a scenario, with why. */
  readonly failing: Map<string, string>;
}

export interface Site {
  readonly failbackAfterMs?: number | undefined;
  readonly localRestarts?: number | undefined;
  /** An engine runs there that nobody of this site has started: both members only observe, no guard runs. */
  readonly adopts?: Name | undefined;
}

/** What an agent sees of its world. */
export interface WorldState {
  readonly nowMs: number;
  readonly site: Site;
  readonly servers: Readonly<Record<Name, WorldServer>>;
  store: StoreState;
  generation: number;
  /** Since when the storage carries it. */
  generationSinceMs: number;
  readonly ends: string[];
  readonly roles: RoleChange[];
  readonly onEffect: (server: Name, effect: string) => void;
  ageMs(): number;
  heard(what: 'store' | 'link'): boolean;
  note(server: Name, sentence: string): void;
}

/** What an agent remembers while it runs, and what its steps may do with it. */
export interface AgentState {
  readonly world: WorldState;
  readonly server: WorldServer;
  readonly memory: MemoryFile;
  readonly changes: ChangeTracker;
  readonly forced: ForcedLife;
  readonly maintenance: MaintenanceKeeper;
  readonly holder: HolderState;
  readonly feeding: boolean;
  readonly found: { readonly epoch: number; readonly atMs: number } | null;
  readonly startedMs: number;
  readonly lookedMs: number;
  readonly facts: MemberFacts | null;
  readonly busy: boolean;
  readonly peerFitSinceMs: number | null;
  readonly failures: Map<StepKind, { count: number; sinceMs: number; atMs: number; why: string }>;
  status: { readonly told: PeerStatus; readonly atMs: number } | null;
  serving: boolean;
  startedEpoch: number | null;
  pollersStarted: boolean;
  provenEpoch: number | null;
  generation: number | null;
  crashes: number[];
  acquireNotBeforeMs: number;
  standsBack: boolean;
  freeSinceMs: number | null;
  turn(): void;
  leaseHeld(): boolean;
  inheritedStopMs(): number;
  answersActive(): boolean;
  /** Asks the store; null: it is not heard, or may not be asked. */
  ask(body: Parameters<typeof prepareRequest>[2]): LeaseRequest | null;
  takeIn(answer: LeaseAnswer): { readonly refused: string | null; readonly effects: readonly HolderEffect[] };
  arm(): boolean;
  rememberAnew(): void;
  forceAlone(forced: ForcedAlone): void;
  stopForGood(why: string): void;
  answer(request: LeaseRequest): { readonly refused: string | null };
  tell(sentence: string): void;
  disarm(): void;
  stopEngine(): void;
  endEpoch(epoch: number): void;
}
