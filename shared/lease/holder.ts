/**
 * The holder's side of the lease as a pure reducer (docs/failover.md, "Lease mode").
 *
 * The shell owns the socket, the disk and the timers. It must
 * - take `sentMs` before a request leaves;
 * - fsync the new epoch before it acts on `granted`;
 * - fsync `ended` before it sends a release.
 */
import type { LeaseAnswer, LeaseRequest, LeaseView } from '../agent-api/lease-frames.ts';
import type { ForcedNote } from './forced.ts';
import type { Period } from './period.ts';
import type { RetiredNote } from './retired-store.ts';
import type { PolicyChange, PolicyRecord } from './store-policy.ts';
import { leaseInstants, type TimingPolicy } from './timing.ts';

/** What survives a restart of the agent. */
export interface HolderMemory {
  /** Highest epoch ever granted to this member and written down. */
  readonly epoch: number;
  /** Nothing is renewed, started or kept under an epoch at or below this one. */
  readonly ended: number;
  /** The store this member belongs to; null until the first answer of a never used member. */
  readonly storeId: string | null;
  /**
   * The highest epoch known when a forced takeover without the store raised this member's own above it; absent: the
   * own epoch was granted. A store that knows at least this one has not lost its memory.
   */
  readonly jumpedFrom?: number | undefined;
}

export interface HolderState {
  readonly memory: HolderMemory;
  /** Set while the lease is ours by our own clock; past `validUntilMs` it is worthless. */
  readonly lease: { readonly epoch: number; readonly sentMs: number; readonly validUntilMs: number } | null;
  readonly pending: ReadonlyMap<number, { readonly op: LeaseRequest['op']; readonly sentMs: number }>;
  readonly nextId: number;
  /** The store's newest answer and when its request was sent. */
  readonly seen: {
    readonly view: LeaseView;
    readonly sentMs: number;
    readonly receivedMs: number;
    readonly roundTripMs: number;
  } | null;
}

/** What the shell has to do about an answer. */
export type HolderEffect =
  | { readonly kind: 'granted'; readonly epoch: number }
  | { readonly kind: 'renewed'; readonly validUntilMs: number }
  | { readonly kind: 'lost'; readonly epoch: number; readonly why: string }
  | { readonly kind: 'released'; readonly epoch: number }
  | { readonly kind: 'pin-store'; readonly storeId: string }
  /** The store grants and renews nothing any more; what it knew beside the lease. */
  | { readonly kind: 'retired'; readonly policy: PolicyRecord }
  /** An answer that must not be used, with why: it is journalled and nothing else. */
  | { readonly kind: 'ignored'; readonly why: string };

export function newHolder(memory: HolderMemory): HolderState {
  return { memory, lease: null, pending: new Map(), nextId: 1, seen: null };
}

/** Oldest unanswered requests are forgotten beyond this many; a store that is silent for long. */
const maxPending = 64;

type RequestBody =
  | { readonly op: 'read' }
  | { readonly op: 'acquire'; readonly planned?: boolean }
  | {
      readonly op: 'force';
      readonly forced: Omit<ForcedNote, 'epoch'>;
      /** The highest epoch that is known anywhere: what a person forces is granted above it. */
      readonly least?: number;
    }
  | { readonly op: 'renew' }
  | { readonly op: 'release'; readonly reservedFor: string | null }
  | { readonly op: 'left'; readonly left: Period }
  | { readonly op: 'seed'; readonly epoch: number; readonly policy?: PolicyRecord | undefined }
  | { readonly op: 'retire'; readonly retired: RetiredNote }
  | { readonly op: 'reinstate' }
  | { readonly op: 'policy'; readonly version: number; readonly change: PolicyChange };

/**
 * Prepares one request sent at `sentMs`, which tells the T that its answer will be counted by. Returns null when
 * the member may not ask for that.
 */
export function prepareRequest(
  state: HolderState,
  cluster: string,
  body: RequestBody,
  sentMs: number,
  { T }: TimingPolicy,
): { readonly state: HolderState; readonly request: LeaseRequest } | null {
  const base = { id: state.nextId, cluster, storeId: state.memory.storeId };
  const request = isPersons(body) ? personsRequest(state, base, body) : buildRequest(state, base, body, T);
  if (request === null) return null;
  const pending = new Map(state.pending).set(request.id, { op: request.op, sentMs });
  for (const id of pending.keys()) {
    if (pending.size <= maxPending) break;
    pending.delete(id);
  }
  return { state: { ...state, pending, nextId: state.nextId + 1 }, request };
}

/** What a person has the store itself asked for, and not the lease. */
type PersonsBody = Extract<RequestBody, { readonly op: 'seed' | 'retire' | 'reinstate' }>;

function isPersons(body: RequestBody): body is PersonsBody {
  return body.op === 'seed' || body.op === 'retire' || body.op === 'reinstate';
}

