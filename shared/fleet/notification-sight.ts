import type { NotificationPolicy, NotificationTarget } from '../notifications/policy.ts';
import { placeOfTarget } from '../notifications/policy.ts';
import type { ToldTarget } from '../notifications/told.ts';
import type { MemberSight, SiteSight } from './sight.ts';

/** What one agent says of one target. */
export interface AgentOfTarget {
  readonly member: MemberSight;
  /** Null: it has not been heard, is of an earlier release, or does not have the target. */
  readonly told: ToldTarget | null;
  readonly standing: 'takes' | 'fails' | 'lacks' | 'unknown';
}

/** One target as the site document has it, and as the agents do. */
export interface TargetSight {
  readonly id: string;
  readonly kind: NotificationTarget['kind'];
  /** Where it is, without any secret. */
  readonly place: string;
  /** Null: agents tell it, and the site document of this workstation does not have it. */
  readonly target: NotificationTarget | null;
  /** Those with trouble first. */
  readonly agents: readonly AgentOfTarget[];
}

const rank = { fails: 0, lacks: 1, unknown: 2, takes: 3 } as const;

/** Every target that this workstation or an agent knows of. Pure. */
export function targetSights(site: SiteSight, policy: NotificationPolicy | null): TargetSight[] {
  const members = site.clusters.flatMap((cluster) => cluster.members);
  const own = policy?.targets ?? [];
  const told = members.flatMap((member) => member.snapshot?.notifications?.targets ?? []);
  const foreign = told.filter(
    ({ id }, index) =>
      !own.some((target) => target.id === id) && told.findIndex((one) => one.id === id) === index,
  );
  return [
    ...own.map((target) => ({
      ...{ id: target.id, kind: target.kind, place: placeOfTarget(target), target },
      agents: agentsOf(target.id, members),
    })),
    ...foreign.map(({ id, kind, place }) => ({
      id,
      kind,
      place,
      target: null,
      agents: agentsOf(id, members),
    })),
  ];
}

function agentsOf(id: string, members: readonly MemberSight[]): AgentOfTarget[] {
  return members
    .map((member): AgentOfTarget => {
      const told = member.snapshot?.notifications?.targets.find((one) => one.id === id) ?? null;
      return { member, told, standing: standingOf(member, told) };
    })
    .sort((one, other) => rank[one.standing] - rank[other.standing]);
}

function standingOf(member: MemberSight, told: ToldTarget | null): AgentOfTarget['standing'] {
  if (member.snapshot === null || member.silent) return 'unknown';
  if (told === null) return 'lacks';
  return told.failure === null ? 'takes' : 'fails';
}

/** How it stands with telling people, in one sentence. Pure. */
export function notificationSentence(targets: readonly TargetSight[]): string {
  if (targets.length === 0) {
    return 'Nobody is told what happens while no console is open: no target is set up.';
  }
  const named = (some: readonly TargetSight[]) => some.map(({ id }) => id).join(' and ');
  const failing = targets.filter(({ agents }) => agents.some(({ standing }) => standing === 'fails'));
  if (failing.length > 0) return `What agents tell does not arrive at ${named(failing)}.`;
  const unknown = targets.filter(({ target }) => target === null);
  if (unknown.length > 0) {
    return `Agents tell ${named(unknown)}, which the site document of this workstation does not have: somebody else has changed it.`;
  }
  const lacking = targets.filter(({ agents }) => agents.some(({ standing }) => standing === 'lacks'));
  if (lacking.length > 0) return `Not every agent has ${named(lacking)}.`;
  const silent = targets.some(({ agents }) => agents.some(({ standing }) => standing === 'unknown'));
  if (silent) return 'Not every agent is heard: what it has told people is not known.';
  const untried = targets.filter(({ agents }) => agents.every(({ told }) => told?.lastSentAt === null));
  if (untried.length > 0) return `Nothing has been sent to ${named(untried)} yet: test it.`;
  return 'Agents tell people what happens, with this console closed too.';
}
