/** What the shell does one after the other, with a crash or a freeze of its agent possible between any two. */
import { livesOnPromise } from '../../../shared/lease/asker.ts';
import type { LeaseMemory, MemberLease } from '../../../shared/lease/member-lease.ts';
import type { MemberIndex } from '../world.ts';
import { killTimeMs } from '../ticks.ts';
import type { PeerRules } from './rules.ts';
import {
  nameOf,
  other,
  spend,
  withMember,
  type Act,
  type Member,
  type Message,
  type World,
} from './world.ts';

export type Emit = (move: string, world: World) => void;

/** All of the acts as one move; and, where the faults are left, every way in which they are interrupted. */
export function perform(
  world: World,
  index: MemberIndex,
  move: string,
  acts: readonly Act[],
  rules: PeerRules,
  emit: Emit,
): void {
  emit(move, performed(world, index, acts, rules));
  for (let done = 1; done < acts.length && world.budget.crashes > 0; done += 1) {
    if (acts[done - 1]!.act === 'use') continue;
    const reached = performed(spend(world, 'crashes'), index, acts.slice(0, done), rules);
    emit(`${move}; the agent crashes after ${done} of ${acts.length}`, crashed(reached, index));
  }
  for (let done = 0; done < acts.length && world.budget.freezes > 0; done += 1) {
    const reached = performed(spend(world, 'freezes'), index, acts.slice(0, done), rules);
    const frozen = withMember(reached, index, { agent: 'frozen', queue: acts.slice(done) });
    emit(`${move}; the agent freezes after ${done} of ${acts.length}`, frozen);
  }
}

export function performed(world: World, index: MemberIndex, acts: readonly Act[], rules: PeerRules): World {
  return acts.reduce((reached, act) => performOne(reached, index, act, rules), world);
}

function performOne(world: World, index: MemberIndex, act: Act, rules: PeerRules): World {
  const member = world.members[index];
  switch (act.act) {
    case 'deadline':
      return withMember(world, index, { deadline: act.deadline, feeding: act.deadline !== null });
    case 'disk':
      return withMember(world, index, { disk: act.memory });
    case 'use':
      return use(withMember(world, index, { lease: act.lease, lost: act.lost }), index, act.granted);
    case 'send':
      return sent(world, act.message);
    case 'tell-store':
      return toldStore(world, index, act.period, rules);
    case 'start': {
      const refused = rules.gate(member.deadline, member.nowMs, killTimeMs);
      if (member.engine || refused !== null) return world;
      return startedUnder(withMember(world, index, { engine: true }), index, member.disk);
    }
    case 'late-promise':
      return latePromise(world, index, act.question);
  }
}

function startedUnder(world: World, index: MemberIndex, { epoch, ended }: LeaseMemory): World {
  const violation =
    epoch > ended ? null : `${nameOf(index)} starts its engine under epoch ${epoch}, which has ended`;
  return { ...world, violation: world.violation ?? violation };
}

function use(world: World, index: MemberIndex, epoch: number | null): World {
  if (epoch === null) return world;
  const before = world.usedBy[epoch];
  const usedBy = [...world.usedBy];
  usedBy[epoch] = index;
  const violation =
    before === undefined ? null : `epoch ${epoch} is used twice, by ${nameOf(before)} and ${nameOf(index)}`;
  return { ...world, usedBy, violation: world.violation ?? violation };
}

/** A message that is on the way already is not there twice. */
function sent(world: World, message: Message): World {
  const text = JSON.stringify(message);
  const known = world.messages.some((one) => one.kind === message.kind && JSON.stringify(one) === text);
  return known ? world : { ...world, messages: [...world.messages, message] };
}

/** Told at once or not at all: what the store notes late makes nothing possible that an early note does not. */
function toldStore(
  world: World,
  index: MemberIndex,
  left: { e: number; n: number },
  rules: PeerRules,
): World {
  const { state, nowMs } = world.store;
  if (state === null) return world;
  const request = { op: 'left', storeId: world.members[index].disk.storeId, left } as const;
  const turn = rules.answer(state, nameOf(index), request, nowMs);
  return { ...world, store: { ...world.store, state: turn.state } };
}

function latePromise(
  world: World,
  index: MemberIndex,
  question: Message & { kind: 'question' | 'promise' },
): World {
  const { disk, lease, queue } = world.members[index];
  const given = { promise: question.period, promised: question.period };
  const change = { disk: { ...disk, ...given }, queue: queue.filter(({ act }) => act !== 'late-promise') };
  const promising = withMember(world, index, { ...change, lease: lease && { ...lease, promiser: given } });
  return sent(promising, { ...question, kind: 'promise', member: other(index) });
}

/** What an agent's end leaves behind: its disk, the deadline file, and messages that nobody here waits for. */
export function crashed(world: World, index: MemberIndex): World {
  const gone = { agent: 'down', lease: null, lost: null, feeding: false, queue: [] } as const;
  const messages = world.messages.flatMap((message): Message[] => {
    if (message.member !== index) return [message];
    if (message.kind === 'answer') return [];
    return message.kind === 'request' ? [{ ...message, request: { ...message.request, id: 0 } }] : [message];
  });
  return { ...withMember(world, index, gone), messages };
}

/** The deadline that a state stands for, as it is written to the guards' file. */
export function deadlineOf(lease: MemberLease, nowMs: number, rules: PeerRules): Act & { act: 'deadline' } {
  const { holder, asker } = lease;
  const onPromise = livesOnPromise(asker);
  const epoch = holder.lease !== null && !onPromise ? holder.lease.epoch : holder.memory.epoch;
  const sinceMs = onPromise ? nowMs : (holder.lease?.sentMs ?? -Infinity);
  return { act: 'deadline', deadline: { epoch, deadlineMs: sinceMs + rules.deadlineAfterMs, onPromise } };
}

/** A guard's reason to kill begins when it can first be seen, and ends when the deadline is moved. */
export function watched(member: Member, rules: PeerRules): Member {
  const reason = member.engine && member.power ? rules.guard(member.deadline, member.nowMs) : null;
  if (reason === null) return member.doomedMs === null ? member : { ...member, doomedMs: null };
  return member.doomedMs === null ? { ...member, doomedMs: member.nowMs } : member;
}
