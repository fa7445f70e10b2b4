import type { Blocker } from '../agent-api/member-snapshot.ts';
import { forcedAbove } from '../lease/forced.ts';
import type { MemberFacts } from './member-facts.ts';
import { leftOutWords } from './rules/forced-words.ts';

/** Why only a person can let this member take part again, and what has to come first. */
export interface Readmission {
  readonly kind: 'forced-out' | 'foreign-state';
  readonly why: string;
  /** Empty: it can be re-admitted now. */
  readonly blockers: readonly Blocker[];
}

/** Null: this member needs nobody's word. */
export function readmissionOf(f: MemberFacts): Readmission | null {
  const { expelled } = f.forced;
  if (f.memory.needsPerson) {
    return {
      kind: 'foreign-state',
      why: `Its durable state is not its own: ${f.memory.damaged}.`,
      blockers: [],
    };
  }
  if (expelled === null) return null;
  const why = `${leftOutWords(expelled, { self: f.self.name, peer: f.peer.name })}.`;
  return { kind: 'forced-out', why, blockers: forcedOutBlockers(f, expelled.epoch) };
}

/**
 * As long as the other member runs without the lease store, the store does not know that its lease is not free: then
 * nobody else may ask for it. Only that member's own word tells: the store may have granted it what never reached it.
 */
function forcedOutBlockers(f: MemberFacts, epoch: number): Blocker[] {
  const { lease, peer } = f;
  const remedy = `Bring the lease store back, and wait until ${peer.name} has its lease from it.`;
  if (!peer.heard) {
    const reason = `${peer.name} is not heard, so whether it still runs without the lease store is not known.`;
    const off = `If ${peer.name} is off and stays so, force the takeover of ${f.self.name} instead.`;
    return [{ code: 'peer-silent', reason, remedy: `Bring ${peer.name} or the way to it back. ${off}` }];
  }
  if (peer.forced?.withoutStore === true) {
    const reason = `${peer.name} still runs without the lease store.`;
    return [{ code: 'peer-without-store', reason, remedy }];
  }
  if (!lease.storeReachable) {
    const reason = `The lease store cannot be used: ${lease.trouble ?? 'it does not answer'}.`;
    const replaced = `If it was replaced, ask for its replacement once more: ${f.self.name} then belongs to it too.`;
    return [{ code: 'store-silent', reason, remedy: `${remedy} ${replaced}` }];
  }
  const { storeEpoch, storeForced } = lease;
  // An epoch above the raised one was granted; or the other member says that it does not live on the raised one, which
  // the store was only begun with.
  const idle = peer.forced?.withoutStore === false && peer.engineRunning === false;
  const waits = idle && (storeEpoch ?? 0) >= epoch;
  if ((storeForced?.epoch ?? 0) >= epoch || (storeEpoch ?? 0) > epoch || waits) return [];
  const reason = 'The lease store does not know of the forced takeover yet.';
  const unfit = `If ${peer.name} cannot become Active, switch it off and force the takeover of ${f.self.name}.`;
  return [{ code: 'store-unaware', reason, remedy: `${remedy} ${unfit}` }];
}

/**
 * The forced takeover without the store that this member must bow to from now on; null: there is none.
 *
 * @param epoch of this member as it is on disk now, which may have been raised since the facts were gathered
 */
export function forcedElsewhere(
  { lease, peer, self }: MemberFacts,
  epoch: number,
): { readonly epoch: number; readonly by: string } | null {
  if (forcedAbove(peer.forced, epoch)) return peer.forced;
  const { storeForced } = lease;
  // A member that has never been Active has nothing that a person could have fenced.
  const known = lease.storeReachable && epoch > 0 && lease.holder !== self.server;
  return known && storeForced?.alone === true && forcedAbove(storeForced, epoch) ? storeForced : null;
}
