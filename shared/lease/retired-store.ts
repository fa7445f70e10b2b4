/**
 * A lease store whose place another one takes while it works (docs/failover.md, "The lease store is moved").
 *
 * Retired it refuses everything, durably, so that to its members it is a store that is lost: the Active lives on its
 * peer's promise, and both can belong to another one by the rules of a replacement. Refusing is always safe. For how
 * long a lease is live is not touched: the last accepted grant or renewal counts, before as after.
 */
import type { LeaseRefusal, LeaseRequest } from '../agent-api/lease-frames.ts';

/** Who had it retired, when, and what takes its place, for people. */
export interface RetiredNote {
  readonly successor: string;
  readonly by: string;
  readonly at: string;
}

/**
 * Why the store must not be retired at this member's request; null: it may. Only the holder of a live lease asks: its
 * engine runs, and it has the time to ask its peer for a promise.
 */
export function retiringRefusal(
  record: { readonly holder: string | null; readonly epoch: number },
  isLive: boolean,
  member: string,
  epoch: number,
): LeaseRefusal | null {
  if (record.holder !== member || !isLive) return 'not-holder';
  return record.epoch === epoch ? null : 'epoch';
}

/** `told`: the same request again. `unseeded`: a record of the store that the asker belongs to may be made here. */
export type RetiredVerdict = 'refused' | 'told' | 'unseeded' | 'reinstated';

/** What becomes of a request to a retired store. */
export function judgeRetired(
  { storeId }: { readonly storeId: string },
  request: Pick<LeaseRequest, 'op' | 'storeId'>,
): RetiredVerdict {
  if (request.storeId !== storeId) return 'unseeded';
  if (request.op === 'retire') return 'told';
  return request.op === 'reinstate' ? 'reinstated' : 'refused';
}
