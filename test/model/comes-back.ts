/** From a state that an exploration reached: no further fault, everybody does the obvious. Is there an Active again? */
import { expand, settled } from './explore.ts';
import type { Limits } from './member-moves.ts';
import { productRules } from './rules.ts';
import { forgetAnswers, noFaults, type Member, type World } from './world.ts';

const limits: Limits = { maxEpoch: Infinity, inFlight: 1, earlyTicks: 0, slowStarts: false };
/** Twice T + δ for leases and reservations, and then some. */
const withinTicks = 60;
/** Longer than a lease: an engine that only lives on an old deadline does not count. */
const steadyTicks = 10;

/** Moves in the order in which they are wanted. Those of the last line are made once per tick. */
const wanted: readonly RegExp[] = [
  /boots$|thaws$|agent starts$|seeds a new store/,
  /reaches the store$|" reaches [AB]$/,
  /writes the deadline|^the gate/,
  /has ended$/,
];
const oncePerTick: readonly RegExp[] = [/releases epoch/, /asks to renew/, /asks for epoch/];

/** Ticks until an engine runs and goes on running, or null if it does not come to that. */
export function ticksUntilActive(from: World): number | null {
  let world = healed(from);
  let steady = 0;
  for (let tick = 0; tick < withinTicks; tick += 1) {
    world = oneTick(world);
    steady = world.members.some(isActive) ? steady + 1 : 0;
    if (steady === steadyTicks) return tick - steadyTicks + 1;
  }
  return null;
}

function healed(from: World): World {
  const budget = { ...noFaults, replacements: from.stores[0]?.state === null ? 1 : 0 };
  const [a, b] = from.members.map((member) => ({ ...member, route: 0 })) as [Member, Member];
  const quiet = forgetAnswers(forgetAnswers({ ...from, members: [a, b], budget }, 0), 1);
  return settled({ ...quiet, messages: [] }, productRules);
}

function oneTick(from: World): World {
  let world = from;
  const done = new Set<string>();
  for (;;) {
    const moves = new Map<string, World>();
    expand(world, productRules, limits, (move, next) => moves.set(move, settled(next, productRules)));
    const move = choose(world, [...moves.keys()], done) ?? 'a tick passes';
    const next = moves.get(move);
    // Time stands still only for an engine that has to be killed first, and that is chosen before.
    if (next === undefined) throw new Error(`no move is left: ${[...moves.keys()].join(', ')}`);
    if (move === 'a tick passes') return next;
    if (oncePerTick.some((kind) => kind.test(move))) done.add(move);
    world = next;
  }
}

function choose(world: World, moves: readonly string[], done: ReadonlySet<string>): string | undefined {
  const doomed = ['A', 'B'].find((_, index) => world.members[index]!.doomedMs !== null);
  if (doomed !== undefined) return `${doomed}'s engine stops`;
  for (const kind of wanted) {
    const found = moves.find((move) => kind.test(move));
    if (found !== undefined) return found;
  }
  return moves.find((move) => !done.has(move) && oncePerTick.some((kind) => kind.test(move)));
}

function isActive({ engine, deadline, nowMs }: Member): boolean {
  return engine && deadline !== null && deadline.deadlineMs > nowMs;
}
