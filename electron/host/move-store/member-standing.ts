import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { AskedMember } from '../../../shared/upgrade/member-health.ts';

/** Where every member of a cluster shall look for its lease store, by server. */
export type WantedPlaces = ReadonlyMap<string, string>;

/** Both members belong to the same store, at the wanted place, and it works for them. Pure. */
export function isMoved(members: readonly AskedMember[], places: WantedPlaces): boolean {
  const ids = new Set(members.map(({ snapshot }) => snapshot?.store.storeId ?? null));
  return (
    ids.size === 1 &&
    !ids.has(null) &&
    members.every(({ server, snapshot }) => snapshot?.store.place === places.get(server)) &&
    members.every(({ snapshot }) => snapshot?.replacement?.standing === 'working')
  );
}

/** The store that the members look to now still answers one of them as it should. Pure. */
export function storeWorks(members: readonly AskedMember[]): boolean {
  return members.some(({ snapshot }) => snapshot?.replacement?.standing === 'working');
}

/** One of the members looks to the wanted place already. Pure. */
export function isBegun(members: readonly AskedMember[], places: WantedPlaces): boolean {
  return members.some(
    ({ server, snapshot }) => snapshot !== null && snapshot.store.place === places.get(server),
  );
}

/** The Active; undefined: there is none, or more than one. Pure. */
export function activeOf(members: readonly AskedMember[]): AskedMember | undefined {
  const active = members.filter(({ snapshot }) => snapshot?.role.observed === 'active');
  return active.length === 1 ? active[0] : undefined;
}

/**
 * What keeps the Active from living on its peer's promise alone, as a clause; null: it does, and its peer knows that it
 * has promised. Pure.
 */
export function promiseLack(members: readonly AskedMember[]): string | null {
  const active = activeOf(members);
  if (active === undefined) return 'it has no Active';
  if (active.snapshot?.peerMode?.mode !== 'peer') return `${active.name} does not live on a promise yet`;
  const other = members.find((member) => member !== active);
  return other?.snapshot?.peerMode?.given == null ? 'its peer does not say that it has promised' : null;
}

/** What a restarted member lacks to be as before, now looking to the wanted store; null: nothing. Pure. */
export function restartLack(
  before: MemberSnapshot,
  now: MemberSnapshot | null,
  place: string | undefined,
): string | null {
  if (now === null || now.startId === before.startId) return 'it has not answered since its restart';
  if (now.store.place !== place) return `it looks to ${now.store.place ?? 'a store that it does not name'}`;
  if (now.role.observed !== before.role.observed) return `it is ${now.role.observed}`;
  if (now.engine.process.value !== before.engine.process.value)
    return `its engine is ${now.engine.process.value ?? 'not known'}`;
  if (now.engine.process.value === 'running' && now.activeAnswer !== before.activeAnswer)
    return `it answers ${now.activeAnswer} on /active`;
  return now.peer.reachable ? null : 'it does not hear the other member';
}

/** The store of before is retired already, or lost, or the Active looks to the next one: there is nothing to retire. Pure. */
export function isPastRetirement(members: readonly AskedMember[], places: WantedPlaces): boolean {
  const active = activeOf(members);
  if (active !== undefined && isBegun([active], places)) return true;
  return !storeWorks(members) && (promiseLack(members) === null || active === undefined);
}
