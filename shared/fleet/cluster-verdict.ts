import { clusterRole, otherMember, type ClusterRole } from './cluster-role.ts';
import { conflictWords } from './conflict.ts';
import { stillHeardByPeer } from './peer-hearing.ts';
import { clusterFindings, type Finding } from './findings.ts';
import { formatSpan } from './age.ts';
import { holdNow } from './hold.ts';
import { observedCluster, observedWords, type ObservedCluster } from './observing.ts';
import { peerModeSight } from './peer-mode.ts';
import { protection } from './protection.ts';
import { recoveryEstimate, type RecoveryEstimate } from './recovery.ts';
import { leftNow, type ClusterSight, type MemberSight } from './sight.ts';
import { decisionSentence, endSentence } from './wording.ts';

/**
 * Can this cluster fail over now? The one answer that every screen shows, in its own words.
 * ready · caution (it can, look at it) · cannot · not-known (counts as not ready) · changing (a move
 * runs) · observing (it is not armed, nothing is done) · maintenance (a person holds it still, its Active is well) · no-answer (the Active is silent) · no-active · conflict.
 */
export type VerdictKind =
  | 'ready'
  | 'caution'
  | 'cannot'
  | 'not-known'
  | 'changing'
  | 'observing'
  | 'maintenance'
  | 'no-answer'
  | 'no-active'
  | 'conflict';

export interface ClusterVerdict {
  readonly kind: VerdictKind;
  /** For the pill: `Can fail over now`. */
  readonly label: string;
  /** The whole sentence: `WK1 can fail over now`. */
  readonly sentence: string;
  /** What it means for messages, where the label alone could frighten; empty: nothing to add. */
  readonly detail: string;
  readonly findings: readonly Finding[];
  /** Time without an Active after a crash of it; null: nobody is known who could take over. */
  readonly recovery: RecoveryEstimate | null;
}

type Judgement = Omit<ClusterVerdict, 'findings' | 'recovery'>;

export function clusterVerdict(sight: ClusterSight): ClusterVerdict {
  const findings = clusterFindings(sight);
  const role = clusterRole(sight);
  const judgement = judge(sight, role, findings);
  const active = role.kind === 'one' && isReady(judgement) ? role.active : undefined;
  return { ...judgement, findings, recovery: active ? recoveryEstimate(sight, active) : null };
}

/** True when a failover would work by all that is known. Unknown counts as not ready. */
export function isReady(verdict: Pick<ClusterVerdict, 'kind'>): boolean {
  return verdict.kind === 'ready' || verdict.kind === 'caution';
}

function judge(sight: ClusterSight, role: ClusterRole, findings: readonly Finding[]): Judgement {
  const { id } = sight.cluster;
  if (role.kind === 'conflict') {
    const { title, next } = conflictWords(sight, role);
    return { kind: 'conflict', label: 'Conflict', sentence: title, detail: next };
  }
  if (role.kind === 'not-known') return notKnown(sight, role.was);
  const observed = observedCluster(sight);
  if (observed) return observing(id, observed);
  const moving = movingTo(sight);
  if (moving) return { kind: 'changing', ...moving, detail: '' };
  switch (role.kind) {
    case 'changing':
      return changing(id, role.member);
    case 'none':
      return {
        kind: 'no-active',
        label: 'No Active',
        sentence: `${id} has no Active`,
        detail: 'Senders keep their messages and send them again.',
      };
    case 'one':
      return oneActive(sight, role.active, findings);
  }
}

function observing(id: string, observed: ObservedCluster): Judgement {
  return {
    kind: 'observing',
    label: observed.halfArmed ? 'Observing, arming begun' : 'Observing',
    sentence: `${id} is only observed, nothing is done`,
    detail: observedWords(observed),
  };
}

/** What a running operation does, in words; undefined when none runs. */
function movingTo(sight: ClusterSight): Pick<Judgement, 'label' | 'sentence'> | undefined {
  const { id } = sight.cluster;
  const running = sight.cluster.operations.find((operation) => operation.state === 'running');
  const to = sight.members.find((member) => member.server === running?.to)?.name;
  if (!running || !to) return undefined;
  return running.kind === 'failover'
    ? { label: `${to} takes over`, sentence: `${to} takes ${id} over` }
    : { label: `Moving to ${to}`, sentence: `${id} moves to ${to}` };
}

