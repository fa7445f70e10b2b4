/**
 * The lease store's rules as a pure reducer (docs/failover.md, "Lease mode").
 *
 * Invariants at the top, because everything rests on them:
 * - the epoch only grows, by one per grant, and a grant is answered only after it is durable; it grows by more only for
 *   a member whose own epoch was raised by a forced takeover without the store;
 * - a lease is live until T + δ after the last accepted grant or renewal on the store's own clock;
 * - after a restart every held lease is live for T + δ more: what cannot be remembered is assumed;
 * - the T on record is never below what a member may still count for itself: a request says its T, a larger one is
 *   refused, and a configured T that shrank goes on record only once no lease counted by the larger one can be live.
 *
 * Shape of use: `answerLease` returns the next state and the answer; when `durable` is set the shell
 * must fsync the record before it sends the answer, and must answer `not-durable` if it cannot.
 */
import type { LeaseRefusal, LeaseView } from '../agent-api/lease-frames.ts';
import type { ForcedNote } from './forced.ts';
import { isAbove, type Period } from './period.ts';
import { judgeRetired, retiringRefusal, type RetiredNote } from './retired-store.ts';
import type { StoreAnswer, StoreRequest } from './store-request.ts';
import {
  changePolicy,
  freshPolicy,
  policyAfterGrant,
  policyRefusal,
  policyToWrite,
  policyView,
  restorePolicy,
  type PolicyChange,
  type PolicyRecord,
  type PolicyState,
} from './store-policy.ts';
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
  /** The latest period of peer mode that its Active has left; absent: none was told. */
  readonly left?: Period | undefined;
  /**
   * The last takeover that a person has forced; absent: there was none. It outlives later grants: a member that lives
   * on a promise of an older epoch must learn of it whenever it comes back, however often the lease was taken since.
   */
  readonly forced?: ForcedNote | undefined;
  /** Blocked failover, maintenance, last holder; absent in a record of an earlier release. */
  readonly policy?: PolicyRecord | undefined;
  /** Nothing is granted, renewed or changed any more: another store takes its place. Absent: it works. */
  readonly retired?: RetiredNote | undefined;
}

/** The record plus what is only remembered while the store runs, on its boot-time clock. */
export interface StoreState {
  readonly record: StoreRecord;
  readonly liveUntilMs: number;
  readonly reservedUntilMs: number;
  readonly renewedAtMs: number | null;
  /** What the site document says now, in seconds; never above the record's T. */
  readonly configuredT: number;
  /** Until when a lease that was counted longer than `configuredT` may be live. */
  readonly longerUntilMs: number;
  readonly policy: PolicyState;
}

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

/** Whether a record gives way to the first one of another store, which begins with `epoch`. */
export function mayGiveWay({ epoch: own, retired }: StoreRecord, epoch: number): boolean {
  return retired === undefined ? own < epoch : own <= epoch;
}

/**
 * State after a start of the store. `T` is the configured lease; a longer one on record still counts. When the
 * state's record differs from `record`, the shell must have it on disk before it answers anything.
 */
export function restoreStore(
  record: StoreRecord,
  T: number,
  nowMs: number,
  failoversPerHour?: number,
): StoreState {
  const longest = Math.max(record.T, T);
  const assumedUntilMs = nowMs + leaseTermMs(longest);
  // Grants and releases are durable before they are answered: without a holder nobody is waited for.
  const liveUntilMs = record.holder === null && !record.untouched ? nowMs : assumedUntilMs;
  return {
    record: { ...record, T: longest },
    liveUntilMs,
    reservedUntilMs: record.reservedFor === null ? nowMs : assumedUntilMs,
    renewedAtMs: null,
    configuredT: T,
    longerUntilMs: liveUntilMs,
    policy: restorePolicy(record.policy ?? freshPolicy, nowMs, failoversPerHour),
  };
}

/** The record as it is written at `nowMs`, so that whoever reads it can count on from it. */
export function recordToWrite({ record, policy }: StoreState, nowMs: number): StoreRecord {
  return { ...record, policy: policyToWrite(policy, nowMs) };
}

