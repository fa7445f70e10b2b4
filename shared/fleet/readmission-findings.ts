import { conditionsOf } from '../notifications/conditions.ts';
import { fenceOf } from './fence.ts';
import type { Finding, Root } from './finding.ts';
import type { ClusterSight, MemberSight } from './sight.ts';
import { endSentence } from './wording.ts';

/** A server that answers has a finding of its own, which says what comes first. */
export function fenceFindings(sight: ClusterSight, member: MemberSight): Finding[] {
  const fence = fenceOf(sight, member);
  if (fence === null || !member.silent) return [];
  const { keeper, by, stated, mustStay } = fence;
  return [
    {
      severity: 'warn',
      root: { kind: 'server', server: member.server },
      title: `${sight.cluster.id}: ${member.name} ${mustStay} until it is re-admitted`,
      text: `${by} states that it ${stated}. Once ${keeper.name} has its lease from the lease store, bring it back and re-admit it; until then it takes no part.`,
      ageMs: keeper.heardMs,
      runbook: 'left-out',
      alarms: [],
    },
  ];
}

/** Root of everything that follows from a member that takes no part until a person re-admits it. */
export function readmissionRoot(sight: ClusterSight): Root | undefined {
  const out = sight.members.find((member) => readmissionOf(member)?.kind === 'forced-out');
  return out && { kind: 'cluster', cluster: sight.cluster.id, what: `${out.server} forced-out` };
}

function readmissionOf(member: MemberSight) {
  return member.silent ? null : (member.snapshot?.forced?.readmission ?? null);
}

/** A member that takes no part, and what has to come first. */
/** The alarms by which its agent tells that it takes no part. */
function blockerAlarms({ server, silent, snapshot }: MemberSight): Finding['alarms'] {
  if (silent || snapshot === null) return [];
  return conditionsOf(snapshot)
    .filter(({ kind }) => kind === 'not-ready')
    .map(({ name }) => ({ server, name }));
}

export function readmissionFindings(sight: ClusterSight, member: MemberSight): Finding[] {
  const needed = readmissionOf(member);
  const root = readmissionRoot(sight);
  if (needed?.kind !== 'forced-out' || root === undefined) return [];
  const [first] = needed.blockers;
  const next = first ? `${first.reason} ${first.remedy}` : `Re-admit ${member.name}.`;
  return [
    {
      severity: 'danger',
      root,
      title: `${sight.cluster.id}: ${member.name} takes no part until it is re-admitted`,
      text: `${endSentence(needed.why)} Nobody takes over if its peer fails. ${next}`,
      ageMs: member.heardMs,
      runbook: 'left-out',
      alarms: blockerAlarms(member),
    },
  ];
}
