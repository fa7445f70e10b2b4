/**
 * Which way the holder's lease traffic takes to the store, as a pure reducer: directly, or through the peer, which
 * relays the raw stream (docs/failover.md, "Renewal through the peer").
 *
 * Both ways at once are safe: the store judges every request by its record, and an answer counts from the sending of
 * its own request, whichever way it came. So this only decides when the second way is worth having, and what people
 * are told.
 */
import { leaseInstants, type TimingPolicy } from './timing.ts';

export type StoreWay = 'direct' | 'through-peer';

export interface StorePath {
  /** What the lease rests on, as people are told it. */
  readonly way: StoreWay;
  readonly sinceMs: number;
  /** The way through the peer is wanted beside the direct one. */
  readonly relayWanted: boolean;
  /** The oldest renewal that the direct way still owes an answer; null: none. */
  readonly owedSinceMs: number | null;
  /** Renewals given to the direct way and not answered there, oldest first. */
  readonly owed: readonly { readonly id: number; readonly sentMs: number }[];
  /** Since when the direct way has answered every renewal in time; null: it has not. */
  readonly wellSinceMs: number | null;
  /** Until then this member may have something to say as the holder. */
  readonly holderUntilMs: number;
}

export interface StorePathTiming {
  /** An answer that takes longer than this is waited for on both ways. */
  readonly openAfterMs: number;
  /** The direct way gives no answer: what arrives through the peer is what keeps the lease. */
  readonly silentMs: number;
  /** For so long the direct way must answer in time before it is trusted alone again. */
  readonly provenMs: number;
  /** After its last word as the holder a member needs no second way. */
  readonly holderMs: number;
}

/** As many renewals as a holder remembers. */
const owedRemembered = 64;

/**
 * The way through the peer is opened so early that two store operations, opening it and a renewal over it, still end
 * before an answer is too late to be used; and no later than half of what one operation may take.
 */
export function storePathTiming(timing: TimingPolicy): StorePathTiming {
  const { T, H, O } = timing;
  const spareMs = leaseInstants(timing).lastUseMs - (H + 2 * O) * 1000;
  return {
    openAfterMs: Math.max((O / 8) * 1000, Math.min((O / 2) * 1000, spareMs)),
    silentMs: O * 1000,
    provenMs: Math.max(5 * H, 2) * 1000,
    holderMs: T * 1000,
  };
}

export function newStorePath(nowMs: number): StorePath {
  return {
    way: 'direct',
    sinceMs: nowMs,
    relayWanted: false,
    owedSinceMs: null,
    owed: [],
    wellSinceMs: null,
    holderUntilMs: nowMs,
  };
}

/** A renewal was given to the direct way, or could not even be sent there. */
export function renewalSent(
  path: StorePath,
  id: number,
  nowMs: number,
  { holderMs }: StorePathTiming,
): StorePath {
  return {
    ...path,
    owed: [...path.owed, { id, sentMs: nowMs }].slice(-owedRemembered),
    owedSinceMs: path.owedSinceMs ?? nowMs,
    holderUntilMs: nowMs + holderMs,
  };
}

/** The holder has given its lease up: that is told by either way as well. */
export function releaseSent(path: StorePath, nowMs: number, { holderMs }: StorePathTiming): StorePath {
  return { ...path, holderUntilMs: nowMs + holderMs };
}

/** An answer came the direct way. What was sent before it is not waited for any more. */
export function directAnswered(
  path: StorePath,
  id: number,
  nowMs: number,
  { openAfterMs }: StorePathTiming,
): StorePath {
  const asked = path.owed.find((one) => one.id === id);
  if (asked === undefined) return path;
  const owed = path.owed.filter((one) => one.id > id);
  const inTime = nowMs - asked.sentMs <= openAfterMs;
  return {
    ...path,
    owed,
    owedSinceMs: owed[0]?.sentMs ?? null,
    wellSinceMs: inTime ? (path.wellSinceMs ?? asked.sentMs) : null,
  };
}

/** An answer to a renewal came through the peer. */
export function peerAnswered(path: StorePath, nowMs: number, { silentMs }: StorePathTiming): StorePath {
  const silent = path.owedSinceMs !== null && nowMs - path.owedSinceMs >= silentMs;
  return path.way === 'direct' && silent ? { ...path, way: 'through-peer', sinceMs: nowMs } : path;
}

/** What time alone has changed. */
export function pathTurned(path: StorePath, nowMs: number, timing: StorePathTiming): StorePath {
  if (nowMs >= path.holderUntilMs) return newStorePath(path.way === 'direct' ? path.sinceMs : nowMs);
  const late = path.owedSinceMs !== null && nowMs - path.owedSinceMs >= timing.openAfterMs;
  if (late) return { ...path, relayWanted: true, wellSinceMs: null };
  const proven = path.wellSinceMs !== null && nowMs - path.wellSinceMs >= timing.provenMs;
  if (!path.relayWanted || !proven) return path;
  const sinceMs = path.way === 'direct' ? path.sinceMs : nowMs;
  return { ...path, relayWanted: false, way: 'direct', sinceMs };
}
