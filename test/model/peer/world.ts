/** The state of the model of peer mode: two members, one store, and the network between all three. */
import type { LeaseAnswer, LeaseRequest } from '../../../shared/agent-api/lease-frames.ts';
import { newMemberLease, type LeaseMemory, type MemberLease } from '../../../shared/lease/member-lease.ts';
import type { Period } from '../../../shared/lease/period.ts';
import { restoreStore, seedRecord, type StoreState } from '../../../shared/lease/store.ts';
import { modelTiming } from '../ticks.ts';
import { memberNames, settledSlip, type MemberIndex } from '../world.ts';

export interface Deadline {
  readonly epoch: number;
  readonly deadlineMs: number;
  /** Only the model knows: it was fed on a promise. */
  readonly onPromise: boolean;
}

/** One act of the shell. Between any two of them the agent may crash or freeze. */
export type Act =
  | { readonly act: 'deadline'; readonly deadline: Deadline | null }
  | { readonly act: 'disk'; readonly memory: LeaseMemory }
  | {
      readonly act: 'use';
      readonly lease: MemberLease;
      readonly lost: number | null;
      readonly granted: number | null;
    }
  | { readonly act: 'send'; readonly message: Message }
  | { readonly act: 'tell-store'; readonly period: Period }
  /** The gate is asked. */
  | { readonly act: 'start' }
  /** Only without the one lock: a promise that was decided earlier is written and answered. */
  | { readonly act: 'late-promise'; readonly question: PeerMessage };

export interface Member {
  readonly power: boolean;
  readonly agent: 'up' | 'frozen' | 'down';
  /** What a crash of the agent loses; null while it is down. */
  readonly lease: MemberLease | null;
  readonly lost: number | null;
  readonly feeding: boolean;
  readonly disk: LeaseMemory;
  readonly deadline: Deadline | null;
  readonly engine: boolean;
  /** Since when a guard has had a reason to kill the running engine. */
  readonly doomedMs: number | null;
  readonly nowMs: number;
  readonly sinceSlip: number;
  /** Counts the processes of this agent: the nonce. */
  readonly process: number;
  /** What a frozen agent was about to do; what a broken one does too late. */
  readonly queue: readonly Act[];
}

export interface Store {
  /** Null: it has lost its record and answers nothing. */
  readonly state: StoreState | null;
  readonly lostMs: number;
  readonly nowMs: number;
  readonly sinceSlip: number;
}

export interface PeerMessage {
  readonly kind: 'question' | 'promise';
  readonly member: MemberIndex;
  readonly period: Period;
  readonly nonce: string;
}

/** `member` is who waits for an answer, asked, or has left; the other side is the store or the other member. */
export type Message =
  | { readonly kind: 'request'; readonly member: MemberIndex; readonly request: LeaseRequest }
  | { readonly kind: 'answer'; readonly member: MemberIndex; readonly answer: LeaseAnswer }
  | PeerMessage
  | { readonly kind: 'left'; readonly member: MemberIndex; readonly period: Period };

/** How often each fault, and each thing that need not be done, may still happen on a path. */
export interface Budget {
  readonly questions: number;
  readonly crashes: number;
  readonly freezes: number;
  readonly powerOffs: number;
  /** A person forces a takeover while the other server is off. */
  readonly forces: number;
  readonly handovers: number;
  readonly storeRestarts: number;
  readonly replacements: number;
  readonly slips: number;
  readonly copies: number;
}

export interface World {
  readonly members: readonly [Member, Member];
  readonly store: Store;
  readonly messages: readonly Message[];
  readonly budget: Budget;
  /** Who has used each epoch. */
  readonly usedBy: readonly (MemberIndex | undefined)[];
  readonly violation: string | null;
}

const noFaults: Budget = {
  questions: 0,
  crashes: 0,
  freezes: 0,
  powerOffs: 0,
  forces: 0,
  handovers: 0,
  storeRestarts: 0,
  replacements: 0,
  slips: 0,
  copies: 0,
};

export function withoutFaults(world: World): World {
  return { ...world, budget: { ...noFaults, replacements: world.store.state === null ? 1 : 0 } };
}

/** A cluster that has never been Active, with a seeded store whose first T + δ has passed. */
export function firstWorld(budget: Partial<Budget>): World {
  const record = { ...seedRecord('first', 'C', modelTiming.T, 0), untouched: false };
  const state = restoreStore(record, modelTiming.T, 0);
  return {
    members: [firstMember(), firstMember()],
    store: { state, lostMs: 0, nowMs: 0, sinceSlip: settledSlip },
    messages: [],
    budget: { ...noFaults, ...budget },
    usedBy: [],
    violation: null,
  };
}

function firstMember(): Member {
  const nothing = { asked: null, peer: null, left: null, promise: null, promised: null };
  const disk: LeaseMemory = { epoch: 0, ended: 0, storeId: 'first', ...nothing };
  return {
    power: true,
    agent: 'up',
    lease: newMemberLease(disk, '1', false),
    lost: null,
    feeding: false,
    disk,
    deadline: null,
    engine: false,
    doomedMs: null,
    nowMs: 0,
    sinceSlip: settledSlip,
    process: 1,
    queue: [],
  };
}

export function withMember(world: World, index: MemberIndex, change: Partial<Member>): World {
  const changed = { ...world.members[index], ...change };
  return {
    ...world,
    members: index === 0 ? [changed, world.members[1]] : [world.members[0], changed],
  };
}

export function spend(world: World, fault: keyof Budget): World {
  return { ...world, budget: { ...world.budget, [fault]: world.budget[fault] - 1 } };
}

export function other(index: MemberIndex): MemberIndex {
  return index === 0 ? 1 : 0;
}

export function nameOf(index: MemberIndex): string {
  return memberNames[index];
}
