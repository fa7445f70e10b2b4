/**
 * From a state that an exploration reached: no further fault, everybody does the obvious. Is there an Active again,
 * on a lease, and is nobody kept out by a promise that no one lives on?
 */
import { livesOnPromise } from '../../../shared/lease/asker.ts';
import { expand } from './explore.ts';
import type { Limits } from './member-moves.ts';
import type { PeerRules } from './rules.ts';
import { withoutFaults, type World } from './world.ts';

const limits: Limits = { maxEpoch: Infinity, maxNumber: 9, earlyTicks: 0 };
const withinTicks = 60;
/** Longer than a lease: an engine that only lives on an old deadline does not count. */
const steadyTicks = 10;

/** Moves in the order in which they are wanted. Those of the last list are made once per tick. */
const wanted: readonly RegExp[] = [
  /boots$|thaws$|agent starts$|seeds a new store|promise late$/,
  /reaches the store$| arrives$/,
  /looks at the record|tells the store/,
  /feeds its guards/,
  /starts its engine/,
  /has ended$/,
];
const oncePerTick: readonly RegExp[] = [
  /tells its peer/,
  /releases epoch/,
  /asks to renew/,
  /asks for epoch/,
];

/** Ticks until all is well, or null if it does not come to that. */
export function ticksUntilSettled(from: World, rules: PeerRules): number | null {
  let world: World = withoutFaults({ ...from, messages: [] });
  let steady = 0;
  for (let tick = 0; tick < withinTicks; tick += 1) {
    world = oneTick(world, rules);
    steady = isSettled(world) ? steady + 1 : 0;
    if (steady === steadyTicks) return tick - steadyTicks + 1;
  }
  return null;
}

function isSettled({ members }: World): boolean {
  return (
    members.some(
      ({ engine, deadline, nowMs }) => engine && deadline !== null && deadline.deadlineMs > nowMs,
    ) &&
    members.every(({ lease }) => lease !== null && !livesOnPromise(lease.asker)) &&
    members.every(({ disk }) => disk.promise === null)
  );
}

function oneTick(from: World, rules: PeerRules): World {
  let world = from;
  const done = new Set<string>();
  for (;;) {
    const moves = new Map<string, World>();
    expand(world, rules, limits, (move, next) => moves.set(move, next));
    const move = choose(world, [...moves.keys()], done) ?? 'a tick passes';
    const next = moves.get(move);
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
