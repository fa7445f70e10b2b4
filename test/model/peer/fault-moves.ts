/** Faults of members and store, a person's forced takeover, and time. */
import { seedRecord } from '../../../shared/lease/store.ts';
import { instants, killTimeMs, modelTiming, tickMs } from '../ticks.ts';
import { indexes, settledSlip, type MemberIndex } from '../world.ts';
import { crashed, perform, performed, watched, type Emit } from './acts.ts';
import { adopted } from './member-moves.ts';
import type { PeerRules } from './rules.ts';
import { nameOf, other, spend, withMember, type Member, type World } from './world.ts';

export function faultMoves(world: World, rules: PeerRules, emit: Emit): void {
  for (const index of indexes) memberFaults(world, index, rules, emit);
  storeFaults(world, rules, emit);
}

function memberFaults(world: World, index: MemberIndex, rules: PeerRules, emit: Emit): void {
  const member = world.members[index];
  const name = nameOf(index);
  const { budget } = world;
  if (!member.power) {
    emit(`${name} boots`, withMember(world, index, { power: true }));
    if (budget.forces > 0) force(world, index, rules, emit);
    return;
  }
  if (member.agent === 'frozen') {
    const thawed = withMember(world, index, { agent: 'up', queue: [] });
    emit(`${name}'s agent thaws`, performed(thawed, index, member.queue, rules));
  }
  if (member.agent !== 'down' && budget.crashes > 0)
    emit(`${name}'s agent crashes`, crashed(spend(world, 'crashes'), index));
  if (member.agent === 'up' && budget.freezes > 0)
    emit(`${name}'s agent freezes`, withMember(spend(world, 'freezes'), index, { agent: 'frozen' }));
  if (budget.powerOffs > 0) {
    const off = { power: false, engine: false, deadline: null, doomedMs: null };
    emit(`${name} loses power`, withMember(crashed(spend(world, 'powerOffs'), index), index, off));
  }
}

/** `off` has no power, and a person says so: the other member is free of its promise, and asks the store. */
function force(world: World, off: MemberIndex, rules: PeerRules, emit: Emit): void {
  const index = other(off);
  const { lease, agent } = world.members[index];
  if (lease === null || agent !== 'up' || lease.promiser.promise === null) return;
  const { state } = rules.takeLeft(lease, lease.promiser.promise);
  const move = `a person forces ${nameOf(index)}: ${nameOf(off)} is off`;
  perform(spend(world, 'forces'), index, move, adopted({ world, index }, state), rules, emit);
}

function storeFaults(world: World, rules: PeerRules, emit: Emit): void {
  const { store, budget } = world;
  const { state, nowMs } = store;
  if (state !== null && budget.storeRestarts > 0) {
    const restarted = rules.restore(state.record, modelTiming.T, nowMs);
    emit('the store restarts', { ...spend(world, 'storeRestarts'), store: { ...store, state: restarted } });
  }
  if (budget.replacements === 0) return;
  if (state !== null)
    emit('the store loses its disk', { ...world, store: { ...store, state: null, lostMs: nowMs } });
  else if (nowMs - store.lostMs >= instants.lastUseMs) emit(...replaced(world, rules));
}

/** The agents are restarted with the new id; their engines are not touched. */
function replaced(world: World, rules: PeerRules): [string, World] {
  const highest = Math.max(...world.members.map(({ disk }) => disk.epoch));
  const record = seedRecord('second', 'C', modelTiming.T, highest);
  const state = rules.restore(record, modelTiming.T, world.store.nowMs);
  let next: World = { ...spend(world, 'replacements'), store: { ...world.store, state } };
  for (const index of indexes) {
    const member = next.members[index];
    if (member.agent === 'up') next = crashed(next, index);
    next = withMember(next, index, { disk: { ...member.disk, storeId: 'second' } });
  }
  return [`a person seeds a new store with epoch ${highest} and pins it on both`, next];
}

/** One tick on every clock; one clock may lose or gain a tick, rarely enough to stay within δ per T. */
export function timeMoves(world: World, rules: PeerRules, emit: Emit): void {
  passTime(world, {}, rules, 'a tick passes', emit);
  if (world.budget.slips === 0) return;
  const spent = spend(world, 'slips');
  for (const slow of indexes)
    if (world.members[slow].sinceSlip >= settledSlip)
      passTime(spent, { slow }, rules, `a tick passes, not on ${nameOf(slow)}'s slow clock`, emit);
  if (world.store.sinceSlip >= settledSlip)
    passTime(spent, { fastStore: true }, rules, "a tick passes, two on the store's fast clock", emit);
}

interface Slip {
  readonly slow?: MemberIndex;
  readonly fastStore?: boolean;
}

function passTime(world: World, slip: Slip, rules: PeerRules, move: string, emit: Emit): void {
  const advance = (member: Member, slow: boolean): Member => {
    const sinceSlip = slow ? 0 : Math.min(settledSlip, member.sinceSlip + 1);
    return watched({ ...member, nowMs: member.nowMs + (slow ? 0 : tickMs), sinceSlip }, rules);
  };
  const [a, b] = world.members;
  const members = [advance(a, slip.slow === 0), advance(b, slip.slow === 1)] as const;
  if (members.some(killedBefore)) return;
  const { store } = world;
  const fast = slip.fastStore === true;
  const sinceSlip = fast ? 0 : Math.min(settledSlip, store.sinceSlip + 1);
  const nowMs = store.nowMs + (fast ? 2 : 1) * tickMs;
  emit(move, { ...world, members, store: { ...store, nowMs, sinceSlip } });
}

/** The instant cannot be reached with the engine running: one guard lives and has killed it by then. */
function killedBefore({ power, engine, doomedMs, nowMs }: Member): boolean {
  return power && engine && doomedMs !== null && nowMs - doomedMs >= killTimeMs;
}
