/** What the network, the store, the clocks and the faults may do in a state. */
import { restoreStore, seedRecord, type StoreState } from '../../shared/lease/store.ts';
import { crashed, receive, watched, type Emit } from './member-moves.ts';
import type { Rules } from './rules.ts';
import { killTimeMs, modelTiming, tickMs } from './ticks.ts';
import {
  indexes,
  memberNames,
  settledSlip,
  spend,
  withMember,
  withStore,
  type Member,
  type MemberIndex,
  type Message,
  type Store,
  type World,
} from './world.ts';

/** A message may arrive, be lost, or (a request, once) arrive and stay on the way; in any order, at any time. */
export function networkMoves(world: World, rules: Rules, emit: Emit): void {
  world.messages.forEach((message, at) => {
    const rest = world.messages.filter((_, other) => other !== at);
    const name = memberNames[message.member];
    if (message.kind === 'request') {
      const what = `${name}'s ${message.request.op}`;
      emit(`${what} is lost`, { ...world, messages: rest });
      if (world.stores[message.store]?.state == null) return;
      emit(`${what} reaches the store`, serve({ ...world, messages: rest }, message, rules));
      if (world.budget.copies > 0 && !message.copied) {
        const copy: Message = { ...message, copied: true, request: { ...message.request, id: 0 } };
        const twice = spend({ ...world, messages: [...rest, copy] }, 'copies');
        emit(`${what} reaches the store and a copy stays on the way`, serve(twice, message, rules));
      }
    } else {
      const { answer } = message;
      const what = `the answer "${answer.result === 'refused' ? `refused: ${answer.why}` : answer.result}"`;
      emit(`${what} to ${name} is lost`, { ...world, messages: rest });
      const member = world.members[message.member];
      const able = member.agent === 'up' && member.start?.phase !== 'armed';
      if (able)
        emit(`${what} reaches ${name}`, receive({ ...world, messages: rest }, message.member, answer, rules));
    }
  });
}

function serve(world: World, message: Message & { kind: 'request' }, rules: Rules): World {
  const store = world.stores[message.store]!;
  if (store.state === null) return world;
  const { request, member } = message;
  const turn = rules.answer(store.state, memberNames[member], request, store.nowMs);
  const onDisk = turn.durable && rules.grantWrittenFirst ? turn.state.record : store.onDisk;
  const next = withStore(world, message.store, { state: turn.state, onDisk });
  const waited = request.id !== 0 && world.members[member].power;
  const answer: Message = { kind: 'answer', member, answer: { id: request.id, ...turn.answer } };
  const answered: World = waited ? { ...next, messages: [...next.messages, answer] } : next;
  const granted = turn.answer.result === 'granted';
  if (!granted || turn.state.record.epoch > store.state.record.epoch) return answered;
  return { ...answered, violation: `the store grants epoch ${turn.state.record.epoch} without raising it` };
}

export function faultMoves(world: World, rules: Rules, emit: Emit): void {
  for (const index of indexes) memberFaults(world, index, rules, emit);
  world.stores.forEach((store, at) => storeFaults(world, at, store, rules, emit));
}

function memberFaults(world: World, index: MemberIndex, rules: Rules, emit: Emit): void {
  const member = world.members[index];
  const name = memberNames[index];
  const { budget } = world;
  if (!member.power) {
    emit(`${name} boots`, withMember(world, index, { power: true }));
    return;
  }
  if (member.agent !== 'down' && budget.crashes > 0) {
    const crashing = spend(world, 'crashes');
    emit(
      `${name}'s agent crashes`,
      rules.answersBoundToProcess ? crashed(crashing, index) : oldAnswers(crashing, index),
    );
  }
  if (member.agent === 'frozen') emit(`${name}'s agent thaws`, withMember(world, index, { agent: 'up' }));
  if (member.agent === 'up' && budget.freezes > 0)
    emit(`${name}'s agent freezes`, withMember(spend(world, 'freezes'), index, { agent: 'frozen' }));
  if (budget.powerOffs > 0) emit(`${name} loses power`, powerOff(spend(world, 'powerOffs'), index));
  if (budget.reroutes > 0 && member.route === 0 && world.stores.length > 1)
    emit(
      `the network leads ${name} to a foreign store`,
      withMember(spend(world, 'reroutes'), index, { route: 1 }),
    );
}

function powerOff(world: World, index: MemberIndex): World {
  const off = { power: false, engine: false, deadline: null, start: null, doomedMs: null };
  const next = withMember(crashed(world, index), index, off);
  return {
    ...next,
    messages: next.messages.filter((message) => message.member !== index || message.kind === 'request'),
  };
}

/** Only in a broken variant: answers outlive the process that asked, whose request ids begin anew. */
function oldAnswers(world: World, index: MemberIndex): World {
  return { ...crashed(world, index), messages: world.messages };
}

