import { clusterRole, type ClusterRole } from './cluster-role.ts';
import { clusterFindings, type Finding } from './findings.ts';
import type { ClusterSight } from './sight.ts';

/**
 * Can this cluster fail over now?
 * ready · caution (it can, look at it) · cannot · not-known (counts as not ready) · changing (a move
 * runs) · no-answer (the Active is silent) · no-active · conflict.
 */
export type VerdictKind =
  'ready' | 'caution' | 'cannot' | 'not-known' | 'changing' | 'no-answer' | 'no-active' | 'conflict';

export interface ClusterVerdict {
  readonly kind: VerdictKind;
  /** For the pill: `Can fail over now`. */
  readonly label: string;
  /** The whole sentence: `WK1 can fail over now`. */
  readonly sentence: string;
  readonly findings: readonly Finding[];
}

export function clusterVerdict(sight: ClusterSight): ClusterVerdict {
  const findings = clusterFindings(sight);
  const role = clusterRole(sight);
  return { ...judge(sight, role, findings), findings };
}

/** True when a failover would work by all that is known. Unknown counts as not ready. */
export function isReady(verdict: ClusterVerdict): boolean {
  return verdict.kind === 'ready' || verdict.kind === 'caution';
}

function judge(
  sight: ClusterSight,
  role: ClusterRole,
  findings: readonly Finding[],
): Omit<ClusterVerdict, 'findings'> {
  const { id } = sight.cluster;
  switch (role.kind) {
    case 'conflict':
      return { kind: 'conflict', label: 'Conflict', sentence: `${id}: two servers look Active` };
    case 'changing':
      return changing(sight, role.member.name, role.member.role.kind);
    case 'none':
      return { kind: 'no-active', label: 'No Active', sentence: `${id} has no Active` };
    case 'not-known':
      return notKnown(id, role);
    case 'one':
      return oneActive(id, findings);
  }
}

function changing(sight: ClusterSight, name: string, kind: string): Omit<ClusterVerdict, 'findings'> {
  const { id } = sight.cluster;
  const running = sight.cluster.operations.find((operation) => operation.state === 'running');
  const to = sight.members.find((member) => member.server === running?.to)?.name;
  if (running && to) {
    return { kind: 'changing', label: `Moving to ${to}`, sentence: `${id} moves to ${to}` };
  }
  return kind === 'stopping'
    ? { kind: 'changing', label: `Stopping on ${name}`, sentence: `${id} stops on ${name}` }
    : { kind: 'changing', label: `${name} takes over`, sentence: `${id} is being taken over by ${name}` };
}

function notKnown(
  id: string,
  role: Extract<ClusterRole, { kind: 'not-known' }>,
): Omit<ClusterVerdict, 'findings'> {
  if (!role.was) {
    return { kind: 'not-known', label: 'Not known', sentence: `Who is Active for ${id} is not known` };
  }
  const { name } = role.was;
  return {
    kind: 'no-answer',
    label: `${name} does not answer`,
    sentence: `${id}: ${name}, the Active, does not answer`,
  };
}

function oneActive(id: string, findings: readonly Finding[]): Omit<ClusterVerdict, 'findings'> {
  if (findings.some((finding) => finding.severity === 'danger')) {
    return { kind: 'cannot', label: 'Cannot fail over', sentence: `${id} cannot fail over` };
  }
  if (findings.some((finding) => finding.severity === 'unknown')) {
    return { kind: 'not-known', label: 'Not known', sentence: `Whether ${id} can fail over is not known` };
  }
  const cautions = findings.length;
  if (cautions > 0) {
    const label = `Can fail over, ${cautions} ${cautions === 1 ? 'caution' : 'cautions'}`;
    return { kind: 'caution', label, sentence: `${id} can fail over now` };
  }
  return { kind: 'ready', label: 'Can fail over now', sentence: `${id} can fail over now` };
}
