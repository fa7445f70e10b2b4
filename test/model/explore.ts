/** What can be reached in the model of lease mode, and what is looked for there. */
import { memberMoves, watched, type Limits } from './member-moves.ts';
import { faultMoves, networkMoves, tidied, timeMoves } from './outside-moves.ts';
import type { Rules } from './rules.ts';
import { search, type Exploration } from './search.ts';
import { isWorthless, worldKey } from './key.ts';
import { memberNames, type World } from './world.ts';

export interface Bounds {
  readonly limits: Limits;
  readonly maxStates: number;
  readonly sampleEvery: number;
}

export function explore(first: World, rules: Rules, bounds: Bounds): Exploration<World> {
  const { limits, maxStates, sampleEvery } = bounds;
  return search(first, {
    key: (world) => worldKey(world, rules.oldest, !rules.answersBoundToProcess),
    expand: (world, emit) => expand(world, rules, limits, (move, raw) => emit(move, settled(raw, rules))),
    violationOf,
    finished: (world) => finished(world, rules, limits),
    maxStates,
    sampleEvery,
  });
}

export function expand(
  world: World,
  rules: Rules,
  limits: Limits,
  emit: (move: string, world: World) => void,
): void {
  memberMoves(world, 0, rules, limits, emit);
  memberMoves(world, 1, rules, limits, emit);
  networkMoves(world, rules, emit);
  faultMoves(world, rules, emit);
  timeMoves(world, rules, emit);
}

/** The state after the named moves, for a configuration that begins in the middle. */
export function played(first: World, rules: Rules, limits: Limits, moves: readonly string[]): World {
  return moves.reduce((world, wanted) => {
    let reached: World | null = null;
    expand(world, rules, limits, (move, next) => {
      if (move === wanted) reached = settled(next, rules);
    });
    if (reached === null) throw new Error(`the move "${wanted}" is not possible`);
    return reached;
  }, first);
}

export function settled(world: World, rules: Rules): World {
  const [a, b] = world.members;
  const members = [watched(a, rules), watched(b, rules)] as const;
  return tidied(members[0] === a && members[1] === b ? world : { ...world, members }, rules);
}

/**
 * Nothing more can go wrong: no further epoch is explored, and one member has no engine, no lease, no deadline and
 * no start under way, so that it can never run one again.
 */
function finished({ members, stores, messages, budget }: World, rules: Rules, limits: Limits): boolean {
  const last = stores.length === 1 && (stores[0]!.state?.record.epoch ?? 0) >= limits.maxEpoch;
  if (!last || budget.replacements > 0 || budget.outsideStarts > 0) return false;
  return members.some(
    ({ engine, start, deadline, holder, nowMs }, index) =>
      !engine &&
      start === null &&
      deadline === null &&
      (holder === null || isWorthless(holder.lease, nowMs, rules.oldest)) &&
      stores[0]!.state?.record.holder !== memberNames[index] &&
      messages.every(({ member, kind }) => member !== index || kind === 'request'),
  );
}

/** I1 and I6. The engine's epoch is that of the grant it was started under. */
export function violationOf(before: World, after: World): string | null {
  if (after.violation !== null) return after.violation;
  if (after.members.every(({ engine }) => engine)) return 'two engines run';
  for (const index of [0, 1] as const) {
    const was = before.members[index].disk;
    const is = after.members[index].disk;
    if (is.epoch < was.epoch || is.ended < was.ended) return `${memberNames[index]}'s epoch goes back`;
  }
  const epochs = [before, after].map(({ stores }) => stores[0]!.state?.record);
  // An older copy that was put back is the surroundings' doing: it is told by `untouched`.
  const sameStore = epochs[0]?.storeId === epochs[1]?.storeId && epochs[1]?.untouched === false;
  if (sameStore && epochs[0] && epochs[1] && epochs[1].epoch < epochs[0].epoch)
    return "the store's epoch goes back";
  return null;
}
