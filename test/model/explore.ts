/** Breadth first through every state that can be reached; the first violation found has the shortest trace. */
import { memberMoves, watched, type Limits } from './member-moves.ts';
import { faultMoves, networkMoves, tidied, timeMoves } from './outside-moves.ts';
import type { Rules } from './rules.ts';
import { StateSet } from './state-set.ts';
import { isWorthless, worldKey } from './key.ts';
import { memberNames, type World } from './world.ts';

export interface Exploration {
  readonly states: number;
  readonly moves: number;
  /** False: the limit was reached before every state was seen. */
  readonly complete: boolean;
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
  /** States picked evenly over the run, for the check that the cluster comes back. */
  readonly sample: readonly World[];
}

export interface Bounds {
  readonly limits: Limits;
  readonly maxStates: number;
  readonly sampleEvery: number;
}

export function explore(first: World, rules: Rules, bounds: Bounds): Exploration {
  const seen = new StateSet();
  const paths = new Paths();
  const sample: World[] = [];
  let moves = 0;
  let found: { what: string; at: number } | null = null;
  let layer: { world: World; at: number }[] = [{ world: first, at: paths.add(-1, 'start') }];
  seen.add(worldKey(first, rules.oldest, !rules.answersBoundToProcess));
  while (layer.length > 0 && found === null && seen.size < bounds.maxStates) {
    const next: typeof layer = [];
    for (const { world, at } of layer) {
      expand(world, rules, bounds.limits, (move, raw) => {
        if (found !== null || seen.size >= bounds.maxStates) return;
        moves += 1;
        const reached = settled(raw, rules);
        if (!seen.add(worldKey(reached, rules.oldest, !rules.answersBoundToProcess))) return;
        const there = paths.add(at, move);
        const what = violationOf(world, reached);
        if (what !== null) found = { what, at: there };
        if (bounds.sampleEvery > 0 && seen.size % bounds.sampleEvery === 0) sample.push(reached);
        if (!finished(reached, rules, bounds.limits)) next.push({ world: reached, at: there });
      });
    }
    layer = next;
  }
  const end = found as { what: string; at: number } | null;
  return {
    states: seen.size,
    moves,
    complete: end === null && seen.size < bounds.maxStates,
    violation: end === null ? null : { what: end.what, trace: paths.trace(end.at) },
    sample,
  };
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

/** How each state was first reached: the state before it and the move, by number. */
class Paths {
  private readonly before: number[] = [];
  private readonly move: number[] = [];
  private readonly words: string[] = [];
  private readonly numbers = new Map<string, number>();

  add(before: number, move: string): number {
    let number = this.numbers.get(move);
    if (number === undefined) {
      number = this.words.push(move) - 1;
      this.numbers.set(move, number);
    }
    this.before.push(before);
    return this.move.push(number) - 1;
  }

  trace(end: number): string[] {
    const words: string[] = [];
    for (let at = end; at > 0; at = this.before[at]!) words.push(this.words[this.move[at]!]!);
    return words.reverse();
  }
}
