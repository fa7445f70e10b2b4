import { pollersSettled } from '../../shared/failover/rules/rule.ts';
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
  return null;
}
