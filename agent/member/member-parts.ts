import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { Clock, Timers } from '../../shared/clock.ts';
import type {
  EngineProcess,
  Fact,
  MemberFacts,
  ServerStops,
  StepKind,
} from '../../shared/failover/member-facts.ts';
import type { Person } from '../../shared/second-person/person.ts';
import type { SecondPersonSaid } from '../../shared/second-person/scope.ts';
import type { SecondPersonTold, ToldRequest } from '../../shared/second-person/told-request.ts';
import type { ScheduledMove } from '../../shared/scheduling/scheduled-move.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { HeldChecks } from '../api/held-checks.ts';
import type { RehearsedCuts } from '../api/rehearsed-cuts.ts';
import type { EngineComponents } from '../engines/engine-adapter.ts';
import type { CopyKeeper } from '../copying/copy-keeper.ts';
import type { LedgerKeeper } from '../ledger/ledger-keeper.ts';
import type { OccupancyLook } from '../probes/engine-occupancy.ts';
import type { Probe } from '../probes/probe.ts';
import type { StorageLook } from '../storage/shared-directory.ts';
import type { CutKeeper } from './cut-keeper.ts';
import type { MaintenanceKeeper } from './maintenance-keeper.ts';
import type { MountKeeper } from './mount-keeper.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { MemberGround } from './member-ground.ts';
import type { PeerLink } from './peer-link.ts';

/** One emergency stop, told from another by being another object. */
export interface EmergencyStop {
  readonly how: 'stop' | 'kill';
}

/** What the running agent remembers beside its durable state; lost with the process, found again by looking. */
export interface MemberRuntime {
  /** When this agent was started, on the boot-time clock. */
  readonly startedMs: number;
  /** `/active` answers 200 while this is set and the lease is ours. */
  serving: boolean;
  /** Epoch under which this agent started (or adopted) the engine. */
  startedEpoch: number | null;
  /** Since when the engine's process has run by the last look, on the boot-time clock; null: it did not. */
  engineSinceMs: number | null;
  /** The life of the engine that this restarted agent took over, until it is seen to be that one; null: nothing to see. */
  adoptedLife: string | null;
  /** The pollers of the running engine were started, or found started. */
  pollersStarted: boolean;
  /** Boot times of deaths of the engine under the present lease. */
  crashes: number[];
  provenEpoch: number | null;
  /** When; on the boot-time clock. */
  provenAtMs: number;
  /** Who held the lease that is being asked for; null: nobody, or this member itself. */
  takesFrom: string | null;
  generation: Fact<number>;
  failures: Map<StepKind, { count: number; sinceMs: number; atMs: number; why: string }>;
  acquireNotBeforeMs: number;
  /** That wait is there because it could not serve. */
  standsBack: boolean;
  runningStep: { kind: StepKind; startedMs: number } | null;
  /** The emergency stop that is under way; null: there is none. */
  emergency: EmergencyStop | null;
  /** Whether this whole server shuts down, as the service manager said when the engine had ended. */
  serverStops: ServerStops;
  /** `/active` questions answered 503 since the last drain began. */
  refusedAsks: number;
  startBeganMs: number | null;
  lastStartMs: number | null;
  lastStopMs: number | null;
  /** When the engine's API last answered as it should; null: not since its start. */
  apiAnsweredMs: number | null;
  /** Who has re-admitted this member although its state belongs to another one; null: nobody. */
  readmittedBy: string | null;
  /** Since when the peer has been fit without a break; null: it is not. */
  peerFitSinceMs: number | null;
  /** What beside the engine's unit held its ports or its journal, by the last look that worked; null: nothing. */
  outsider: string | null;
  /** When the peer answered last, as it was told; null: it was not heard yet. */
  peerAnsweredAtMs: number | null;
  /** The journal says that it does not answer. */
  peerSilent: boolean;
  /** When its silences were told lately. */
  peerSilencesMs: readonly number[];
  /** State of engine and role in which the last look for holders was asked for. */
  occupancyLookedIn: string;
  /** The last late write seen since this member raised the generation; null: none. */
  lateWrite: { readonly seen: string; readonly atMs: number } | null;
  /** Kills by a guard that the journal has told already. */
  toldKills: Set<string>;
}

