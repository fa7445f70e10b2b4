import { clusterRole, type ClusterRole } from './cluster-role.ts';
import type { ClusterSight, MemberSight } from './sight.ts';

export type Conflict = Extract<ClusterRole, { kind: 'conflict' }>;

/** One conflict in words, from the shortest to the longest; every screen takes them from here. */
export interface ConflictWords {
  /** In place of a figure: `two look Active`. */
  readonly short: string;
  /** `WK1: an engine runs outside its service on ig-south`, without its full stop. */
  readonly title: string;
  /** What it means for messages. */
  readonly meaning: string;
  /** What a person does now. */
  readonly next: string;
}

/** What kind of conflict a cluster has, what that means and what to do; null: it has none. */
export function clusterConflict(sight: ClusterSight): ConflictWords | null {
  const role = clusterRole(sight);
  return role.kind === 'conflict' ? conflictWords(sight, role) : null;
}

/** An engine that nothing here can end counts first: it is the one that waits for a person. */
export function conflictWords(sight: ClusterSight, conflict: Conflict): ConflictWords {
  if (conflict.outside.length > 0) return outsideWords(sight, conflict);
  const active = conflict.members.filter((member) => !conflict.astray.includes(member));
  return active.length > 1 ? twoActiveWords(sight, active) : astrayWords(sight, conflict, active);
}

const twice = 'Messages could be processed twice and out of order.';

function outsideWords(sight: ClusterSight, { outside, members }: Conflict): ConflictWords {
  const beside = members.some((member) => !outside.includes(member));
  const seen = outside.flatMap(({ snapshot }) =>
    (snapshot?.evidence?.role.signals ?? [])
      .filter(({ name, says }) => name === 'outsider' && says === 'active')
      .map(({ text }) => `Seen: ${text}.`),
  );
  const held = [...seen, 'Neither gate nor guards hold it, and nobody takes over beside it.'].join(' ');
  return {
    short: 'an engine runs outside its service',
    title: `${sight.cluster.id}: an engine runs outside its service on ${names(outside)}`,
    meaning: beside ? `${held} ${twice}` : held,
    next: `Find out on ${names(outside)} who started it, and end it by hand.`,
  };
}

function astrayWords(
  sight: ClusterSight,
  { astray }: Conflict,
  active: readonly MemberSight[],
): ConflictWords {
  const [beside] = active;
  const where = names(astray);
  const also = beside === undefined ? '' : `, beside ${beside.name}, which is Active`;
  const agents = astray.length > 1 ? 'Their agents stop them' : 'Its agent stops it';
  return {
    short: astray.length > 1 ? 'engines run without the lease' : 'an engine runs without the lease',
    title: `${sight.cluster.id}: ${astray.length > 1 ? 'engines run' : 'an engine runs'} without the lease on ${where}${also}`,
    meaning: beside === undefined && astray.length === 1 ? 'Nobody may process now.' : twice,
    next: `${agents} at once. If it still runs after a few seconds, stop the service of the engine on ${where} by hand.`,
  };
}

function twoActiveWords(sight: ClusterSight, active: readonly MemberSight[]): ConflictWords {
  return {
    short: 'two look Active',
    title: `${sight.cluster.id}: ${names(active)} both look Active`,
    meaning: twice,
    next: whoStops(sight, active),
  };
}

/** A lower epoch is refused everywhere, so the highest stays; of equal ones, the one that the store names. */
function whoStops(sight: ClusterSight, active: readonly MemberSight[]): string {
  const epochs = active.map(({ snapshot }) => snapshot?.lease.epoch ?? 0);
  const highest = Math.max(...epochs);
  const newest = active.filter((_, index) => epochs[index] === highest);
  const [stays] = newest;
  if (newest.length === 1 && stays !== undefined) {
    const others = active.filter((member) => member !== stays);
    return `${stays.name} has the higher epoch, ${highest}: stop the engine on ${names(others)}.`;
  }
  const named = sight.store.silent
    ? undefined
    : sight.store.snapshot?.leases.find(({ cluster }) => cluster === sight.cluster.id)?.holder;
  const holder = active.find(({ server }) => server === named);
  return holder === undefined
    ? 'Stop the engine on the side that does not hold the lease; which one that is, the lease store does not tell now.'
    : `The lease store names ${holder.name}: stop the engine on ${names(active.filter((member) => member !== holder))}.`;
}

function names(members: readonly MemberSight[]): string {
  return members.map(({ name }) => name).join(' and ');
}
