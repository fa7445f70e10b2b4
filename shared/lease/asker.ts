/**
 * The Active's side of peer mode as a pure reducer (docs/failover.md, "Peer mode").
 *
 * Nothing here takes effect by itself. The shell must have `memory` of the returned state on disk before it sends
 * the request, lets the engine live past the lease, or tells anybody of a period that was left.
 */
import { isAbove, samePeriod, type Period } from './period.ts';
import { leaseInstants, type TimingPolicy } from './timing.ts';

/** What survives a restart of the agent. A period is asked for before it is lived on: `peer` is never above `asked`. */
export interface AskerMemory {
  /** The latest period that a promise was asked for; as long as it is above `left`, the peer may hold one. */
  readonly asked: Period | null;
  /** The period whose promise this member lives on; null: lease mode. */
  readonly peer: Period | null;
  /** No period up to this one is ever used again; above it is nothing but what `asked` names. */
  readonly left: Period | null;
}

export interface AskerState {
  readonly memory: AskerMemory;
  /** Of this process alone: answers to its predecessors are not taken. */
  readonly nonce: string;
  /** This process waits for an answer about `memory.asked`. */
  readonly asking: boolean;
  /** Peer mode may keep or start an engine: entered by this process, or found with the engine still running. */
  readonly confirmed: boolean;
}

export interface PromiseQuestion {
  readonly period: Period;
  readonly nonce: string;
}

export type PromiseRefusal =
  'not-asked' | 'another-process' | 'another-period' | 'left' | 'no-lease' | 'too-late' | 'in-peer-mode';

export type PromiseOutcome =
  | { readonly kind: 'entered'; readonly state: AskerState }
  | { readonly kind: 'ignored'; readonly why: PromiseRefusal };

/** @param engineRunning peer mode on disk lets a restarted agent go on only if its engine never stopped */
export function newAsker(memory: AskerMemory, nonce: string, engineRunning: boolean): AskerState {
  return { memory, nonce, asking: false, confirmed: memory.peer !== null && engineRunning };
}

/** The engine may live, or be started, without a lease. */
export function livesOnPromise(state: AskerState): boolean {
  return state.memory.peer !== null && state.confirmed;
}

/** Prepares the question for `epoch`. A retry of this process keeps its number; everything else takes a new one. */
export function askForPromise(
  state: AskerState,
  epoch: number,
): { readonly state: AskerState; readonly question: PromiseQuestion } {
  const { asked } = state.memory;
  if (state.asking && asked?.e === epoch) return { state, question: { period: asked, nonce: state.nonce } };
  const period = { e: epoch, n: asked?.e === epoch ? asked.n + 1 : 1 };
  return {
    state: { ...state, asking: true, memory: { ...state.memory, asked: period } },
    question: { period, nonce: state.nonce },
  };
}

/**
 * Takes in a promise.
 *
 * @param leaseSentMs when the last good renewal was sent; null: no lease is held
 */
export function takePromise(
  state: AskerState,
  answer: PromiseQuestion,
  leaseSentMs: number | null,
  nowMs: number,
  timing: TimingPolicy,
): PromiseOutcome {
  const why = promiseRefusal(state, answer, leaseSentMs, nowMs, timing);
  if (why !== null) return { kind: 'ignored', why };
  const memory = { ...state.memory, peer: answer.period };
  return { kind: 'entered', state: { ...state, memory, asking: false, confirmed: true } };
}

function promiseRefusal(
  state: AskerState,
  { period, nonce }: PromiseQuestion,
  leaseSentMs: number | null,
  nowMs: number,
  timing: TimingPolicy,
): PromiseRefusal | null {
  const { asked, left, peer } = state.memory;
  if (nonce !== state.nonce) return 'another-process';
  if (!samePeriod(period, asked)) return 'another-period';
  if (!isAbove(period, left)) return 'left';
  if (!state.asking) return 'not-asked';
  if (livesOnPromise(state)) return 'in-peer-mode';
  // Peer mode on disk with the engine off: there is no lease that could run out, only this promise.
  if (peer !== null) return null;
  if (leaseSentMs === null) return 'no-lease';
  return nowMs < leaseSentMs + leaseInstants(timing).lastUseMs ? null : 'too-late';
}

/**
 * What a renewal that may be used ends: the period lived on, or a question that was not needed. Null: nothing.
 * In peer mode the guards' deadline is that of the lease before `memory` is written, even if it comes earlier.
 */
export function leaveOnRenewal(state: AskerState): AskerState | null {
  const { asked, left } = state.memory;
  return asked !== null && isAbove(asked, left) ? leave(state, asked) : null;
}

/**
 * A grant of the new epoch ends every period before it; written in one with the epoch. Also where nothing was
 * asked for that is remembered: a member that began anew frees its peer by this alone.
 */
export function leaveOnGrant(state: AskerState, epoch: number): AskerState {
  return leave(state, { e: epoch, n: 0 });
}

/**
 * With its epoch a member ends all that it has asked for under it: a late promise starts nothing under an epoch that
 * has ended, and the peer is free to acquire. Written in one with `ended`.
 */
export function leaveOnEnd(state: AskerState, epoch: number): AskerState {
  const { asked } = state.memory;
  return asked !== null && asked.e <= epoch ? (leaveOnRenewal(state) ?? state) : state;
}

/**
 * This member has given a promise itself, or knows of a higher epoch that it need not go on beside: it does not live
 * on a promise any more.
 */
export function voidPeerMode(state: AskerState): AskerState {
  return { ...state, memory: { ...state.memory, peer: null }, asking: false, confirmed: false };
}

function leave(state: AskerState, left: Period): AskerState {
  return { ...state, memory: { ...state.memory, peer: null, left }, asking: false, confirmed: false };
}

/** The period that the store has still to be told of, again and again until its record shows it. */
export function leftToTell({ memory }: AskerState, storeLeft: Period | null): Period | null {
  return memory.left !== null && isAbove(memory.left, storeLeft) ? memory.left : null;
}

/**
 * What a member that lives on a promise does about the store's record. An epoch above its own that nobody forced
 * was never used by anybody: the promise stands, and the epoch above it is asked for as soon as no lease is live.
 * A store behind this member is another one or an older copy: nothing is asked of it.
 */
export function judgeRecordInPeerMode(
  record: { readonly epoch: number; readonly holder: string | null; readonly forced: boolean },
  self: string,
  epoch: number,
): 'renew' | 'acquire' | 'stop' | 'refuse-store' {
  if (record.epoch < epoch) return 'refuse-store';
  if (record.epoch === epoch && record.holder === self) return 'renew';
  return record.forced && record.epoch > epoch ? 'stop' : 'acquire';
}
