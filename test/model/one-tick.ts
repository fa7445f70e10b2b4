/** A world of either model, as far as the choice of the next move needs it. */
interface Ticking {
  readonly members: readonly { readonly doomedMs: number | null }[];
}

/** What everybody does when nothing is broken any more. */
export interface Obvious {
  /** Moves in the order in which they are wanted. */
  readonly wanted: readonly RegExp[];
  /** These are made once per tick, after all of the others. */
  readonly oncePerTick: readonly RegExp[];
}

/** Makes the obvious moves until a tick has passed. `expand` tells every move that is possible, with where it leads. */
export function oneTick<World extends Ticking>(
  from: World,
  { wanted, oncePerTick }: Obvious,
  expand: (world: World, found: (move: string, next: World) => void) => void,
): World {
  let world = from;
  const done = new Set<string>();
  const once = (move: string) => oncePerTick.some((kind) => kind.test(move));
  const choose = (moves: readonly string[]): string | undefined => {
    const doomed = ['A', 'B'].find((_, index) => world.members[index]!.doomedMs !== null);
    if (doomed !== undefined) return `${doomed}'s engine stops`;
    for (const kind of wanted) {
      const found = moves.find((move) => kind.test(move));
      if (found !== undefined) return found;
    }
    return moves.find((move) => !done.has(move) && once(move));
  };
  for (;;) {
    const moves = new Map<string, World>();
    expand(world, (move, next) => moves.set(move, next));
    const move = choose([...moves.keys()]) ?? 'a tick passes';
    const next = moves.get(move);
    // Time stands still only for an engine that has to be killed first, and that is chosen before.
    if (next === undefined) throw new Error(`no move is left: ${[...moves.keys()].join(', ')}`);
    if (move === 'a tick passes') return next;
    if (once(move)) done.add(move);
    world = next;
  }
}
