import type { MemberFacts } from '../failover/member-facts.ts';

/** What would be lost if this member took over now, as far as it can know. */
export type TakeoverLoss =
  /** Nothing: its own data is the newest, or the last copy was made after the engine had stopped. */
  | { readonly kind: 'none' }
  /** What was written within so long before the end of the Active before. */
  | { readonly kind: 'lag'; readonly lagMs: number }
  /** It cannot be told; why, as the end of a sentence. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Judges the data that lies here against the last holder of the lease; null: a shared directory, where the question
 * does not come up. Only the copy of the epoch that the store names last can be told to be the last holder's.
 *
 * The lag counts up to the last renewal that the store has accepted: whoever does not renew any more stops its engine.
 * Without a word of the store about that it counts up to now, which is more, never less.
 */
export function takeoverLoss(f: MemberFacts): TakeoverLoss | null {
  const { copied } = f.storage;
  if (copied === undefined) return null;
  const { lastHolder, storeEpoch, reservedFor, storeRenewedMs } = f.lease;
  if (copied.state === null) return unknown('what lies in its directory was not told yet');
  if (lastHolder === null && (storeEpoch ?? 0) === 0) return { kind: 'none' };
  if (lastHolder === f.self.server) return { kind: 'none' };
  const { whole, dataEpoch } = copied.state;
  if (storeEpoch === null) return unknown('the lease store has not told whose data is the newest');
  // A person has forced it in, or the store was replaced: what it serves now is the newest there is.
  if (dataEpoch >= storeEpoch) return { kind: 'none' };
  if (whole === null) return unknown(`it has no complete copy of ${f.peer.name}`);
  if (whole.epoch < storeEpoch) {
    return unknown(
      `its last complete copy is of epoch ${whole.epoch}, and the lease store stands at epoch ${storeEpoch}`,
    );
  }
  if (whole.final && reservedFor === f.self.server) return { kind: 'none' };
  if (whole.readAtMs === null) {
    return unknown('its last complete copy is from before this server was started');
  }
  return { kind: 'lag', lagMs: Math.max(0, f.nowMs - whole.readAtMs - (storeRenewedMs ?? 0)) };
}

function unknown(why: string): TakeoverLoss {
  return { kind: 'unknown', why };
}

/** Whether the copy that must be complete before this member gives its lease up by itself is still to be made. */
export function lastCopyDue(f: MemberFacts): boolean {
  const { copied } = f.storage;
  return copied !== undefined && copied.state?.givenEpoch !== f.memory.epoch;
}