export interface MemberProbes {
  readonly process: Probe<{ readonly process: EngineProcess; readonly runningMs: number | null }>;
  readonly engine: Probe<EngineComponents>;
  readonly storage: Probe<StorageLook>;
  readonly occupancy: Probe<OccupancyLook>;
}

/** What keeps a move for a time of its own: see `ScheduleKeeper`. */
export interface KeptSchedule {
  move(): ScheduledMove | null;
  refusal(facts: MemberFacts, command: Command): CommandAnswer | null;
  accept(facts: MemberFacts, command: Command, person: string): CommandAnswer;
  turn(facts: MemberFacts): boolean;
}

/** What keeps changes that wait for a second person: see `RequestKeeper`. */
export interface KeptRequests {
  told(facts: MemberFacts): SecondPersonTold;
  /** What waits here, for the peer to tell of; undefined: nothing. */
  announced(): ToldRequest | undefined;
  turn(facts: MemberFacts): boolean;
  /** What was last heard of a lease store about it, also across restarts; null: nothing. */
  kept(): SecondPersonSaid | null;
  hold(facts: MemberFacts, command: Command, who: Person): CommandAnswer | null;
  decide(facts: MemberFacts, command: Command, second: SecondPerson, act: CarryOut): Promise<CommandAnswer>;
}

/** Who decides, and whether that one may ask for a verb at all. */
export interface SecondPerson {
  readonly who: Person;
  mayAsk(verb: Command['verb']): boolean;
}

/** Judges a command anew and begins it, under the names that its journal lines shall have. */
export type CarryOut = (command: Command, requestedBy: string) => Promise<CommandAnswer>;

/** Everything a member is made of, wired at the composition root. */
export interface MemberParts extends MemberGround {
  readonly config: MemberConfig;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly keeper: LeaseKeeper;
  readonly maintenance: MaintenanceKeeper;
  readonly probes: MemberProbes;
  readonly peer: PeerLink;
  readonly ledger: LedgerKeeper;
  /** Null: the directory is shared. */
  readonly copies: CopyKeeper | null;
  /** Load balancers that wait for another answer. */
  readonly heldChecks: HeldChecks;
  /** Ways that a drill has taken away from this member for a while. */
  readonly cuts: RehearsedCuts;
  /** What was asked of this member for a time of its own. Set once everything else exists. */
  schedule?: KeptSchedule;
  /** What waits for a second person. Set once everything else exists. */
  requests?: KeptRequests;
  /** What cuts the other server off from the storage; absent: nothing does. Set once everything else exists. */
  cutOff?: CutKeeper;
  /** What has the directory mounted while this member is Active; absent: it is mounted all the time. Set likewise. */
  mounts?: MountKeeper;
  readonly runtime: MemberRuntime;
}

export function newRuntime(nowMs: number): MemberRuntime {
  return {
    startedMs: nowMs,
    serving: false,
    startedEpoch: null,
    engineSinceMs: null,
    adoptedLife: null,
    pollersStarted: false,
    crashes: [],
    provenEpoch: null,
    provenAtMs: 0,
    takesFrom: null,
    generation: { value: null, ageMs: 0, why: 'not looked at yet' },
    failures: new Map(),
    acquireNotBeforeMs: nowMs,
    standsBack: false,
    runningStep: null,
    emergency: null,
    serverStops: 'no',
    refusedAsks: 0,
    startBeganMs: null,
    lastStartMs: null,
    lastStopMs: null,
    apiAnsweredMs: null,
    readmittedBy: null,
    peerFitSinceMs: null,
    outsider: null,
    peerAnsweredAtMs: null,
    peerSilent: false,
    peerSilencesMs: [],
    occupancyLookedIn: '',
    lateWrite: null,
    toldKills: new Set(),
  };
}
