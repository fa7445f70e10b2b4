import type { SecondPersonScope } from '../second-person/scope.ts';
import type { ToldRequest } from '../second-person/told-request.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

/** A change that waits for a second person, or what became of one, and the member that keeps it. */
export interface RequestSight {
  readonly member: MemberSight;
  readonly request: ToldRequest;
}

/** Everything that the members tell, what waits first, then the newest. */
export function requestsSeen(sight: ClusterSight): RequestSight[] {
  const all = sight.members.flatMap((member) =>
    (member.snapshot?.secondPerson?.requests ?? []).map((request) => ({ member, request })),
  );
  const open = ({ request }: RequestSight) => (request.state === 'waiting' ? 0 : 1);
  return all.sort(
    (one, other) => open(one) - open(other) || other.request.askedAt.localeCompare(one.request.askedAt),
  );
}

/** What waits now at a member that answers; null: nothing does. */
export function requestWaiting(sight: ClusterSight): RequestSight | null {
  const [first] = requestsSeen(sight).filter(({ member }) => !member.silent);
  return first?.request.state === 'waiting' ? first : null;
}

/** Which changes wait, by the newest word that a member has; null: no member that answers knows of second persons. */
export function secondPersonScope(sight: ClusterSight): SecondPersonScope | null {
  const told = sight.members.flatMap(({ silent, snapshot }) =>
    silent || snapshot?.secondPerson === undefined ? [] : [snapshot.secondPerson],
  );
  if (told.length === 0) return null;
  return told.find(({ said }) => said !== null)?.said?.scope ?? 'none';
}

/** Whether it was asked for under this workstation's name, also as an administrator on a server. */
export function isOwn({ by }: ToldRequest, me: string): boolean {
  const plain = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(by.replace(/, administrator on .*$/, '')) === plain(me);
}
