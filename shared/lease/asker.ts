/**
 * The Active's side of peer mode as a pure reducer (docs/failover.md, "Peer mode").
 *
 * Nothing here takes effect by itself. The shell must have `memory` of the returned state on disk before it sends
 * the request, lets the engine live past the lease, or tells anybody of a period that was left.
 */
import { isAbove, samePeriod, type Period } from './period.ts';
import { leaseInstants, type TimingPolicy } from './timing.ts';

/** What survives a restart of the agent. */
export interface AskerMemory {
  /** The latest period that a promise was asked for. */
  readonly asked: Period | null;
  /** The period whose promise this member lives on; null: lease mode. */
  readonly peer: Period | null;
  /** No period up to this one is ever used again. */
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
  const period = { e: epoch, n: nextNumber(state.memory, epoch) };
  return {
    state: { ...state, asking: true, memory: { ...state.memory, asked: period } },
    question: { period, nonce: state.nonce },
  };
}

function nextNumber({ asked, peer, left }: AskerMemory, epoch: number): number {
  const used = [asked, peer, left].map((period) => (period?.e === epoch ? period.n : 0));
  return Math.max(...used) + 1;
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
  const { asked, peer, left } = state.memory;
  const ends = [asked, peer].filter((period) => period !== null && isAbove(period, left));
  if (ends.length === 0 && peer === null) return null;
  const latest = ends.reduce<Period | null>(
    (highest, period) => (period !== null && isAbove(period, highest) ? period : highest),
    left,
  );
  return ended(state, latest);
}

/** A grant of the new epoch ends every period before it; written in one with the epoch. */
export function leaveOnGrant(state: AskerState, epoch: number): AskerState {
  return ended(state, { e: epoch, n: 0 });
}

/** This member has given a promise itself, or knows of a higher epoch: it does not live on a promise any more. */
export function voidPeerMode(state: AskerState): AskerState {
  return { ...state, memory: { ...state.memory, peer: null }, asking: false, confirmed: false };
}

function ended(state: AskerState, left: Period | null): AskerState {
  const { asked } = state.memory;
  return { ...state, memory: { asked, peer: null, left }, asking: false, confirmed: false };
}

/** The period that the store has still to be told of, again and again until its record shows it. */
export function leftToTell({ memory }: AskerState, storeLeft: Period | null): Period | null {
  return memory.left !== null && isAbove(memory.left, storeLeft) ? memory.left : null;
}

/**
 * What a member that lives on a promise does about the store's record. An epoch above its own that nobody forced
 * was never used by anybody: the promise stands, and the epoch above it is asked for as soon as no lease is live.
 */
export function judgeRecordInPeerMode(
  record: { readonly epoch: number; readonly holder: string | null; readonly forced: boolean },
  self: string,
  epoch: number,
): 'renew' | 'acquire' | 'stop' {
  if (record.forced && record.epoch > epoch) return 'stop';
  return record.epoch === epoch && record.holder === self ? 'renew' : 'acquire';
}
