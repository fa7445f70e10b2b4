import { peerAliveWords, silenceNeededMs } from '../../shared/failover/rules/forced-words.ts';
import { lastCopyDue } from '../../shared/copying/takeover-loss.ts';
import { attemptsBeforeHandover, engineOff, pollersSettled } from '../../shared/failover/rules/rule.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import type { ChangeTracker } from './change-tracker.ts';

export type ChangeEnd = {
  readonly state: 'done' | 'rolled-back' | 'failed';
  readonly sentence: string;
} | null;

/**
 * How the change that this member follows has ended, if it has; first writes down what its end will be judged by.
 * Throws when that cannot be written.
 */
export function changeEnd(changes: ChangeTracker, facts: MemberFacts): ChangeEnd {
  const own = changes.own();
  if (own?.kind === 'force-takeover') return forcedEnd(facts, own.epoch, changes.ownSinceMs());
  if (own === null || own.kind === 'failover') return takeOverEnd(facts);
  if (facts.peer.role === 'active' && facts.peer.epoch !== null) changes.notePeerActive(facts.peer.epoch);
  return handOverEnd(facts, own.epoch, changes.peerActiveEpoch());
}

export function takeOverEnd(f: MemberFacts): ChangeEnd {
  if (f.lease.held && f.serving && pollersSettled(f)) {
    return { state: 'done', sentence: `${f.self.name} is Active with epoch ${f.memory.epoch}.` };
  }
  if (!f.lease.held && f.lease.holder === f.peer.server && (f.lease.freeInMs ?? 0) > 0) {
    return { state: 'failed', sentence: `${f.self.name} did not take over; ${f.peer.name} holds the lease.` };
  }
  return null;
}

/** After it a forced takeover that has not come to the lease is over: the person must look again. */
const forcedGraceMs = 30_000;

/**
 * A forced takeover ends as not carried out when the other member turns out to be alive, or when what it waits for does
 * not come. Nothing has been changed then.
 *
 * @param epoch of this member when it was asked for
 * @param startedAgoMs null: its server was started anew since, and nobody has stated anything about the other one of now
 */
export function forcedEnd(f: MemberFacts, epoch: number, startedAgoMs: number | null): ChangeEnd {
  if (f.lease.held) return takeOverEnd(f);
  const failed = (why: string): ChangeEnd => ({
    state: 'failed',
    sentence: `${f.self.name} did not take over by force: ${why}.`,
  });
  if (startedAgoMs === null) {
    return failed(
      'this server was started anew or stood still since, or its clock was set; whether the other one is still off has to be seen anew',
    );
  }
  // It has the raised epoch and an engine that may run: its agent is finding its way back. The guards end that in time.
  if (f.memory.epoch > epoch && f.memory.ended < f.memory.epoch && !engineOff(f)) return takeOverEnd(f);
  const alive = peerAliveWords(f);
  if (alive !== null) return failed(alive);
  const { storeReachable, holder, freeInMs, storeRenewedMs } = f.lease;
  const byPeer = storeReachable && holder === f.peer.server && (freeInMs ?? 0) > 0;
  if (byPeer && storeRenewedMs !== null && storeRenewedMs < startedAgoMs) {
    return failed(`${f.peer.name} has renewed its lease since, so it is alive`);
  }
  if (startedAgoMs < 2 * silenceNeededMs(f) + forcedGraceMs) return null;
  return failed('it could not be carried out in time; ixha why tells what held it back');
}

/** A planned move without the last copy would lose messages. */
function lastCopyGivenUp(f: MemberFacts): boolean {
  return lastCopyDue(f) && (f.failures['copy-last']?.count ?? 0) >= attemptsBeforeHandover;
}

/**
 * @param epoch of this member when the change began
 * @param peerActive the higher epoch with which the peer was seen Active since; null: never. Epochs alone do not
 *   tell: a peer that took the lease and gave it back without ever being Active has used one too.
 */
export function handOverEnd(f: MemberFacts, epoch: number, peerActive: number | null): ChangeEnd {
  if (peerActive !== null && f.memory.epoch > peerActive) {
    return {
      state: 'done',
      sentence: `${f.peer.name} took over; ${f.self.name} has become Active again since.`,
    };
  }
  if (peerActive !== null && f.memory.ended >= epoch) {
    return { state: 'done', sentence: `${f.peer.name} is Active with epoch ${peerActive}.` };
  }
  if (f.memory.epoch > epoch && f.lease.held && f.serving) {
    return {
      state: 'rolled-back',
      sentence: `${f.peer.name} did not take over; ${f.self.name} is Active again.`,
    };
  }
  const failed = f.failures['copy-last'];
  if (f.memory.epoch === epoch && f.memory.ended < epoch && f.lease.held && lastCopyGivenUp(f)) {
    return {
      state: 'rolled-back',
      sentence: `The last copy could not be completed on ${f.peer.name} (${failed?.why ?? ''}): ${f.self.name} stays Active.`,
    };
  }
  // Its epoch has not ended: it serves again under the lease that it has, or on the peer's promise. Nobody could take
  // the cluster over.
  if (f.memory.epoch === epoch && f.memory.ended < epoch && f.lease.held && !f.lease.storeReachable) {
    const why = f.lease.trouble === null ? '' : ` (${f.lease.trouble})`;
    return {
      state: 'rolled-back',
      sentence: `The lease store was lost before ${f.self.name} had given its lease up${why}: it stays Active.`,
    };
  }
  return null;
}
