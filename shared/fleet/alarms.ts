import type { ToldAcknowledgement } from '../notifications/acknowledgement.ts';
import { conditionsOf, type Condition } from '../notifications/conditions.ts';
import { acknowledgementOf as saidOf, markOf } from '../notifications/known-conditions.ts';
import type { Problem } from './problem.ts';
import { ageNow, type MemberSight, type SiteSight } from './sight.ts';

/** An alarm of one agent that answers, as it stands now. */
export interface AlarmSight {
  readonly member: MemberSight;
  readonly condition: Condition;
  /** What makes it the same alarm: an acknowledgement is of this. */
  readonly mark: string;
  /** Null: nobody has said that they know of it, as it is now. */
  readonly acknowledged: (Omit<ToldAcknowledgement, 'agoMs'> & { readonly agoMs: number | null }) | null;
  /** Its agent keeps acknowledgements; one of an earlier release does not. */
  readonly canBe: boolean;
}

/** Every alarm of one member; none while it is silent. Pure. */
export function alarmsOfMember(member: MemberSight): AlarmSight[] {
  const { snapshot, silent } = member;
  if (snapshot === null || silent) return [];
  return conditionsOf(snapshot).map((condition) => {
    const mark = markOf(condition);
    const said = saidOf(snapshot.acknowledged ?? [], condition);
    const acknowledged = said === undefined ? null : { ...said, agoMs: ageNow(member, said.agoMs) };
    return { member, condition, mark, acknowledged, canBe: snapshot.acknowledged !== undefined };
  });
}

/** The alarms of agents that a problem rests on. Pure. */
export function alarmsOfProblem(site: SiteSight, { alarms }: Problem): AlarmSight[] {
  return site.clusters
    .flatMap(({ members }) => members)
    .flatMap(alarmsOfMember)
    .filter(({ member, condition }) =>
      alarms.some(
        ({ cluster, server, name }) =>
          cluster === member.cluster && server === member.server && name === condition.name,
      ),
    );
}

/** Who knows of a problem: the newest word on it; null: something of it nobody has acknowledged. Pure. */
export function acknowledgementOf(alarms: readonly AlarmSight[]): AlarmSight['acknowledged'] {
  const said = alarms.map(({ acknowledged }) => acknowledged);
  if (said.length === 0 || said.includes(null)) return null;
  return said.toSorted((one, other) => (other?.at ?? '').localeCompare(one?.at ?? ''))[0] ?? null;
}