function storeFaults(world: World, at: number, store: Store, rules: Rules, emit: Emit): void {
  const { budget } = world;
  if (at > 0) return;
  if (store.state !== null && budget.storeRestarts > 0) {
    const state = rules.restore(store.onDisk, modelTiming.T, store.nowMs);
    emit('the store restarts', withStore(spend(world, 'storeRestarts'), at, { state, onDisk: state.record }));
  }
  if (budget.replacements === 0) return;
  if (store.state !== null) {
    const record = rules.onStoreLoss(store.onDisk);
    const state = record === null ? null : rules.restore(record, modelTiming.T, store.nowMs);
    const next = state === null ? { state, lostMs: store.nowMs } : { state, onDisk: state.record };
    const spent = state === null ? world : spend(world, 'replacements');
    const words =
      state === null ? 'the store loses its disk' : 'the store loses its disk and begins by itself';
    emit(words, withStore(spent, at, next));
  } else if (store.nowMs - store.lostMs >= rules.seedAfterMs) {
    const highest = Math.max(...world.members.map((member) => member.disk.epoch));
    emit(
      `a person seeds a new store with epoch ${highest} and pins it on both`,
      replaced(world, at, highest, rules),
    );
  }
}

/**
 * The agents are restarted with the new id; their engines are not touched. One that cannot be restarted yet is
 * pinned when it is: until then it ignores the new store, which is covered by its being down.
 */
function replaced(world: World, at: number, epoch: number, rules: Rules): World {
  const record = seedRecord('second', 'C', modelTiming.T, epoch);
  const { nowMs } = world.stores[at]!;
  const restore = rules.seedWait ? restoreStore : withoutWait;
  const state = restore(record, modelTiming.T, nowMs);
  let next = spend(withStore(world, at, { state, onDisk: state.record }), 'replacements');
  for (const index of indexes) {
    next = withMember(next, index, { disk: { ...next.members[index].disk, storeId: 'second' } });
    if (next.members[index].agent === 'up' && rules.answersBoundToProcess) next = crashed(next, index);
  }
  return next;
}

function withoutWait(record: Parameters<typeof restoreStore>[0], T: number, nowMs: number): StoreState {
  return { ...restoreStore(record, T, nowMs), liveUntilMs: nowMs };
}

/** One tick passes on every clock; one clock may lose or gain a tick, rarely enough to stay within δ per T. */
export function timeMoves(world: World, rules: Rules, emit: Emit): void {
  passTime(world, {}, rules, 'a tick passes', emit);
  if (world.budget.slips === 0) return;
  const spent = spend(world, 'slips');
  for (const index of indexes) {
    if (world.members[index].sinceSlip >= settledSlip)
      passTime(
        spent,
        { slow: index },
        rules,
        `a tick passes, not on ${memberNames[index]}'s slow clock`,
        emit,
      );
  }
  if (world.stores[0]!.sinceSlip >= settledSlip)
    passTime(spent, { fastStore: true }, rules, "a tick passes, two on the store's fast clock", emit);
}

interface Slip {
  readonly slow?: MemberIndex;
  readonly fastStore?: boolean;
}

function passTime(world: World, slip: Slip, rules: Rules, move: string, emit: Emit): void {
  const advance = (member: Member, slow: boolean): Member => {
    const nowMs = member.nowMs + (slow ? 0 : tickMs);
    return watched(
      { ...member, nowMs, sinceSlip: slow ? 0 : Math.min(settledSlip, member.sinceSlip + 1) },
      rules,
    );
  };
  const members = [
    advance(world.members[0], slip.slow === 0),
    advance(world.members[1], slip.slow === 1),
  ] as const;
  if (rules.guarded && members.some(killedBefore)) return;
  const stores = world.stores.map((store, at) => {
    const fast = at === 0 && slip.fastStore === true;
    const sinceSlip = fast ? 0 : Math.min(settledSlip, store.sinceSlip + 1);
    return { ...store, nowMs: store.nowMs + (fast ? 2 : 1) * tickMs, sinceSlip };
  });
  emit(move, { ...world, members, stores });
}

/** The instant cannot be reached with the engine running: one guard lives and has killed it by then. */
function killedBefore({ power, engine, doomedMs, nowMs }: Member): boolean {
  return power && engine && doomedMs !== null && nowMs - doomedMs >= killTimeMs;
}

/**
 * Drops what can have no effect any more, which is no more than losing it: answers that the member would ignore
 * (ignored once is ignored for ever: times and epochs only grow), and requests that the store would refuse for ever
 * without the member minding.
 */
export function tidied(world: World, rules: Rules): World {
  const kept = world.messages.filter((message) =>
    message.kind === 'answer' ? matters(world, message, rules) : mayChange(world, message),
  );
  return kept.length === world.messages.length ? world : { ...world, messages: kept };
}

function matters(world: World, { member, answer }: Message & { kind: 'answer' }, rules: Rules): boolean {
  const { holder, agent, nowMs } = world.members[member];
  if (holder === null) return agent === 'down' && !rules.answersBoundToProcess;
  if (!rules.answersBoundToProcess && !holder.pending.has(answer.id)) return true;
  const { effects } = rules.receive(holder, answer, nowMs, modelTiming);
  return effects.some(({ kind }) => kind !== 'ignored' && kind !== 'released');
}

function mayChange(world: World, { store, member, request }: Message & { kind: 'request' }): boolean {
  const { state } = world.stores[store]!;
  if (state === null) return request.id !== 0;
  if (request.op === 'read' || request.op === 'policy' || request.op === 'left') return false;
  if (request.op === 'reinstate') return true;
  if (request.op === 'acquire' || request.op === 'force') return request.epochSeen >= state.record.epoch;
  if (request.op === 'renew' && request.id !== 0) return true;
  return request.epoch === state.record.epoch && state.record.holder === memberNames[member];
}
