import type { FenceStatement } from '../../lease/forced.ts';
import { clockDriftBound } from '../../lease/timing.ts';
import type { MemberFacts } from '../member-facts.ts';
import { minutes, seconds } from './rule.ts';

/** What a person states about a server, as the end of "states that ig-north …". */
export const statementWords: Record<FenceStatement, string> = {
  'power-off': 'is powered off',
  'network-and-storage-cut': 'is cut off from network and storage',
};

/** And how long that must stay so. */
export const fenceMustStay: Record<FenceStatement, string> = {
  'power-off': 'must stay powered off',
  'network-and-storage-cut': 'must stay cut off from network and storage',
};

/** What shows that the other server is neither off nor cut off, whatever a person states; null: nothing. */
export function peerAliveWords({
  peer,
}: {
  readonly peer: Pick<MemberFacts['peer'], 'name' | 'reachable' | 'heard'>;
}): string | null {
  if (!peer.heard) return null;
  const sign = peer.reachable ? 'answers' : 'does not answer, but its own heartbeats arrive';
  return `${peer.name} ${sign}, so it is neither off nor cut off`;
}

/** Why an Active runs without a lease at a person's word, and what that asks of people. */
export function forcedActiveReason(f: MemberFacts): string {
  const { livesOn, fence } = f.forced;
  const since = livesOn?.sinceMs == null ? '' : ` ${minutes(livesOn.sinceMs)} ago`;
  const word = `${livesOn?.by ?? 'a person'} has forced it to take over without the lease store${since}`;
  const stay =
    fence === null ? '' : `; ${f.peer.name} ${fenceMustStay[fence.statement]} until it is re-admitted`;
  return `${word}${stay}; ${storeNext(f)}`;
}

function storeNext({ lease }: MemberFacts): string {
  if (!lease.storeReachable) {
    const why = lease.trouble ?? 'it does not answer';
    return `automatic failover is off until the lease store can be used again (${why})`;
  }
  const waitMs = lease.freeInMs ?? 0;
  const when = waitMs > 0 ? ` in ${seconds(waitMs)}, when no lease is live there` : '';
  return `the lease store answers again and grants it a lease${when}`;
}

/** For how long nobody must have been heard before the epoch is raised without the store. */
export function silenceNeededMs({ timing }: Pick<MemberFacts, 'timing'>): number {
  return (timing.T + clockDriftBound(timing.T)) * 1000;
}

/** What a takeover that a person has forced still waits for; null: nothing. */
export function forcedWaitReason(f: MemberFacts): string | null {
  if (f.acquireWaitMs > 0)
    return `its own last lease did not end cleanly; it waits another ${seconds(f.acquireWaitMs)}`;
  if (f.lease.storeReachable) {
    const waitMs = f.lease.freeInMs ?? 0;
    if (waitMs === 0) return null;
    const holder =
      f.lease.holder === f.peer.server ? `the lease of ${f.peer.name}` : 'a lease that may be live';
    return `it waits until ${holder} has run out in ${seconds(waitMs)}`;
  }
  if (f.operation?.withoutStore !== true) {
    return `the lease store does not answer now, and it was asked to take over through it`;
  }
  const leftMs = silenceNeededMs(f) - f.nobodyHeardMs;
  return leftMs <= 0
    ? null
    : `neither the lease store nor ${f.peer.name} answers; it waits another ${seconds(leftMs)}, until any lease has run out`;
}

/** What has left a member out, as the beginning of a sentence; the names are those of servers. */
export function leftOutWords(
  { by, epoch }: { readonly by: string; readonly epoch: number },
  { self, peer }: { readonly self: string; readonly peer: string },
): string {
  return `${by} has let ${peer} go on without ${self} under epoch ${epoch}`;
}

/** Why a forced takeover switches automatic failover off, as a sentence; null: it does not. */
export function forcedOff({ forced, self, peer }: MemberFacts): string | null {
  if (forced.livesOn !== null) return `${self.name} runs without the lease store at a person’s word.`;
  if (forced.expelled !== null)
    return `A person has let ${peer.name} go on without ${self.name}, which takes no part.`;
  return null;
}

/** Said before the last click of a forced takeover: no rule can prevent it. */
export function twoEnginesPossible(peer: string): string {
  return `If ${peer} is not off, or not cut off from network and storage, or comes back before it is re-admitted, two engines can process the same messages at once. Nothing in this product can prevent that.`;
}
