/** What can be reached in the model of peer mode, and what is looked for there. */
import { livesOnPromise } from '../../../shared/lease/asker.ts';
import { search, type Exploration } from '../search.ts';
import { watched, type Emit } from './acts.ts';
import { faultMoves, timeMoves } from './fault-moves.ts';
import { worldKey } from './key.ts';
import { memberMoves, type Limits } from './member-moves.ts';
import { messageMoves, tidied } from './message-moves.ts';
import type { PeerRules } from './rules.ts';
import { nameOf, type World } from './world.ts';

export interface Bounds {
  readonly limits: Limits;
  readonly maxStates: number;
  readonly sampleEvery: number;
}

export function explore(
  first: World,
  rules: PeerRules,
  { limits, maxStates, sampleEvery }: Bounds,
): Exploration<World> {
  return search(first, {
    key: (world) => worldKey(world, rules.oldest),
    expand: (world, emit) => expand(world, rules, limits, emit),
    violationOf,
    finished: (world) => finished(world, limits),
    maxStates,
    sampleEvery,
  });
}

export function expand(world: World, rules: PeerRules, limits: Limits, emit: Emit): void {
  const told: Emit = (move, next) => emit(move, settled(next, rules));
  memberMoves(world, 0, rules, limits, told);
  memberMoves(world, 1, rules, limits, told);
  messageMoves(world, rules, limits, told);
  faultMoves(world, rules, told);
  timeMoves(world, rules, told);
}

function settled(world: World, rules: PeerRules): World {
  const [a, b] = world.members;
  return tidied({ ...world, members: [watched(a, rules), watched(b, rules)] }, rules);
}

/** The state after the named moves, for a configuration that begins in the middle. */
export function played(first: World, rules: PeerRules, limits: Limits, moves: readonly string[]): World {
  return moves.reduce((world, wanted) => {
    let reached: World | null = null;
    const possible: string[] = [];
    expand(world, rules, limits, (move, next) => {
      possible.push(move);
      if (move === wanted) reached = next;
    });
    if (reached === null) throw new Error(`"${wanted}" is not possible, only: ${possible.join('; ')}`);
    return reached;
  }, first);
}

/** No further epoch is explored, and one member can never run an engine again. */
function finished({ members, store, messages, budget }: World, limits: Limits): boolean {
  if ((store.state?.record.epoch ?? 0) < limits.maxEpoch || budget.replacements > 0) return false;
  return members.some(
    ({ engine, deadline, lease, disk, queue }, index) =>
      !engine &&
      deadline === null &&
      queue.length === 0 &&
      disk.peer === null &&
      (lease === null || (lease.holder.lease === null && !livesOnPromise(lease.asker))) &&
      store.state?.record.holder !== nameOf(index === 0 ? 0 : 1) &&
      messages.every(({ member, kind }) => member !== index || (kind !== 'answer' && kind !== 'promise')),
  );
}

/** I1, I6, and what a move itself has found. */
export function violationOf(before: World, after: World): string | null {
  if (after.violation !== null) return after.violation;
  if (after.members.every(({ engine }) => engine)) return 'two engines run';
  for (const index of [0, 1] as const) {
    const was = before.members[index].disk;
    const is = after.members[index].disk;
    if (is.epoch < was.epoch || is.ended < was.ended) return `${nameOf(index)}'s epoch goes back`;
    if (is.promise !== null && is.epoch > is.ended && is.epoch > is.promise.e)
      return `${nameOf(index)} has promised and holds a higher epoch`;
  }
  const [was, is] = [before.store.state?.record, after.store.state?.record];
  if (was && is && was.storeId === is.storeId && is.epoch < was.epoch) return "the store's epoch goes back";
  return null;
}
