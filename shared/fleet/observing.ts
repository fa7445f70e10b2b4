import type { Blocker } from '../agent-api/member-snapshot.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** A cluster that is not armed, or not yet on all of its members. */
export interface ObservedCluster {
  /** Some of its members are armed already, or are being armed. */
  readonly halfArmed: boolean;
  /** What speaks against arming it, and who says so. */
  readonly blockers: readonly { readonly member: MemberSight; readonly blocker: Blocker }[];
}

/** Whether a cluster is only observed, by what its members that answer tell; null: it is armed. */
export function observedCluster({ members }: ClusterSight): ObservedCluster | null {
  const heard = members.filter(({ silent, snapshot }) => !silent && snapshot !== null);
  const unarmed = heard.filter(({ snapshot }) => snapshot!.mode !== undefined);
  if (unarmed.length === 0) return null;
  return {
    halfArmed: heard.some(({ snapshot }) => snapshot!.mode !== 'observe'),
    blockers: unarmed.flatMap((member) =>
      (member.snapshot!.arming?.blockers ?? []).map((blocker) => ({ member, blocker })),
    ),
  };
}

/** What a person does next with an observed cluster, as sentences. */
export function observedWords({ halfArmed, blockers }: ObservedCluster): string {
  const against = blockers.map(({ member, blocker }) => `${member.name}: ${blocker.reason}`);
  if (against.length > 0) return `It cannot be armed yet. ${against.join(' ')}`;
  const begun = halfArmed ? 'Arming has begun and goes on' : 'Nothing speaks against arming it';
  return `${begun}: on the page Servers, or by npm run site -- arm FILE. Until then nobody takes over.`;
}
