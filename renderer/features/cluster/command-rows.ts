import { timedVerbs } from '../../../shared/agent-api/agent-api.ts';
import {
  ixhaVerbNames,
  ixhaVerbs,
  verbCall,
  type IxhaVerb,
  type VerbGroup,
} from '../../../shared/command-line/ixha-verbs.ts';
import { clusterRole, otherMember } from '../../../shared/fleet/cluster-role.ts';
import { moveOffered } from '../../../shared/fleet/move-plan.ts';
import type { ClusterSight, MemberSight } from '../../../shared/fleet/sight.ts';
import { capital } from '../../../shared/fleet/wording.ts';

export interface CommandRow {
  readonly verb: IxhaVerb;
  readonly group: VerbGroup;
  readonly does: string;
  /** From which server it can be given, by its own certificate. */
  readonly where: string;
  readonly command: string;
}

export const groupWords: Readonly<Record<VerbGroup, string>> = {
  look: 'Look',
  move: 'Move',
  hold: 'Hold still',
  repair: 'Repair',
};

/** Every verb of `ixha` as a call about this cluster as it is now. */
export function commandRows(sight: ClusterSight): CommandRow[] {
  return ixhaVerbNames.map((verb) => ({
    verb,
    group: ixhaVerbs[verb].group,
    does: capital(ixhaVerbs[verb].does),
    where: whereOf(sight, verb),
    command: verbCall(verb, { cluster: sight.cluster.id, ...valuesOf(sight, verb) }),
  }));
}

/** Those who can be asked: the Active for planned moves, the one that shall take over for a failover. */
function whereOf(sight: ClusterSight, verb: IxhaVerb): string {
  const role = clusterRole(sight);
  switch (verb) {
    case 'switchover':
    case 'handover':
    case 'failback':
    case 'schedule':
      return role.kind === 'one' ? role.active.name : 'the Active';
    case 'failover':
      return taker(sight)?.name ?? 'the one that takes over';
    case 'compare':
    case 'readmit':
      return notActive(sight).name;
    default:
      return sight.members.map((member) => member.name).join(' or ');
  }
}

function valuesOf(sight: ClusterSight, verb: IxhaVerb): { to?: string; server?: string; minutes?: number } {
  switch (verb) {
    case 'switchover':
    case 'failover':
      return { to: (taker(sight) ?? notActive(sight)).server };
    case 'compare':
    case 'readmit':
      return { server: notActive(sight).server };
    default:
      return timedVerbs.includes(verb) ? { minutes: 30 } : {};
  }
}

function taker(sight: ClusterSight): MemberSight | undefined {
  return moveOffered(sight)?.target;
}

/** The member that is not Active now; where nobody is, the last one. */
function notActive(sight: ClusterSight): MemberSight {
  const role = clusterRole(sight);
  const other = role.kind === 'one' ? otherMember(sight, role.active) : null;
  return other ?? sight.members.at(-1)!;
}
