import type { JournalRecord } from '../agent-api/journal-record.ts';
import type { EngineLogAnswer } from '../agent-api/engine-log.ts';
import type { EvidenceReport } from '../agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { Move } from './moves.ts';
import type { PlannedTimes } from './planned-time.ts';

/** Everything that was collected about one move, whole and immutable. What is null could not be seen; `why` says so. */
export interface MoveEvidence {
  readonly move: Move;
  /** Of this cluster, both members, from before the move on. */
  readonly records: readonly JournalRecord[];
  readonly members: readonly MemberSeen[];
  /** What each member's directory has of the engine's own logs; it stays evidence when the cluster has moved again. */
  readonly logs: readonly LogSeen[];
  readonly store: StoreSeen;
  readonly balancer: BalancerSeen;
  readonly traffic: TrafficSeen;
  readonly configuration: ConfigurationSeen;
  /** What the console itself saw before the move; null: it was not open, or is the command line. */
  readonly earlier: Earlier | null;
  readonly goal: StatedGoal;
  /** Null: which other clusters there are is not known. */
  readonly others: readonly OtherCluster[] | null;
}

export interface MemberSeen {
  readonly server: string;
  readonly name: string;
  /** Present, and of this move: null when it is silent, or when the cluster has moved again since. */
  readonly snapshot: MemberSnapshot | null;
  readonly report: EvidenceReport | null;
  /** Why one of the two is missing. */
  readonly why: string | null;
  /** Null: its journal is here from before the move on, up to now. */
  readonly journalMissing: string | null;
}

export interface LogSeen {
  readonly server: string;
  readonly answer: EngineLogAnswer | null;
  /** Why there is none, as the end of a sentence. */
  readonly why: string | null;
}

export interface StoreSeen {
  /** `the lease store on ig-witness` */
  readonly name: string;
  readonly epoch: number | null;
  readonly holder: string | null;
  readonly renewedMs: number | null;
  readonly why: string | null;
}

export interface BalancerSeen {
  readonly name: string;
  /** Server id that it sends this cluster's senders to, seen from outside. */
  readonly sendsTo: string | null;
  readonly sessions: number | null;
  /** How that was seen, or why it was not. */
  readonly said: string;
}

/** The files of the engine's own configuration on both members, as somebody other than the two has seen them. */
export interface ConfigurationSeen {
  /** Null: nobody has compared them since the move. */
  readonly equal: boolean | null;
  /** How that is known, or why it is not, as a clause. */
  readonly said: string;
}

/** Counters of numbered messages from outside: only a demo, a drill or a test has them. */
export interface TrafficCounts {
  readonly acknowledged: number;
  readonly delivered: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly duplicates: number;
}

export interface TrafficSeen {
  readonly before: TrafficCounts | null;
  readonly after: TrafficCounts | null;
}

export interface Earlier {
  readonly wallTime: string;
  /** Of the engine that was Active. */
  readonly version: string | null;
  readonly components: { readonly on: number; readonly total: number } | null;
  readonly pollers: { readonly on: number; readonly total: number } | null;
  readonly sessions: number | null;
  /** How long it would have been without an Active, as computed then. */
  readonly plan: PlannedTimes;
}

/** The recovery time that the site wants. */
export interface StatedGoal {
  readonly seconds: number | null;
  /** Where there is none: whether that is known. */
  readonly isKnown: boolean;
  /** Why there is none, as a clause. */
  readonly said: string;
}

export interface OtherCluster {
  readonly cluster: string;
  /** Its steps and changes of role between the beginning of the move and its end. */
  readonly changes: readonly JournalRecord[];
  /** Name of the member that is Active now; null: none is seen. */
  readonly active: string | null;
  /** Null: both its journals are here for that time. */
  readonly missing: string | null;
}

/** The member that is expected to be Active after the move. */
export function activeOf({ members, move }: MoveEvidence): MemberSeen {
  return memberOf(members, move.active);
}

/** The member that is expected to be Passive. */
export function otherOf({ members, move }: MoveEvidence): MemberSeen {
  return memberOf(members, move.other);
}

/** The member that was Active before; the expected one itself where the move was rolled back. */
export function fromOf({ members, move }: MoveEvidence): MemberSeen {
  return memberOf(members, move.from);
}

function memberOf(members: readonly MemberSeen[], server: string): MemberSeen {
  return (
    members.find((member) => member.server === server) ?? {
      server,
      name: server,
      snapshot: null,
      report: null,
      why: 'it is no member of this cluster any more',
      journalMissing: 'it is no member of this cluster any more',
    }
  );
}

/** Why a member's present state is not known, as the end of a sentence. */
export function silence({ why }: MemberSeen): string {
  return why ?? 'it does not tell';
}

/** The last step of this kind that the member has done well in this move; undefined: its journal has none. */
export function stepOf(
  { records, move }: MoveEvidence,
  server: string,
  kind: string,
): JournalRecord | undefined {
  return records.findLast(
    (record) =>
      record.kind === 'step' &&
      record.step === kind &&
      record.result === 'ok' &&
      record.server === server &&
      record.operation === move.operation,
  );
}

/** The generation that a member reads on the storage. */
export interface GenerationRead {
  readonly value: number | null;
  /** Why there is none, as the end of a sentence. */
  readonly why: string;
  /** Its look may have been before the generation was raised; it looks again within seconds. */
  readonly outdated: boolean;
}

/** Within this time after its own part of the move the other member has raised the generation, and it has looked again. */
const settlingMs = 10_000;

/** By the clock of that member alone: when it looked, and when it took its own last step. */
export function generationRead({ records, move }: MoveEvidence, member: MemberSeen): GenerationRead {
  const { snapshot } = member;
  if (snapshot === null) return { value: null, why: silence(member), outdated: false };
  const { value, why, ageMs } = snapshot.storage.generation;
  const step = records.findLast(({ kind, server }) => kind === 'step' && server === member.server);
  const lookedMs = Date.parse(snapshot.wallTime) - ageMs;
  const outdated =
    value !== null &&
    value < move.epoch &&
    step !== undefined &&
    lookedMs < Date.parse(step.wallTime) + settlingMs;
  return outdated
    ? { value: null, why: 'its last look may have been before the move, and it looks again soon', outdated }
    : { value, why: why ?? 'not told', outdated };
}

/** Whether a member will know more by itself within a few seconds. */
export function isSettling(e: MoveEvidence): boolean {
  return e.members.some((member) => generationRead(e, member).outdated);
}

/** What a step says of its result, as a part of a sentence. */
export function stepWord({ sentence }: JournalRecord): string {
  return sentence.replace(/^Step [\w-]+: /, '').replace(/\.$/, '');
}

/** `04:31:13.4`, by the wall clock of whoever wrote it: for people only. */
export function clockTime(wallTime: string): string {
  return wallTime.slice(11, 21);
}

/** Who tells what a member has written down. */
export function journalOf({ name }: MemberSeen): string {
  return `journal of ${name}`;
}