/** Decides one request of `member` at `nowMs`. Never throws. */
export function answerLease(
  state: StoreState,
  member: string,
  request: StoreRequest,
  nowMs: number,
): StoreTurn {
  const { retired } = state.record;
  if (retired !== undefined) return answerRetired(state, member, request, nowMs);
  if (request.storeId !== null && request.storeId !== state.record.storeId) {
    return refuse(state, member, 'store-id', nowMs);
  }
  switch (request.op) {
    case 'read':
      return { state, answer: { result: 'read', view: viewFor(state, member, nowMs) }, durable: false };
    case 'acquire':
      return acquire(state, member, request, nowMs);
    case 'force':
      return force(state, member, request, nowMs);
    case 'renew':
      return renew(state, member, request, nowMs);
    case 'release':
      return release(state, member, request.epoch, request.reservedFor, nowMs);
    case 'seed':
      // It has the record already that this asks for; one under another id is made by the store's shell.
      return { state, answer: { result: 'seeded', view: viewFor(state, member, nowMs) }, durable: false };
    case 'left':
      return noteLeft(state, member, request.left, nowMs);
    case 'retire':
      return retire(state, member, request, nowMs);
    case 'reinstate':
      return { state, answer: { result: 'reinstated', view: viewFor(state, member, nowMs) }, durable: false };
    case 'policy':
      return changeOf(state, member, request.version, request.change, nowMs);
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
    longestT: nowMs < state.liveUntilMs ? record.T : state.configuredT,
    renewedMs: state.renewedAtMs === null ? null : Math.max(0, nowMs - state.renewedAtMs),
    left: record.left,
    forced: record.forced,
    policy: policyView(state.policy, nowMs),
  };
}

function acquire(
  state: StoreState,
  member: string,
  request: Extract<StoreRequest, { op: 'acquire' }>,
  nowMs: number,
): StoreTurn {
  const { record } = state;
  const automatic = request.planned !== true;
  if (nowMs < state.liveUntilMs) return refuse(state, member, 'live', nowMs);
  if (record.reservedFor !== null && record.reservedFor !== member && nowMs < state.reservedUntilMs) {
    return refuse(state, member, 'reserved', nowMs);
  }
  const unfit = unfitFor(state, member, request, automatic, nowMs);
  if (unfit !== null) return refuse(state, member, unfit, nowMs);
  return grant(state, member, nextEpoch(record, request), automatic, nowMs);
}

/**
 * A person's word weighs more than block and reservation, which are about who should be Active. It does not weigh
 * more than a live lease: whoever holds it may be running, whatever the person believes.
 */
function force(
  state: StoreState,
  member: string,
  request: Extract<StoreRequest, { op: 'force' }>,
  nowMs: number,
): StoreTurn {
  if (nowMs < state.liveUntilMs) return refuse(state, member, 'live', nowMs);
  const unfit = unfitFor(state, member, request, false, nowMs);
  if (unfit !== null) return refuse(state, member, unfit, nowMs);
  const epoch = nextEpoch(state.record, request);
  const { by, reason, at, alone } = request.forced;
  return grant(state, member, epoch, false, nowMs, { epoch, by, reason, at, alone });
}

/** Why nothing is granted although no lease is live; so none that was counted longer is live either. */
function unfitFor(
  state: StoreState,
  member: string,
  { epochSeen, T }: { readonly epochSeen: number; readonly T?: number | undefined },
  automatic: boolean,
  nowMs: number,
): LeaseRefusal | null {
  if (epochSeen !== state.record.epoch) return 'epoch';
  return lengthRefusal(T, state.configuredT) ?? policyRefusal(state.policy, member, automatic, nowMs);
}

function nextEpoch(record: StoreRecord, { least = 0 }: { readonly least?: number | undefined }): number {
  return Math.max(record.epoch, least) + 1;
}

function grant(
  state: StoreState,
  member: string,
  epoch: number,
  automatic: boolean,
  nowMs: number,
  forced = state.record.forced,
): StoreTurn {
  const { record, configuredT } = state;
  const policy = policyAfterGrant(state.policy, member, automatic, nowMs);
  const granted = { epoch, holder: member, T: configuredT, reservedFor: null, untouched: false, forced };
  const next: StoreState = {
    record: { ...record, ...granted, policy: policy.record },
    liveUntilMs: nowMs + leaseTermMs(configuredT),
    reservedUntilMs: nowMs,
    renewedAtMs: nowMs,
    configuredT,
    longerUntilMs: nowMs,
    policy,
  };
  return { state: next, answer: { result: 'granted', view: viewFor(next, member, nowMs) }, durable: true };
}

