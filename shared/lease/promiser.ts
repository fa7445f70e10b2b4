/**
 * The Passive's side of peer mode as a pure reducer (docs/failover.md, "Peer mode").
 *
 * The shell must have the promise on disk before it is answered, and takes promises and grants one after the other.
 * What a promise means for the requests to the store is in member-lease.ts.
 */
import { isAbove, samePeriod, type Period } from './period.ts';

/** What survives a restart of the agent. */
export interface PromiserMemory {
  /** The promise that stands: no lease is asked for, renewed or used. */
  readonly promise: Period | null;
  /** The last period that was promised, standing or not. */
  readonly promised: Period | null;
}

/** What the Passive knows when it decides, all on its own clock. */
export interface PromiserFacts {
  readonly nowMs: number;
  /** Null: unknown, and then nothing is promised. */
  readonly engineRunning: boolean | null;
  /** The highest epoch known from its own disk, the store or the peer. */
  readonly knownEpoch: number;
  /** When the question came in, and how long ago the Active's last good renewal had been sent by then. */
  readonly receivedMs: number;
  readonly renewalAgeMs: number;
  /** Its own tries to reach the store, also those for which there was no connection. */
  readonly tries: readonly { readonly sentMs: number; readonly answered: boolean }[];
  /** O in milliseconds. */
  readonly operationMs: number;
}

export type PromiseDecision =
  | { readonly kind: 'promise'; readonly memory: PromiserMemory }
  /** The same promise still stands: it is answered again without a write. */
  | { readonly kind: 'again' }
  /** Not known yet whether the store can be reached from here. */
  | { readonly kind: 'hold' }
  /** The store can be reached from here: the renewal goes through this member. */
  | { readonly kind: 'relay' }
  | { readonly kind: 'refuse'; readonly why: 'engine' | 'higher-epoch' | 'older-period' | 'store-unknown' };

/** Decides one question for the promise of `period`. */
export function judgeQuestion(memory: PromiserMemory, period: Period, facts: PromiserFacts): PromiseDecision {
  if (facts.engineRunning !== false) return { kind: 'refuse', why: 'engine' };
  // Not even again, also where the higher epoch is that of a grant which the promise forbade and which has ended unused:
  // whoever lives on the promise already goes on, and whoever lost its answer stops before its lease ends.
  if (facts.knownEpoch > period.e) return { kind: 'refuse', why: 'higher-epoch' };
  if (samePeriod(period, memory.promise)) return { kind: 'again' };
  if (!isAbove(period, memory.promised)) return { kind: 'refuse', why: 'older-period' };
  switch (storeFromHere(facts)) {
    case 'reached':
      return { kind: 'relay' };
    case 'silent':
      return { kind: 'promise', memory: { promise: period, promised: period } };
    case 'unknown':
      return facts.nowMs - facts.receivedMs < facts.operationMs
        ? { kind: 'hold' }
        : { kind: 'refuse', why: 'store-unknown' };
  }
}

/**
 * Only tries after the Active's last good renewal say anything: before it the store was well. One that has had no
 * answer for O tells of the store as long as no later one was answered. An answer from before the question may be the
 * store's last: only one to a try made since says that it can be reached.
 */
function storeFromHere(facts: PromiserFacts): 'reached' | 'silent' | 'unknown' {
  const { nowMs, receivedMs, renewalAgeMs, operationMs } = facts;
  const after = facts.tries.filter(({ sentMs }) => sentMs > receivedMs - renewalAgeMs);
  const answeredMs = Math.max(
    -Infinity,
    ...after.filter(({ answered }) => answered).map(({ sentMs }) => sentMs),
  );
  if (answeredMs >= receivedMs) return 'reached';
  const silent = after.some(({ sentMs }) => sentMs > answeredMs && nowMs - sentMs >= operationMs);
  return silent ? 'silent' : 'unknown';
}

/** A period was left, by the Active's word or the store's. A later promise stands, whatever epoch the store holds. */
export function dropPromise(memory: PromiserMemory, left: Period): PromiserMemory {
  if (memory.promise === null || isAbove(memory.promise, left)) return memory;
  return { ...memory, promise: null };
}

/** Whether this member may ask the store for a lease or a renewal, and use what it answers. */
export function mayUseStore({ promise }: PromiserMemory): boolean {
  return promise === null;
}

/** The epoch that the store has granted to this member although a promise stands: to be ended and given back. */
export function grantToReturn(
  memory: PromiserMemory,
  record: { readonly epoch: number; readonly holder: string | null },
  self: string,
): number | null {
  return memory.promise !== null && record.holder === self ? record.epoch : null;
}
