/**
 * A member's whole part in the lease as one pure reducer: holder, asker and promiser together, because what is
 * dangerous lies between them. Nobody else combines them.
 *
 * The shell does, after every step and in this order: the guards' deadline, if the step brought a lease (also one
 * that ends earlier than the deadline in force); `memoryOf` the new state on disk in one write, if it differs;
 * only then it uses the state, sends, starts, and tells of a period that was left. A write that does not succeed
 * means that the step has not happened. Steps are taken one after the other, each with its write.
 */
import type { LeaseAnswer, LeaseRequest } from '../agent-api/lease-frames.ts';
import {
  askForPromise,
  leaveOnEnd,
  leaveOnGrant,
  leaveOnRenewal,
  leftToTell,
  livesOnPromise,
  newAsker,
  takePromise,
  voidPeerMode,
  type AskerMemory,
  type AskerState,
  type PromiseOutcome,
  type PromiseQuestion,
} from './asker.ts';
import {
  endEpoch,
  forgetLease,
  newHolder,
  prepareRequest,
  receiveAnswer,
  type HolderEffect,
  type HolderMemory,
  type HolderState,
} from './holder.ts';
import type { Period } from './period.ts';
import {
  dropPromise,
  grantToReturn,
  judgeQuestion,
  mayUseStore,
  type PromiseDecision,
  type PromiserFacts,
  type PromiserMemory,
} from './promiser.ts';
import { leaseInstants, type TimingPolicy } from './timing.ts';

export interface MemberLease {
  readonly holder: HolderState;
  readonly asker: AskerState;
  readonly promiser: PromiserMemory;
}

/** What survives a restart of the agent. */
export type LeaseMemory = HolderMemory & AskerMemory & PromiserMemory;

export type MemberLeaseEffect =
  | HolderEffect
  /** The store no longer holds our epoch while we live on a promise: we go on, and acquire when no lease is live. */
  | { readonly kind: 'epoch-gone'; readonly epoch: number; readonly why: string }
  /** Our own period, to be told to store and peer until the store shows it. */
  | { readonly kind: 'left'; readonly period: Period }
  /** The promise we had given does not stand any more. */
  | { readonly kind: 'promise-dropped'; readonly period: Period };

export interface Step {
  readonly state: MemberLease;
  readonly effects: readonly MemberLeaseEffect[];
}

/** @param engineRunning looked at after the start of this process; peer mode goes on only with it */
export function newMemberLease(memory: LeaseMemory, nonce: string, engineRunning: boolean): MemberLease {
  const { epoch, ended, storeId, jumpedFrom, asked, peer, left, promise, promised } = memory;
  return {
    holder: newHolder({ epoch, ended, storeId, ...(jumpedFrom === undefined ? {} : { jumpedFrom }) }),
    asker: newAsker({ asked, peer, left }, nonce, engineRunning),
    promiser: { promise, promised },
  };
}

export function memoryOf({ holder, asker, promiser }: MemberLease): LeaseMemory {
  return { ...holder.memory, ...asker.memory, ...promiser };
}

/** The guards' deadline, also before the step that brought this lease or promise is on disk. */
export function guardDeadlineMs(state: MemberLease, nowMs: number, timing: TimingPolicy): number | null {
  const { guardKillMs } = leaseInstants(timing);
  if (livesOnPromise(state.asker)) return nowMs + guardKillMs;
  return state.holder.lease === null ? null : state.holder.lease.sentMs + guardKillMs;
}

/** As `prepareRequest`, and null for everything that a member must not ask for while its promise stands. */
export function prepareLeaseRequest(
  state: MemberLease,
  cluster: string,
  body: Parameters<typeof prepareRequest>[2],
  sentMs: number,
  timing: TimingPolicy,
): { readonly state: MemberLease; readonly request: LeaseRequest } | null {
  if (!mayUseStore(state.promiser) && (body.op === 'acquire' || body.op === 'renew')) return null;
  const prepared = prepareRequest(state.holder, cluster, body, sentMs, timing);
  return prepared && { state: { ...state, holder: prepared.state }, request: prepared.request };
}

/** Takes in one answer of the store. */
export function takeStoreAnswer(
  state: MemberLease,
  answer: LeaseAnswer,
  nowMs: number,
  timing: TimingPolicy,
): Step {
  const { state: holder, effects } = receiveAnswer(state.holder, answer, nowMs, timing);
  const first: Step = { state: { ...state, holder }, effects: [] };
  return learnFromRecord(effects.reduce(takeEffect, first));
}

function takeEffect({ state, effects }: Step, effect: HolderEffect): Step {
  const { asker } = state;
  switch (effect.kind) {
    case 'granted':
      return leaving(forgetPromise(state), [...effects, effect], leaveOnGrant(asker, effect.epoch));
    case 'renewed':
      return leaving(state, [...effects, effect], leaveOnRenewal(asker) ?? asker);
    case 'lost':
      return {
        state,
        effects: [...effects, livesOnPromise(asker) ? { ...effect, kind: 'epoch-gone' } : effect],
      };
    case 'released':
    case 'pin-store':
    case 'retired':
    case 'ignored':
      return { state, effects: [...effects, effect] };
  }
}