function renew(
  state: StoreState,
  member: string,
  { epoch, T }: { readonly epoch: number; readonly T?: number | undefined },
  nowMs: number,
): StoreTurn {
  const { record, configuredT } = state;
  if (record.holder !== member) return refuse(state, member, 'not-holder', nowMs);
  if (record.epoch !== epoch) return refuse(state, member, 'epoch', nowMs);
  const unfit = lengthRefusal(T, record.T);
  if (unfit !== null) return refuse(state, member, unfit, nowMs);
  const longer = T !== undefined && T > configuredT;
  const shrinks = record.T > configuredT && !longer && nowMs >= state.longerUntilMs;
  const length = shrinks ? configuredT : record.T;
  const liveUntilMs = nowMs + leaseTermMs(length);
  const next: StoreState = {
    ...state,
    record: shrinks ? { ...record, T: length } : record,
    liveUntilMs,
    renewedAtMs: nowMs,
    longerUntilMs: longer ? liveUntilMs : state.longerUntilMs,
  };
  return { state: next, answer: { result: 'renewed', view: viewFor(next, member, nowMs) }, durable: shrinks };
}

/** Why a member that counts its lease for `T` seconds gets none from a store that waits for `longest`. */
function lengthRefusal(T: number | undefined, longest: number): LeaseRefusal | null {
  if (T === undefined) return 'lease-length-missing';
  return T > longest ? 'lease-too-long' : null;
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
    configuredT: state.configuredT,
    longerUntilMs: nowMs,
    policy: state.policy,
  };
  return { state: next, answer: { result: 'released', view: viewFor(next, member, nowMs) }, durable: true };
}

/**
 * A period of peer mode was left. The record keeps the latest, so that the other member learns of it although the
 * two cannot talk, and a late message of an older period changes nothing. Of the present epoch only its own member
 * speaks: nobody lifts by mistake the promise that he has given himself.
 */
function noteLeft(state: StoreState, member: string, left: Period, nowMs: number): StoreTurn {
  const { record } = state;
  if (left.e > record.epoch) return refuse(state, member, 'epoch', nowMs);
  const { lastHolder } = state.policy.record;
  if (left.e === record.epoch && lastHolder !== null && lastHolder !== member) {
    return refuse(state, member, 'not-holder', nowMs);
  }
  const durable = isAbove(left, record.left ?? null);
  const next = durable ? { ...state, record: { ...record, left } } : state;
  return { state: next, answer: { result: 'noted', view: viewFor(next, member, nowMs) }, durable };
}

/** A person's change of the policy. One that was made from an older version is refused: somebody was faster. */
function changeOf(
  state: StoreState,
  member: string,
  version: number,
  change: PolicyChange,
  nowMs: number,
): StoreTurn {
  const policy = changePolicy(state.policy, version, change, nowMs);
  if (policy === null) return refuse(state, member, 'version', nowMs);
  const next: StoreState = { ...state, policy, record: { ...state.record, policy: policy.record } };
  return { state: next, answer: { result: 'changed', view: viewFor(next, member, nowMs) }, durable: true };
}

/** Another store takes its place: from now on everything is refused, and only that can be taken back. */
function retire(
  state: StoreState,
  member: string,
  { epoch, retired }: Extract<StoreRequest, { op: 'retire' }>,
  nowMs: number,
): StoreTurn {
  const why = retiringRefusal(state.record, nowMs < state.liveUntilMs, member, epoch);
  if (why !== null) return refuse(state, member, why, nowMs);
  const next: StoreState = { ...state, record: { ...state.record, retired } };
  return { state: next, answer: farewell(next, member, nowMs), durable: true };
}

function answerRetired(state: StoreState, member: string, request: StoreRequest, nowMs: number): StoreTurn {
  const refusal = { result: 'refused', why: 'retired', view: null } as const;
  switch (judgeRetired(state.record, request)) {
    case 'told':
      return { state, answer: farewell(state, member, nowMs), durable: false };
    case 'refused':
      return { state, answer: refusal, durable: false };
    case 'unseeded':
      return { state, answer: { ...refusal, unseeded: true }, durable: false };
    case 'reinstated': {
      const next: StoreState = { ...state, record: { ...state.record, retired: undefined } };
      const view = viewFor(next, member, nowMs);
      return { state: next, answer: { result: 'reinstated', view }, durable: true };
    }
  }
}

function farewell(state: StoreState, member: string, nowMs: number): StoreAnswer {
  const policy = policyToWrite(state.policy, nowMs);
  return { result: 'retired', view: viewFor(state, member, nowMs), policy };
}

function refuse(state: StoreState, member: string, why: LeaseRefusal, nowMs: number): StoreTurn {
  return { state, answer: { result: 'refused', why, view: viewFor(state, member, nowMs) }, durable: false };
}

function leaseTermMs(T: number): number {
  return Math.round((T + clockDriftBound(T)) * 1000);
}
