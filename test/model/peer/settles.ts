/**
 * From a state that an exploration reached: no further fault, everybody does the obvious. Is there an Active again,
 * on a lease, and is nobody kept out by a promise that no one lives on?
 */
import { livesOnPromise } from '../../../shared/lease/asker.ts';
import { oneTick, type Obvious } from '../one-tick.ts';
import { expand } from './explore.ts';
import type { Limits } from './member-moves.ts';
import type { PeerRules } from './rules.ts';
import { withoutFaults, type World } from './world.ts';

const limits: Limits = { maxEpoch: Infinity, maxNumber: 9, earlyTicks: 0 };
const withinTicks = 60;
/** Longer than a lease: an engine that only lives on an old deadline does not count. */
const steadyTicks = 10;

const obvious: Obvious = {
  wanted: [
    /boots$|thaws$|agent starts$|seeds a new store|promise late$/,
    /reaches the store$| arrives$/,
    /looks at the record|tells the store/,
    /feeds its guards/,
    /starts its engine/,
    /has ended$/,
  ],
  oncePerTick: [/tells its peer/, /releases epoch/, /asks to renew/, /asks for epoch/],
};

/** Ticks until all is well, or null if it does not come to that. */
export function ticksUntilSettled(from: World, rules: PeerRules): number | null {
  let world: World = withoutFaults({ ...from, messages: [] });
  let steady = 0;
  for (let tick = 0; tick < withinTicks; tick += 1) {
    world = oneTick(world, obvious, (at, found) => expand(at, rules, limits, found));
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