/** Under no id of its own a member would take whatever answers for its store. */
function personsRequest(
  { memory, lease }: HolderState,
  base: { id: number; cluster: string; storeId: string | null },
  body: PersonsBody,
): LeaseRequest | null {
  if (base.storeId === null) return null;
  switch (body.op) {
    case 'seed':
      return {
        ...base,
        op: 'seed',
        epoch: body.epoch,
        ...(body.policy === undefined ? {} : { policy: body.policy }),
      };
    case 'retire':
      return lease === null ? null : { ...base, op: 'retire', epoch: memory.epoch, retired: body.retired };
    case 'reinstate':
      return { ...base, op: 'reinstate' };
  }
}

function buildRequest(
  state: HolderState,
  base: { id: number; cluster: string; storeId: string | null },
  body: Exclude<RequestBody, PersonsBody>,
  T: number,
): LeaseRequest | null {
  const { epoch, ended } = state.memory;
  switch (body.op) {
    case 'read':
      return { ...base, op: 'read' };
    case 'acquire':
    case 'force': {
      // Without a view of the record there is no epoch to compare; a store behind us is refused.
      if (state.seen === null || state.seen.view.epoch < leastEpoch(state.memory)) return null;
      const epochSeen = state.seen.view.epoch;
      const least = leastOf(body, epoch);
      const claim = { ...base, T, epochSeen, ...(epochSeen < least ? { least } : {}) };
      return body.op === 'force'
        ? { ...claim, op: 'force', forced: body.forced }
        : { ...claim, op: 'acquire', planned: body.planned ?? false };
    }
    case 'renew':
      // No store has granted an epoch that a person has raised: a refusal of it would say nothing.
      if (state.memory.jumpedFrom !== undefined) return null;
      return epoch > ended && epoch > 0 ? { ...base, op: 'renew', T, epoch } : null;
    case 'left':
      return { ...base, op: 'left', left: body.left };
    case 'policy':
      return { ...base, op: 'policy', version: body.version, change: body.change };
    case 'release':
      // Only after `ended` is durable: from then on a lost answer cannot bring the lease back.
      return epoch > 0 && ended >= epoch && state.memory.jumpedFrom === undefined
        ? { ...base, op: 'release', epoch, reservedFor: body.reservedFor }
        : null;
  }
}

/** Above what is asked for: the own epoch, and by force every epoch that is known. */
function leastOf(body: Extract<RequestBody, { readonly op: 'acquire' | 'force' }>, own: number): number {
  return body.op === 'force' ? Math.max(own, body.least ?? 0) : own;
}

/** What a store must know at least for its answers to be used: below it, it has lost its memory. */
export function leastEpoch({ epoch, jumpedFrom }: Pick<HolderMemory, 'epoch' | 'jumpedFrom'>): number {
  return jumpedFrom ?? epoch;
}

/** Takes in one answer at `nowMs`. Unknown ids and foreign stores are ignored with a reason. */
export function receiveAnswer(
  state: HolderState,
  answer: LeaseAnswer,
  nowMs: number,
  timing: TimingPolicy,
): { readonly state: HolderState; readonly effects: readonly HolderEffect[] } {
  const asked = state.pending.get(answer.id);
  if (asked === undefined) return ignored(state, 'answer to no open request');
  const pending = new Map(state.pending);
  pending.delete(answer.id);
  const open: HolderState = { ...state, pending };
  if (answer.result === 'refused' && answer.view === null) return ignored(open, `refused: ${answer.why}`);
  const view = answer.view;
  if (view === null) return ignored(open, 'answer without a view');
  if (open.memory.storeId !== null && view.storeId !== open.memory.storeId) {
    return ignored(open, `store ${view.storeId} answers, this member belongs to ${open.memory.storeId}`);
  }
  if (view.epoch < leastEpoch(open.memory)) {
    return ignored(open, `the store's epoch ${view.epoch} is below our own ${open.memory.epoch}`);
  }
  const noted = noteView(open, view, asked.sentMs, nowMs);
  const outcome = applyAnswer(noted.state, answer, asked, nowMs, timing);
  return { state: outcome.state, effects: [...noted.effects, ...outcome.effects] };
}

function noteView(state: HolderState, view: LeaseView, sentMs: number, nowMs: number) {
  const newer = state.seen === null || sentMs >= state.seen.sentMs;
  const seen = newer ? { view, sentMs, receivedMs: nowMs, roundTripMs: nowMs - sentMs } : state.seen;
  const pins = state.memory.storeId === null;
  const memory = pins ? { ...state.memory, storeId: view.storeId } : state.memory;
  const effects: HolderEffect[] = pins ? [{ kind: 'pin-store', storeId: view.storeId }] : [];
  return { state: { ...state, seen, memory }, effects };
}

