import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { formatSeconds, formatSpan } from './age.ts';
import { clusterRole } from './cluster-role.ts';
import { peerSilentFor } from './peer-hearing.ts';
import { leftNow, type ClusterSight } from './sight.ts';

export type FailoverState = MemberSnapshot['automaticFailover']['state'] | 'waiting';

/** State of automatic failover of one cluster, for the top bar. */
export interface FailoverSight {
  readonly state: FailoverState;
  /** `on` · `waiting 6.0 s` · `blocked 42 min`. */
  readonly word: string;
  readonly reason: string;
}

/** Joins what the members that answer say; the least able one counts. */
export function failoverSight(sight: ClusterSight): FailoverSight {
  const heard = sight.members.filter((member) => !member.silent && member.snapshot !== null);
  const waiting = waitingFor(sight);
  if (waiting) return waiting;
  const [worst] = heard
    .map((member) => ({ member, automatic: member.snapshot!.automaticFailover }))
    .sort((a, b) => rank[a.automatic.state] - rank[b.automatic.state]);
  if (!worst) return { state: 'not-known', word: 'not known', reason: 'No member answers.' };
  const { state, reason, untilMs } = worst.automatic;
  const left = leftNow(worst.member, untilMs ?? null);
  return { state, word: left === null ? words[state] : `${words[state]} ${formatSpan(left)}`, reason };
}

const rank: Record<MemberSnapshot['automaticFailover']['state'], number> = {
  blocked: 0,
  maintenance: 1,
  'peer-mode': 2,
  off: 3,
  'not-known': 4,
  on: 5,
};

const words: Record<MemberSnapshot['automaticFailover']['state'], string> = {
  on: 'on',
  off: 'off',
  blocked: 'blocked',
  maintenance: 'maintenance',
  'peer-mode': 'peer mode',
  'not-known': 'not known',
};

/** The Active is silent and the other member counts down to the end of its lease. */
function waitingFor(sight: ClusterSight): FailoverSight | undefined {
  if (clusterRole(sight).kind !== 'not-known') return undefined;
  const waiter = sight.members.find(
    (member) => member.role.kind === 'passive' && peerSilentFor(member) !== null,
  );
  const left = waiter ? leftNow(waiter, waiter.snapshot?.lease.freeInMs ?? null) : null;
  if (!waiter?.snapshot || left === null) return undefined;
  return {
    state: 'waiting',
    word: `waiting ${formatSeconds(left)} s`,
    reason: waiter.snapshot.decision.reason,
  };
}