function changing(id: string, member: MemberSight): Judgement {
  const { name } = member;
  return member.role.kind === 'stopping'
    ? { kind: 'changing', label: `Stopping on ${name}`, sentence: `${id} stops on ${name}`, detail: '' }
    : { kind: 'changing', label: `${name} takes over`, sentence: `${name} takes ${id} over`, detail: '' };
}

function notKnown(sight: ClusterSight, was: MemberSight | null): Judgement {
  const { id } = sight.cluster;
  if (!was) {
    const silent = sight.members.filter((member) => member.role.kind === 'unknown');
    return {
      kind: 'not-known',
      label: 'Not known',
      sentence: `Who is Active for ${id} is not known`,
      detail: `${silent.map(({ name, role }) => `${name}: ${role.why ?? 'not known'}`).join('. ')}.`,
    };
  }
  const other = otherMember(sight, was);
  if (other && stillHeardByPeer(sight, was)) {
    return {
      kind: 'not-known',
      label: 'Not known',
      sentence: `${id}: ${was.name} does not answer this console`,
      detail: `${other.name} still hears it; only this console does not.`,
    };
  }
  const peerMode = peerModeSight(sight);
  if (peerMode) {
    return {
      kind: 'no-answer',
      label: `${was.name} does not answer`,
      sentence: `${id}: ${was.name}, the Active, does not answer`,
      detail: `${peerMode.sentence} ${peerMode.next}`,
    };
  }
  const waits = other?.role.kind === 'passive';
  const left = waits ? leftNow(other, other.snapshot?.lease.freeInMs ?? null) : null;
  if (other?.snapshot && left === 0) {
    return {
      kind: 'no-answer',
      label: `${was.name} does not answer`,
      sentence: `${id}: ${was.name}, the Active, does not answer`,
      detail: `Its lease has run out. ${decisionSentence(other.snapshot.decision)}`,
    };
  }
  return {
    kind: 'no-answer',
    label: `${was.name} does not answer`,
    sentence: `${id}: ${was.name}, the Active, does not answer`,
    detail: waits
      ? `Nothing is processed twice: ${other.name} stays Passive until the lease has run out.`
      : 'No member answers. What runs goes on by itself; it cannot be seen from here.',
  };
}

function oneActive(sight: ClusterSight, active: MemberSight, findings: readonly Finding[]): Judgement {
  const { id } = sight.cluster;
  const hold = holdNow(sight);
  if (hold?.kind === 'maintenance') {
    const left = hold.leftMs === null ? '' : `, ${formatSpan(hold.leftMs)} left`;
    return {
      kind: 'maintenance',
      label: `Maintenance${left}`,
      sentence: `${id} is in maintenance`,
      detail: endSentence(hold.reason),
    };
  }
  const peerMode = peerModeSight(sight);
  if (peerMode) {
    return {
      kind: 'cannot',
      label: 'Cannot fail over',
      sentence: `${id} runs on without the lease store and cannot fail over`,
      detail: peerMode.sentence,
    };
  }
  const offered = protection(sight, active);
  if (offered.kind === 'unprotected') {
    return {
      kind: 'cannot',
      label: 'Cannot fail over',
      sentence: `${id} cannot fail over`,
      detail: offered.why,
    };
  }
  if (offered.kind === 'not-known') {
    return {
      kind: 'not-known',
      label: 'Not known',
      sentence: `Whether ${id} can fail over is not known`,
      detail: offered.why,
    };
  }
  const cautions = findings.length;
  const sentence = `${id} can fail over now`;
  if (cautions === 0) return { kind: 'ready', label: 'Can fail over now', sentence, detail: '' };
  const label = `Can fail over, ${cautions} ${cautions === 1 ? 'caution' : 'cautions'}`;
  return { kind: 'caution', label, sentence, detail: '' };
}
