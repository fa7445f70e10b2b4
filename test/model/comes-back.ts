/** From a state that an exploration reached: no further fault, everybody does the obvious. Is there an Active again? */
import { expand, settled } from './explore.ts';
import type { Limits } from './member-moves.ts';
import { oneTick, type Obvious } from './one-tick.ts';
import { productRules } from './rules.ts';
import { forgetAnswers, noFaults, type Member, type World } from './world.ts';

const limits: Limits = { maxEpoch: Infinity, inFlight: 1, earlyTicks: 0, slowStarts: false };
/** Twice T + δ for leases and reservations, and then some. */
const withinTicks = 60;
/** Longer than a lease: an engine that only lives on an old deadline does not count. */
const steadyTicks = 10;

const obvious: Obvious = {
  wanted: [
    /boots$|thaws$|agent starts$|seeds a new store/,
    /reaches the store$|" reaches [AB]$/,
    /writes the deadline|^the gate/,
    /has ended$/,
  ],
  oncePerTick: [/releases epoch/, /asks to renew/, /asks for epoch/],
};

/** Ticks until an engine runs and goes on running, or null if it does not come to that. */
export function ticksUntilActive(from: World): number | null {
  let world = healed(from);
  let steady = 0;
  for (let tick = 0; tick < withinTicks; tick += 1) {
    world = oneTick(world, obvious, (at, found) =>
      expand(at, productRules, limits, (move, next) => found(move, settled(next, productRules))),
    );
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

function isActive({ engine, deadline, nowMs }: Member): boolean {
  return engine && deadline !== null && deadline.deadlineMs > nowMs;
}
