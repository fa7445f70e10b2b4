import type { MemberFacts } from '../member-facts.ts';
import { fenceMustStay } from './forced-words.ts';

/** Active without a lease, on the peer's promise. */
export function livesOnPromise(f: MemberFacts): boolean {
  return f.lease.held && f.peerMode.livesOn !== null;
}

const storeTrouble = (f: MemberFacts) => f.lease.trouble ?? 'it does not answer';

/** Why peer mode switches automatic failover off, as a sentence; null: it does not. */
export function failoverOff({ peerMode: { livesOn, given }, lease, peer, self }: MemberFacts): string | null {
  if (livesOn === null && given === null) return null;
  const [giver, taker] = livesOn === null ? [self.name, peer.name] : [peer.name, self.name];
  const promise = `${giver} has promised ${taker} not to take over`;
  return lease.storeReachable
    ? `The lease store answers again, but ${promise} while it was lost.`
    : `The lease store is lost, and ${promise}.`;
}

/** Why an Active goes on without a lease, and what that costs. */
export function onPromiseReason(f: MemberFacts): string {
  const { peer } = f;
  const promise = `${peer.name} has promised not to take over`;
  if (f.lease.storeReachable) {
    return `it has no lease yet, and ${promise}; ${storeIsBack(f)}; automatic failover is off until then`;
  }
  const store = `the lease store cannot be used: ${storeTrouble(f)}`;
  if (peer.reachable) return `${store}; ${promise}, so automatic failover is off until the store is back`;
  return `${store}, and ${peer.name} does not answer either; ${promise}, so it goes on alone and nobody takes over if it fails: bring the lease store or ${peer.name} back`;
}

function storeIsBack(f: MemberFacts): string {
  const { storeEpoch, freeInMs } = f.lease;
  if (storeEpoch === f.memory.epoch) return 'the lease store answers again and renews its lease next';
  const when = (freeInMs ?? 0) > 0 ? 'once no lease is live there' : 'now';
  return `the lease store answers again with epoch ${storeEpoch ?? 0}, which nobody uses, and it acquires the next one ${when}`;
}

/** Why a Passive takes nothing over, whatever it sees. */
export function promiseGivenReason(f: MemberFacts): string {
  const { peer } = f;
  const promise = `it has promised ${peer.name} not to take over`;
  if (f.lease.storeReachable) {
    return `${promise} while the lease store was lost; the store answers again, and automatic failover is off until ${peer.name} has its lease back${peer.reachable ? '' : `; ${silentPromised(f)}`}`;
  }
  const off = `automatic failover is off because the lease store is lost (${storeTrouble(f)}); ${promise}`;
  if (!peer.reachable) {
    return `${off}; ${peer.name} does not answer, so whether it is Active is not known: bring the lease store or ${peer.name} back`;
  }
  return peer.role === 'active'
    ? `${off}, which is Active`
    : `${off}, which is not Active now: bring the lease store back, or see why on ${peer.name}`;
}

/** The other member, which holds the promise, is silent although the store answers. */
function silentPromised({ peer, forced }: MemberFacts): string {
  return forced.fence === null
    ? `${peer.name} does not answer, so whether it is Active is not known: bring it back`
    : `${peer.name} ${fenceMustStay[forced.fence.statement]}: a person can force the takeover`;
}

/** Why a member that lived on a promise does not start its engine again. */
export function promiseLapsedReason(f: MemberFacts): string {
  const until = `it starts again when the lease store renews its lease or ${f.peer.name} promises anew`;
  return `its engine stopped while the lease store was lost (${storeTrouble(f)}); ${until}${questionWords(f)}`;
}

/** How far the question for a promise is, to be added to a sentence. */
export function questionWords(f: MemberFacts): string {
  const { peer, peerMode } = f;
  const { question } = peerMode;
  if (question === null) return '';
  if (!peer.reachable) return `; ${peer.name}, which could promise not to take over, does not answer`;
  if (question === 'waiting') return `; ${peer.name} is asked to promise not to take over`;
  if (question === 'store-reached') return `; ${peer.name} reaches the store, so it makes no promise`;
  if (question === 'not-understood') {
    return `; the agent of ${peer.name} is of an earlier release and cannot promise not to take over`;
  }
  return `; ${peer.name} makes no promise: ${question.refused}`;
}
