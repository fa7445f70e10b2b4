import type { MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { formatSeconds, formatSpan } from './age.ts';
import { clusterRole } from './cluster-role.ts';
import { clusterVerdict, type ClusterVerdict } from './cluster-verdict.ts';
import { hasPromised } from './peer-mode.ts';
import { peerSilentFor } from './peer-hearing.ts';
import { clusterWideStop, protection } from './protection.ts';
import { leftNow, type ClusterSight } from './sight.ts';
import { endSentence } from './wording.ts';

export type FailoverState = MemberSnapshot['automaticFailover']['state'] | 'waiting' | 'unprotected';

/** State of automatic failover of one cluster, for the top bar. */
export interface FailoverSight {
  readonly state: FailoverState;
  /** `on` · `not protected` · `waiting 6.0 s` · `blocked 42 min`. */
  readonly word: string;
  readonly reason: string;
}

/**
 * What the members say of it, and what the cluster's verdict makes of that: it is not "on" while nobody
 * is known who could take over.
 */
export function failoverSight(
  sight: ClusterSight,
  verdict: ClusterVerdict = clusterVerdict(sight),
): FailoverSight {
  const waiting = waitingFor(sight);
  if (waiting) return waiting;
  const stop = clusterWideStop(sight);
  if (stop) {
    const { state, reason, untilMs } = stop.automatic;
    const left = leftNow(stop.member, untilMs ?? null);
    return { state, word: left === null ? words[state] : `${words[state]} ${formatSpan(left)}`, reason };
  }
  const detail = verdict.detail === '' ? endSentence(verdict.sentence) : verdict.detail;
  switch (verdict.kind) {
    case 'cannot':
    case 'observing':
    case 'conflict':
      return { state: 'unprotected', word: words.unprotected, reason: detail };
    case 'not-known':
    case 'no-answer':
      return { state: 'not-known', word: words['not-known'], reason: detail };
    case 'no-active':
    case 'changing':
      return withoutActive(sight);
    case 'maintenance':
      return { state: 'maintenance', word: words.maintenance, reason: detail };
    case 'ready':
    case 'caution':
      return { state: 'on', word: words.on, reason: endSentence(verdict.sentence) };
  }
}

/** Nobody is Active, or the roles move: on as long as somebody is fit to become Active. */
function withoutActive(sight: ClusterSight): FailoverSight {
  const role = clusterRole(sight);
  const moving = role.kind === 'one' || role.kind === 'changing';
  const heard = sight.members.filter((member) => !member.silent && member.snapshot);
  const told = heard.map((member) => member.snapshot!.automaticFailover);
  const doubt = told.find(({ state }) => state !== 'on');
  if (told.length === 0 || (moving && doubt)) {
    const reason = doubt?.reason ?? 'No member answers.';
    return { state: 'not-known', word: words['not-known'], reason };
  }
  const offered = protection(sight, null);
  if (moving || offered.kind === 'protected') {
    return { state: 'on', word: words.on, reason: told[0]!.reason };
  }
  const state = offered.kind === 'unprotected' ? 'unprotected' : 'not-known';
  return { state, word: words[state], reason: offered.why };
}

const words = {
  on: 'on',
  off: 'off',
  blocked: 'blocked',
  maintenance: 'maintenance',
  'peer-mode': 'peer mode',
  'not-known': 'not known',
  unprotected: 'not protected',
} as const;

/** The Active is silent and the other member counts down to the end of its lease. */
function waitingFor(sight: ClusterSight): FailoverSight | undefined {
  if (clusterRole(sight).kind !== 'not-known') return undefined;
  const waiter = sight.members.find(
    (member) => member.role.kind === 'passive' && peerSilentFor(member) !== null,
  );
  // Who has promised not to take over waits for nothing that runs out.
  if (waiter && hasPromised(waiter)) return undefined;
  const left = waiter ? leftNow(waiter, waiter.snapshot?.lease.freeInMs ?? null) : null;
  if (!waiter?.snapshot || left === null) return undefined;
  // The lease has run out and somebody holds the cluster still: nothing is waited for.
  if (left === 0 && clusterWideStop(sight)) return undefined;
  return {
    state: 'waiting',
    word: `waiting ${formatSeconds(left)} s`,
    reason: waiter.snapshot.decision.reason,
  };
}