/** Only a person's word gets a grant past a standing promise: it weighs more, and goes to disk in the same write. */
function forgetPromise(state: MemberLease): MemberLease {
  return { ...state, promiser: { ...state.promiser, promise: null } };
}

/**
 * A person forces a takeover without the store: the epoch is raised, and whatever this member had promised, or lived
 * on, ends in the same write.
 *
 * @param from the highest epoch known anywhere, from which `epoch` was raised
 */
export function raiseByForce(state: MemberLease, epoch: number, from: number): MemberLease {
  const { holder, asker } = state;
  return {
    ...forgetPromise(state),
    holder: { ...forgetLease(holder), memory: { ...holder.memory, epoch, jumpedFrom: from } },
    asker: voidPeerMode(asker),
  };
}

function leaving(state: MemberLease, effects: readonly MemberLeaseEffect[], asker: AskerState): Step {
  const period = asker === state.asker ? null : asker.memory.left;
  return {
    state: { ...state, asker },
    effects: period === null ? effects : [...effects, { kind: 'left', period }],
  };
}

/** What every accepted answer carries: the latest period that was left, and perhaps a higher epoch. */
function learnFromRecord({ state, effects }: Step): Step {
  const view = state.holder.seen?.view;
  if (view === undefined) return { state, effects };
  const higher = view.epoch > state.holder.memory.epoch && state.asker.memory.peer !== null;
  const asker = higher && !livesOnPromise(state.asker) ? voidPeerMode(state.asker) : state.asker;
  const dropped = view.left === undefined ? null : takeLeft({ ...state, asker }, view.left);
  return dropped === null
    ? { state: { ...state, asker }, effects }
    : { state: dropped.state, effects: [...effects, ...dropped.effects] };
}

/** A period was left, by the Active's own word or by the store's record. */
export function takeLeft(state: MemberLease, left: Period): Step {
  const promiser = dropPromise(state.promiser, left);
  const { promise } = state.promiser;
  if (promiser === state.promiser || promise === null) return { state, effects: [] };
  return { state: { ...state, promiser }, effects: [{ kind: 'promise-dropped', period: promise }] };
}

/**
 * The question for the peer, or null where none may be asked: there must be a lease to live past, or peer mode on
 * disk to go on with, of an epoch that has not ended, and no promise of our own.
 */
export function askPeer(
  state: MemberLease,
): { readonly state: MemberLease; readonly question: PromiseQuestion } | null {
  const { holder, asker, promiser } = state;
  const { epoch, ended } = holder.memory;
  const something = holder.lease !== null || asker.memory.peer !== null;
  if (!something || epoch <= ended || promiser.promise !== null || livesOnPromise(asker)) return null;
  const asked = askForPromise(asker, epoch);
  return { state: { ...state, asker: asked.state }, question: asked.question };
}

/** Takes in the peer's promise. Entered: the engine may live past the lease once the period is on disk. */
export function takePeerPromise(
  state: MemberLease,
  answer: PromiseQuestion,
  nowMs: number,
  timing: TimingPolicy,
): { readonly state: MemberLease; readonly outcome: PromiseOutcome } {
  const outcome = takePromise(state.asker, answer, state.holder.lease?.sentMs ?? null, nowMs, timing);
  return { state: outcome.kind === 'entered' ? { ...state, asker: outcome.state } : state, outcome };
}

/**
 * Decides on the peer's question. With the promise everything is given up that could make this member Active: its
 * own peer mode, its lease, and every answer of the store that is still on the way.
 */
export function takeQuestion(
  state: MemberLease,
  period: Period,
  facts: PromiserFacts,
): { readonly state: MemberLease; readonly decision: PromiseDecision } {
  const { memory, seen } = state.holder;
  const knownEpoch = Math.max(facts.knownEpoch, memory.epoch, memory.ended, seen?.view.epoch ?? 0);
  const decision = judgeQuestion(state.promiser, period, { ...facts, knownEpoch });
  if (decision.kind !== 'promise') return { state, decision };
  const promiser = decision.memory;
  return {
    state: { holder: forgetLease(state.holder), asker: voidPeerMode(state.asker), promiser },
    decision,
  };
}

/** The engine is proven stopped: what was asked for under the epoch ends with it. */
export function endLeaseEpoch(state: MemberLease, epoch: number): MemberLease {
  return { ...state, holder: endEpoch(state.holder, epoch), asker: leaveOnEnd(state.asker, epoch) };
}

/**
 * What the store has granted to this member although its promise stands: the epoch is taken and ended in one write,
 * so that it is never renewed, and the release of it may be sent. Null: nothing to give back.
 */
export function returnGrant(state: MemberLease, self: string): MemberLease | null {
  const { holder, promiser } = state;
  const epoch = holder.seen === null ? null : grantToReturn(promiser, holder.seen.view, self);
  if (epoch === null || epoch <= holder.memory.ended) return null;
  const memory = { ...holder.memory, epoch: Math.max(epoch, holder.memory.epoch) };
  return { ...state, holder: endEpoch({ ...holder, memory }, epoch) };
}

/** Our own period that the store does not show yet: to be told to both, also after a restart. */
export function periodToTell({ asker, holder }: MemberLease): Period | null {
  return leftToTell(asker, holder.seen?.view.left ?? null);
}
