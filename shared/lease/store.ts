/**
 * The lease store's rules as a pure reducer (docs/failover.md, "Lease mode").
 *
 * Invariants at the top, because everything rests on them:
 * - the epoch only grows, by one per grant, and a grant is answered only after it is durable;
 * - a lease is live until T + δ after the last accepted grant or renewal on the store's own clock;
 * - after a restart every held lease is live for T + δ more: what cannot be remembered is assumed.
 *
 * Shape of use: `answerLease` returns the next state and the answer; when `durable` is set the shell
 * must fsync the record before it sends the answer, and must answer `not-durable` if it cannot.
 */
import type { LeaseRefusal, LeaseView } from '../agent-api/lease-frames.ts';
import { clockDriftBound } from './timing.ts';

/** What the store keeps on disk for one cluster. */
export interface StoreRecord {
  readonly storeId: string;
  readonly cluster: string;
  readonly epoch: number;
  readonly holder: string | null;
  /** Longest lease that may be outstanding, in seconds. */
  readonly T: number;
  readonly reservedFor: string | null;
  /** Seeded and never granted: an older store's lease may still be running somewhere. */
  readonly untouched: boolean;
}

/** The record plus what is only remembered while the store runs, on its boot-time clock. */
export interface StoreState {
  readonly record: StoreRecord;
  readonly liveUntilMs: number;
  readonly reservedUntilMs: number;
  readonly renewedAtMs: number | null;
}

export type StoreRequest =
  | { readonly op: 'read'; readonly storeId: string | null }
  | { readonly op: 'acquire'; readonly storeId: string | null; readonly epochSeen: number }
  | { readonly op: 'renew'; readonly storeId: string | null; readonly epoch: number }
  | {
      readonly op: 'release';
      readonly storeId: string | null;
      readonly epoch: number;
      readonly reservedFor: string | null;
    };

export type StoreAnswer =
  | { readonly result: 'granted' | 'renewed' | 'released' | 'read'; readonly view: LeaseView }
  | { readonly result: 'refused'; readonly why: LeaseRefusal; readonly view: LeaseView };

export interface StoreTurn {
  readonly state: StoreState;
  readonly answer: StoreAnswer;
  /** True: the record changed and must be on disk before the answer leaves. */
  readonly durable: boolean;
}

/** A record for a cluster that has never been Active, or a replacement seeded with the highest epoch known. */
export function seedRecord(storeId: string, cluster: string, T: number, epoch: number): StoreRecord {
  return { storeId, cluster, epoch, holder: null, T, reservedFor: null, untouched: true };
}

/** State after a start of the store. `T` is the configured lease; a longer one on record still counts. */
export function restoreStore(record: StoreRecord, T: number, nowMs: number): StoreState {
  const longest = Math.max(record.T, T);
  const assumedUntilMs = nowMs + leaseTermMs(longest);
  return {
    record: { ...record, T: longest },
    // Grants and releases are durable before they are answered: without a holder nobody is waited for.
    liveUntilMs: record.holder === null && !record.untouched ? nowMs : assumedUntilMs,
    reservedUntilMs: record.reservedFor === null ? nowMs : assumedUntilMs,
    renewedAtMs: null,
  };
}

/** Decides one request of `member` at `nowMs`. Never throws. */
export function answerLease(
  state: StoreState,
  member: string,
  request: StoreRequest,
  nowMs: number,
): StoreTurn {
  if (request.storeId !== null && request.storeId !== state.record.storeId) {
    return refuse(state, member, 'store-id', nowMs);
  }
  switch (request.op) {
    case 'read':
      return { state, answer: { result: 'read', view: viewFor(state, member, nowMs) }, durable: false };
    case 'acquire':
      return acquire(state, member, request.epochSeen, nowMs);
    case 'renew':
      return renew(state, member, request.epoch, nowMs);
    case 'release':
      return release(state, member, request.epoch, request.reservedFor, nowMs);
  }
}

/** What `member` may know: `freeInMs` is how long it would have to wait before asking. */
export function viewFor(state: StoreState, member: string, nowMs: number): LeaseView {
  const { record } = state;
  const reserved = record.reservedFor !== null && nowMs < state.reservedUntilMs;
  const waitForReserved = reserved && record.reservedFor !== member ? state.reservedUntilMs - nowMs : 0;
  return {
    storeId: record.storeId,
    epoch: record.epoch,
    holder: record.holder,
    reservedFor: reserved ? record.reservedFor : null,
    freeInMs: Math.max(0, Math.ceil(state.liveUntilMs - nowMs), Math.ceil(waitForReserved)),
  };
}

function acquire(state: StoreState, member: string, epochSeen: number, nowMs: number): StoreTurn {
  const { record } = state;
  if (nowMs < state.liveUntilMs) return refuse(state, member, 'live', nowMs);
  if (record.reservedFor !== null && record.reservedFor !== member && nowMs < state.reservedUntilMs) {
    return refuse(state, member, 'reserved', nowMs);
  }
  if (epochSeen !== record.epoch) return refuse(state, member, 'epoch', nowMs);
  const next: StoreState = {
    record: { ...record, epoch: record.epoch + 1, holder: member, reservedFor: null, untouched: false },
    liveUntilMs: nowMs + leaseTermMs(record.T),
    reservedUntilMs: nowMs,
    renewedAtMs: nowMs,
  };
  return { state: next, answer: { result: 'granted', view: viewFor(next, member, nowMs) }, durable: true };
}

function renew(state: StoreState, member: string, epoch: number, nowMs: number): StoreTurn {
  const { record } = state;
  if (record.holder !== member) return refuse(state, member, 'not-holder', nowMs);
  if (record.epoch !== epoch) return refuse(state, member, 'epoch', nowMs);
  const next = { ...state, liveUntilMs: nowMs + leaseTermMs(record.T), renewedAtMs: nowMs };
  return { state: next, answer: { result: 'renewed', view: viewFor(next, member, nowMs) }, durable: false };
}

function release(
  state: StoreState,
  member: string,
  epoch: number,
  reservedFor: string | null,
  nowMs: number,
): StoreTurn {
  const { record } = state;
  if (record.holder !== member) return refuse(state, member, 'not-holder', nowMs);
  if (record.epoch !== epoch) return refuse(state, member, 'epoch', nowMs);
  const next: StoreState = {
    record: { ...record, holder: null, reservedFor },
    liveUntilMs: nowMs,
    reservedUntilMs: reservedFor === null ? nowMs : nowMs + leaseTermMs(record.T),
    renewedAtMs: state.renewedAtMs,
  };
  return { state: next, answer: { result: 'released', view: viewFor(next, member, nowMs) }, durable: true };
}

function refuse(state: StoreState, member: string, why: LeaseRefusal, nowMs: number): StoreTurn {
  return { state, answer: { result: 'refused', why, view: viewFor(state, member, nowMs) }, durable: false };
}

function leaseTermMs(T: number): number {
  return Math.round((T + clockDriftBound(T)) * 1000);
}