function applyAnswer(
  state: HolderState,
  answer: LeaseAnswer,
  asked: { readonly op: LeaseRequest['op']; readonly sentMs: number },
  nowMs: number,
  timing: TimingPolicy,
): { readonly state: HolderState; readonly effects: readonly HolderEffect[] } {
  const { sentMs } = asked;
  const instants = leaseInstants(timing);
  const stillUsable = nowMs < sentMs + instants.lastUseMs;
  switch (answer.result) {
    case 'read':
    case 'changed':
    case 'noted':
    case 'seeded':
    case 'reinstated':
      return { state, effects: [] };
    case 'retired':
      return { state, effects: [{ kind: 'retired', policy: answer.policy }] };
    case 'granted': {
      const epoch = answer.view.epoch;
      if (epoch <= state.memory.epoch || epoch <= state.memory.ended) {
        return ignored(state, `granted epoch ${epoch} is not above our own ${state.memory.epoch}`);
      }
      if (!stillUsable) return ignored(state, `grant of epoch ${epoch} came too late to be used`);
      return {
        state: {
          ...state,
          memory: { ...state.memory, epoch, jumpedFrom: undefined },
          lease: { epoch, sentMs, validUntilMs: sentMs + instants.validMs },
        },
        effects: [{ kind: 'granted', epoch }],
      };
    }
    case 'renewed':
      return applyRenewal(state, answer.view.epoch, sentMs, stillUsable, instants.validMs);
    case 'released': {
      const epoch = state.memory.epoch;
      return { state: { ...state, lease: null }, effects: [{ kind: 'released', epoch }] };
    }
    case 'refused':
      return applyRefusal(state, answer.why, asked);
  }
}

function applyRenewal(
  state: HolderState,
  epoch: number,
  sentMs: number,
  stillUsable: boolean,
  validMs: number,
): { readonly state: HolderState; readonly effects: readonly HolderEffect[] } {
  if (epoch !== state.memory.epoch)
    return ignored(state, `renewal of epoch ${epoch}, ours is ${state.memory.epoch}`);
  if (epoch <= state.memory.ended) return ignored(state, `renewal of epoch ${epoch}, which has ended`);
  if (!stillUsable) return ignored(state, `renewal of epoch ${epoch} came too late to be used`);
  if (state.lease !== null && state.lease.sentMs >= sentMs) return { state, effects: [] };
  const validUntilMs = sentMs + validMs;
  return {
    state: { ...state, lease: { epoch, sentMs, validUntilMs } },
    effects: [{ kind: 'renewed', validUntilMs }],
  };
}

/**
 * A renewal of epoch e refused as `not-holder` or `epoch` is final for e: the record has moved on and epochs
 * never come back. A refusal of an older epoch's renewal must not take a newer lease away.
 */
function applyRefusal(
  state: HolderState,
  why: string,
  asked: { readonly op: LeaseRequest['op']; readonly sentMs: number },
): { readonly state: HolderState; readonly effects: readonly HolderEffect[] } {
  const final = asked.op === 'renew' && (why === 'not-holder' || why === 'epoch');
  const overtaken = state.lease !== null && asked.sentMs < state.lease.sentMs;
  if (!final || overtaken) return ignored(state, `${asked.op} refused: ${why}`);
  return { state: { ...state, lease: null }, effects: [{ kind: 'lost', epoch: state.memory.epoch, why }] };
}

/** Marks an epoch as ended. The shell has fsynced it before. */
export function endEpoch(state: HolderState, epoch: number): HolderState {
  const ended = Math.max(state.memory.ended, epoch);
  const lease = state.lease !== null && state.lease.epoch <= ended ? null : state.lease;
  return { ...state, memory: { ...state.memory, ended }, lease };
}

/**
 * The member belongs to another store from now on; it is on disk. What the old one has answered counts no more, and
 * what it answers yet is not used.
 */
export function repinStore(state: HolderState, storeId: string): HolderState {
  return { ...state, memory: { ...state.memory, storeId }, pending: new Map(), seen: null };
}

/** Gives up the lease without asking anybody, after a jump of the clocks or a dead loop. */
export function forgetLease(state: HolderState): HolderState {
  return { ...state, lease: null, pending: new Map() };
}

/** Milliseconds that the lease is still ours by our own clock; 0 when it is not. */
export function leaseLeftMs(state: HolderState, nowMs: number): number {
  return state.lease === null ? 0 : Math.max(0, state.lease.validUntilMs - nowMs);
}

/** The store's `freeInMs`, counted down since its answer was made; null when nothing is known. */
export function freeInMs(state: HolderState, nowMs: number): number | null {
  if (state.seen === null) return null;
  // Counted from the receipt: the answer was made no later than that, so this never asks too early by much
  // and asking early is harmless, since only the store decides.
  return Math.max(0, state.seen.view.freeInMs - (nowMs - state.seen.receivedMs));
}

function ignored(state: HolderState, why: string) {
  return { state, effects: [{ kind: 'ignored', why } as const] };
}
