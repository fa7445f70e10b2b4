/** The state of the model: two members, one store (a second one where a configuration says so), the network. */
import type { LeaseAnswer, LeaseRequest } from '../../shared/agent-api/lease-frames.ts';
import { newHolder, type HolderMemory, type HolderState } from '../../shared/lease/holder.ts';
import { restoreStore, seedRecord, type StoreRecord, type StoreState } from '../../shared/lease/store.ts';
import { modelTiming } from './ticks.ts';

export type MemberIndex = 0 | 1;
export const memberNames = ['A', 'B'] as const;
export const indexes: readonly MemberIndex[] = [0, 1];

/** `armed`: the lease was checked, the deadline not yet written. `asked`: written, the gate has not been asked yet. */
export type StartPhase =
  | { readonly phase: 'armed'; readonly epoch: number; readonly deadlineMs: number }
  | { readonly phase: 'asked' };

export interface Member {
  readonly power: boolean;
  readonly agent: 'up' | 'frozen' | 'down';
  /** What a crash of the agent loses; null while it is down. */
  readonly holder: HolderState | null;
  readonly lost: number | null;
  readonly feeding: boolean;
  /** What is fsynced. */
  readonly disk: HolderMemory;
  /** On a memory file system: survives the agent, not the power. */
  readonly deadline: { readonly epoch: number; readonly deadlineMs: number } | null;
  readonly start: StartPhase | null;
  readonly engine: boolean;
  /** Since when a guard has had a reason to kill the running engine. */
  readonly doomedMs: number | null;
  /** Boot-time clock. */
  readonly nowMs: number;
  /** Ticks since this clock last lost one. */
  readonly sinceSlip: number;
  /** Which store the network leads to. */
  readonly route: number;
  /** Only in broken variants: the engine was once seen off; the epoch in use is not on disk yet. */
  readonly seenOff: boolean;
  readonly unwritten: boolean;
}

export interface Store {
  /** Null: it has lost its record and answers nothing. */
  readonly state: StoreState | null;
  /** When it lost its record. */
  readonly lostMs: number;
  /** What a restart finds; differs from the state's record only in broken variants. */
  readonly onDisk: StoreRecord;
  readonly nowMs: number;
  readonly sinceSlip: number;
}

/** `id` 0: nobody waits for the answer any more. */
export type Message =
  | {
      readonly kind: 'request';
      readonly member: MemberIndex;
      readonly store: number;
      readonly request: LeaseRequest;
      readonly copied: boolean;
    }
  | { readonly kind: 'answer'; readonly member: MemberIndex; readonly answer: LeaseAnswer };

/** How often each fault may still happen on a path. */
export interface Budget {
  readonly crashes: number;
  readonly freezes: number;
  readonly powerOffs: number;
  readonly storeRestarts: number;
  readonly copies: number;
  readonly handovers: number;
  readonly slips: number;
  readonly replacements: number;
  readonly reroutes: number;
  readonly outsideStarts: number;
  readonly jumps: number;
}

export interface World {
  readonly members: readonly [Member, Member];
  readonly stores: readonly Store[];
  readonly messages: readonly Message[];
  readonly budget: Budget;
  /** Who has used each epoch, by epoch; undefined: nobody. */
  readonly usedBy: readonly (MemberIndex | undefined)[];
  readonly violation: string | null;
}

export const noFaults: Budget = {
  crashes: 0,
  freezes: 0,
  powerOffs: 0,
  storeRestarts: 0,
  copies: 0,
  handovers: 0,
  slips: 0,
  replacements: 0,
  reroutes: 0,
  outsideStarts: 0,
  jumps: 0,
};

const storeId = 'first';
const startMs = 0;
export const settledSlip = 6;

function firstMember(): Member {
  const memory: HolderMemory = { epoch: 0, ended: 0, storeId };
  return {
    power: true,
    agent: 'up',
    holder: newHolder(memory),
    lost: null,
    feeding: false,
    disk: memory,
    deadline: null,
    start: null,
    engine: false,
    doomedMs: null,
    nowMs: startMs,
    sinceSlip: settledSlip,
    route: 0,
    seenOff: false,
    unwritten: false,
  };
}

/** A cluster that has never been Active, with a seeded store whose first T + δ has passed. */
export function firstWorld(budget: Partial<Budget>): World {
  const record = { ...seedRecord(storeId, 'C', modelTiming.T, 0), untouched: false };
  const state = restoreStore(record, modelTiming.T, startMs);
  return {
    members: [firstMember(), firstMember()],
    stores: [{ state, lostMs: startMs, onDisk: state.record, nowMs: startMs, sinceSlip: settledSlip }],
    messages: [],
    budget: { ...noFaults, ...budget },
    usedBy: [],
    violation: null,
  };
}

export function withMember(world: World, index: MemberIndex, change: Partial<Member>): World {
  const changed = { ...world.members[index], ...change };
  return {
    ...world,
    members: index === 0 ? [changed, world.members[1]] : [world.members[0], changed],
  };
}

export function withStore(world: World, index: number, change: Partial<Store>): World {
  return {
    ...world,
    stores: world.stores.map((store, at) => (at === index ? { ...store, ...change } : store)),
  };
}

export function spend(world: World, fault: keyof Budget): World {
  return { ...world, budget: { ...world.budget, [fault]: world.budget[fault] - 1 } };
}

/** After a crash, a power cut or a lost lease: requests still arrive, but nobody waits for their answers. */
export function forgetAnswers(world: World, index: MemberIndex): World {
  const messages = world.messages.flatMap((message): Message[] => {
    if (message.member !== index) return [message];
    return message.kind === 'answer' ? [] : [{ ...message, request: { ...message.request, id: 0 } }];
  });
  return { ...world, messages };
}
