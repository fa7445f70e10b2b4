import { forceVerb } from '../../shared/agent-api/agent-api.ts';
import type { ClusterWorld, Site } from './cluster-world.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** The server is off, and stays so until it is given its power back. */
export function giveUp(world: World, lost: Machine): void {
  if (world.planted.has('statement-untrue')) {
    world.keptOff.add(lost.id);
    for (const id of world.machines.keys())
      for (const way of [world.network.way(lost.id, id), world.network.way(id, lost.id)]) way.cut = true;
    return;
  }
  world.keepOff(lost);
}

/**
 * A person has given the server `lost` up and asks the other member to take over until `untilMs`, or until it is
 * Active. What he states is true: the server has no power, and gets none before `switchOnWhenSafe` gives it back.
 */
export function takeOverByForce(
  world: World,
  random: Random,
  cluster: ClusterWorld,
  lost: Machine,
  untilMs: number,
): void {
  const { schedule } = world;
  const again = () => {
    if (schedule.nowMs > untilMs || world.healed || !world.keptOff.has(lost.id)) return;
    if (askForIt(world, cluster, survivorOf(cluster, lost))) return;
    schedule.after(random.between(1_000, 4_000), again);
  };
  schedule.after(random.around(5_000), again);
}

/** Answers whether there is nothing left to be asked for. */
function askForIt(world: World, { id }: ClusterWorld, { host }: Site): boolean {
  const served = host.answering()?.served();
  if (served === undefined) return false;
  const { lease } = served.loop.decision().facts;
  const { epoch, operation } = served.parts.memory.current();
  if (lease.held) return true;
  if (operation?.kind === forceVerb) return false;
  const withoutStore = !lease.storeReachable;
  const about = { cluster: id, target: null, epoch, reason: 'the other server is lost' };
  const idempotencyKey = `sim-force-${world.schedule.nowMs.toFixed(3)}`;
  const said = { statement: 'power-off', typedName: id, withoutStore } as const;
  host.command({ verb: forceVerb, ...about, idempotencyKey, ...said }, (accepted) => {
    if (accepted) world.note(withoutStore ? 'takeovers forced without the store' : 'takeovers forced');
  });
  return false;
}

/**
 * Gives the server its power back once that is safe: every other member has its lease from the store again, so that
 * the store knows of the takeover, or there is no store that could grant anything.
 */
export function switchOnWhenSafe(world: World, lost: Machine, notBeforeMs: number): void {
  const { schedule } = world;
  const again = () => {
    const due = schedule.nowMs >= notBeforeMs || world.healed;
    if (due && world.clusters.every((cluster) => mayReturn(survivorOf(cluster, lost)))) {
      world.giveBack(lost);
      return;
    }
    schedule.after(1_000, again);
  };
  again();
}

function mayReturn({ host }: Site): boolean {
  const parts = host.answering()?.served().parts;
  if (parts === undefined) return false;
  const pending = parts.memory.current().operation?.kind === forceVerb;
  const unaware =
    parts.keeper.forced.note() !== null && parts.keeper.replacing.standing().kind !== 'unseeded';
  return !pending && !unaware;
}

function survivorOf({ sites }: ClusterWorld, lost: Machine): Site {
  return sites[0].machine === lost ? sites[1] : sites[0];
}
