/** What a member may do by itself in a state. The shell around the reducers is that of agent/member/lease-keeper.ts. */
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import { newHolder, type HolderEffect, type HolderState } from '../../shared/lease/holder.ts';
import type { Rules } from './rules.ts';
import { killTimeMs, modelTiming, tickMs } from './ticks.ts';
import {
  forgetAnswers,
  memberNames,
  spend,
  withMember,
  type Member,
  type MemberIndex,
  type World,
} from './world.ts';

export type Emit = (move: string, world: World) => void;

export interface Limits {
  readonly maxEpoch: number;
  /** Requests of one member whose answers it waits for. */
  readonly inFlight: number;
  /** How long before the lease is free a member may ask for it. */
  readonly earlyTicks: number;
  /** Time may pass, and anything may happen, between check, deadline and start. Else they are one move. */
  readonly slowStarts: boolean;
}

type Body = Parameters<Rules['prepare']>[2];

export function memberMoves(
  world: World,
  index: MemberIndex,
  rules: Rules,
  limits: Limits,
  emit: Emit,
): void {
  const member = world.members[index];
  if (!member.power) return;
  engineMoves(world, index, rules, emit);
  if (member.agent === 'down') return restart(world, index, rules, emit);
  if (member.agent === 'frozen' || member.holder === null) return;
  if (member.start?.phase === 'armed') return writeDeadline(world, index, emit);
  leaseMoves(world, index, member.holder, rules, limits, emit);
  startMoves(world, index, member.holder, rules, limits, emit);
  endMoves(world, index, member.holder, rules, emit);
}

/** The engine and the service manager go on whatever the agent does. */
function engineMoves(world: World, index: MemberIndex, rules: Rules, emit: Emit): void {
  const member = world.members[index];
  const name = memberNames[index];
  if (member.engine) {
    emit(`${name}'s engine stops`, withMember(world, index, { engine: false }));
  } else if (member.start?.phase === 'asked') {
    const refused = rules.gate(member.deadline, member.nowMs, killTimeMs);
    const next = withMember(world, index, { start: null, engine: refused === null });
    emit(
      refused === null ? `the gate lets ${name}'s engine start` : `the gate refuses ${name}: ${refused}`,
      next,
    );
  }
  if (!member.engine && world.budget.outsideStarts > 0) {
    const refused = rules.gate(member.deadline, member.nowMs, killTimeMs);
    if (refused === null) {
      emit(
        `somebody else starts ${name}'s engine through the open gate`,
        withMember(spend(world, 'outsideStarts'), index, { engine: true }),
      );
    }
  }
}

function restart(world: World, index: MemberIndex, rules: Rules, emit: Emit): void {
  const { disk, deadline } = world.members[index];
  const found =
    deadline !== null &&
    (!rules.foundFileChecked || (deadline.epoch === disk.epoch && disk.epoch > disk.ended));
  emit(
    `${memberNames[index]}'s agent starts`,
    withMember(world, index, {
      agent: 'up',
      holder: newHolder(disk),
      lost: null,
      feeding: found,
      deadline: found ? deadline : null,
    }),
  );
}

/** Second half of `arm`: it may come late, after a freeze, but with the deadline of the first half. */
function writeDeadline(world: World, index: MemberIndex, emit: Emit): void {
  const { start } = world.members[index];
  if (start?.phase !== 'armed') return;
  const { epoch, deadlineMs } = start;
  emit(
    `${memberNames[index]} writes the deadline and asks for the start`,
    withMember(world, index, { deadline: { epoch, deadlineMs }, feeding: true, start: { phase: 'asked' } }),
  );
}

function leaseMoves(
  world: World,
  index: MemberIndex,
  holder: HolderState,
  rules: Rules,
  limits: Limits,
  emit: Emit,
): void {
  const member = world.members[index];
  const name = memberNames[index];
  const { epoch, ended } = holder.memory;
  if (epoch > ended && member.lost !== epoch)
    send(world, index, { op: 'renew' }, `${name} asks to renew epoch ${epoch}`, rules, limits, emit);
  const holds = holder.lease !== null && member.nowMs < holder.lease.sentMs + rules.startUntilMs;
  if (!member.engine && member.start === null && !holds) askForEpoch(world, index, rules, limits, emit);
  if (holder.lease !== null && world.budget.jumps > 0) {
    const next = withMember(spend(world, 'jumps'), index, { holder: rules.forget(holder) });
    emit(`${name} gives up its lease: the clocks jumped`, forgetAnswers(next, index));
  }
  if (member.unwritten)
    emit(
      `${name} writes down epoch ${epoch}`,
      withMember(world, index, { disk: { ...member.disk, epoch }, unwritten: false }),
    );
}

/**
 * A member looks at the record and asks when the lease is about to be free. The look is part of the move: it
 * changes nothing in the store, and an old view is a request that is long on its way.
 */
function askForEpoch(world: World, index: MemberIndex, rules: Rules, limits: Limits, emit: Emit): void {
  const member = world.members[index];
  const store = world.stores[member.route]!;
  if (member.holder === null || store.state === null) return;
  const waitMs = store.state.liveUntilMs - store.nowMs;
  if (waitMs > limits.earlyTicks * tickMs || store.state.record.epoch >= limits.maxEpoch) return;
  const prepared = rules.prepare(member.holder, 'C', { op: 'read' }, member.nowMs, modelTiming);
  if (prepared === null) return;
  const turn = rules.answer(store.state, memberNames[index], prepared.request, store.nowMs);
  const answer: LeaseAnswer = { id: prepared.request.id, ...turn.answer };
  const { state } = rules.receive(prepared.state, answer, member.nowMs, modelTiming);
  if (state.seen === null) return;
  const move = `${memberNames[index]} asks for epoch ${state.seen.view.epoch + 1}`;
  send(
    withMember(world, index, { holder: state }),
    index,
    { op: 'acquire', planned: true },
    move,
    rules,
    limits,
    emit,
  );
}

function send(
  world: World,
  index: MemberIndex,
  body: Body,
  move: string,
  rules: Rules,
  limits: Limits,
  emit: Emit,
): void {
  const member = world.members[index];
  const own = world.messages.filter(
    (message) => message.member === index && (message.kind === 'answer' || message.request.id !== 0),
  );
  if (member.holder === null || own.length >= limits.inFlight) return;
  const prepared = rules.prepare(member.holder, 'C', body, member.nowMs, modelTiming);
  if (prepared === null) return;
  const next = withMember(world, index, { holder: { ...prepared.state, seen: null } });
  const message = { kind: 'request', member: index, store: member.route, copied: false } as const;
  emit(move, { ...next, messages: [...next.messages, { ...message, request: prepared.request }] });
}

function startMoves(
  world: World,
  index: MemberIndex,
  holder: HolderState,
  rules: Rules,
  limits: Limits,
  emit: Emit,
): void {
  const member = world.members[index];
  const { lease } = holder;
  if (member.engine) return;
  if (member.feeding)
    emit(
      `${memberNames[index]} shuts its gate`,
      withMember(world, index, { feeding: false, deadline: null }),
    );
  if (member.start !== null || lease === null || member.seenOff) return;
  if (member.nowMs >= lease.sentMs + rules.startUntilMs) return;
  const start = {
    phase: 'armed',
    epoch: lease.epoch,
    deadlineMs: lease.sentMs + rules.deadlineAfterMs,
  } as const;
  const armed = withMember(world, index, { start });
  if (limits.slowStarts) {
    emit(`${memberNames[index]} finds its lease of epoch ${lease.epoch} usable for a start`, armed);
  } else {
    writeDeadline(armed, index, (_, asked) => engineMoves(asked, index, rules, emit));
  }
}

/** A lost epoch ends when the engine is off; a planned one when it is proven off with the gate shut. */
function endMoves(world: World, index: MemberIndex, holder: HolderState, rules: Rules, emit: Emit): void {
  const member = world.members[index];
  const name = memberNames[index];
  const { epoch, ended } = holder.memory;
  const off = rules.stopProvenLast ? !member.engine : member.seenOff || !member.engine;
  if (!rules.stopProvenLast && !member.engine && !member.seenOff && member.deadline !== null && epoch > ended)
    emit(`${name} sees its engine off`, withMember(world, index, { seenOff: true }));
  const lost = member.lost === epoch;
  const shut = member.deadline === null || !rules.stopProvenLast;
  if (off && epoch > ended && (lost || (shut && world.budget.handovers > 0))) {
    const spent = lost ? world : spend(world, 'handovers');
    const disk = { ...member.disk, ended: rules.endWrittenFirst ? epoch : member.disk.ended };
    const closed = { feeding: false, deadline: null };
    const next = { ...closed, disk, holder: rules.end(holder, epoch) };
    emit(`${name} writes down that epoch ${epoch} has ended`, withMember(spent, index, next));
    if (world.budget.crashes > 0)
      emit(
        `${name} writes down that epoch ${epoch} has ended; its agent crashes before it shuts the gate`,
        crashed(withMember(spend(spent, 'crashes'), index, { disk }), index),
      );
  }
  if (off && ended >= epoch && epoch > 0) sendRelease(world, index, epoch, rules, emit);
}

function sendRelease(world: World, index: MemberIndex, epoch: number, rules: Rules, emit: Emit): void {
  const name = memberNames[index];
  const open = world.messages.some(
    (message) => message.kind === 'request' && message.request.op === 'release',
  );
  if (open) return;
  const body = { op: 'release', reservedFor: memberNames[index === 0 ? 1 : 0] } as const;
  // It goes out beside whatever else is on the way: renewals sent before it may still be answered.
  const limits = { maxEpoch: 0, inFlight: Infinity, earlyTicks: 0, slowStarts: false };
  send(world, index, body, `${name} releases epoch ${epoch}`, rules, limits, emit);
}

/** What an agent's end leaves behind: its disk, the deadline file, and a start already asked for. */
export function crashed(world: World, index: MemberIndex): World {
  const { start } = world.members[index];
  const next = withMember(world, index, {
    agent: 'down',
    holder: null,
    lost: null,
    feeding: false,
    seenOff: false,
    unwritten: false,
    start: start?.phase === 'asked' ? start : null,
  });
  return forgetAnswers(next, index);
}

/** One answer taken in: what must be on disk is written first, then the state is used. */
export function receive(world: World, index: MemberIndex, answer: LeaseAnswer, rules: Rules): World {
  const member = world.members[index];
  if (member.holder === null) return world;
  const { state, effects } = rules.receive(member.holder, answer, member.nowMs, modelTiming);
  let next = withMember(world, index, { holder: { ...state, seen: null } });
  for (const effect of effects) next = react(next, index, effect, rules);
  return next;
}

function react(world: World, index: MemberIndex, effect: HolderEffect, rules: Rules): World {
  const member = world.members[index];
  switch (effect.kind) {
    case 'granted':
      return use(world, index, effect.epoch, rules);
    case 'renewed':
      return feed(withMember(world, index, { lost: null }), index, rules);
    case 'lost': {
      const holder = member.holder === null ? null : rules.forget(member.holder);
      return forgetAnswers(withMember(world, index, { lost: effect.epoch, holder }), index);
    }
    case 'pin-store':
      return withMember(world, index, { disk: { ...member.disk, storeId: effect.storeId } });
    case 'released':
    case 'retired':
    case 'ignored':
      return world;
  }
}

function use(world: World, index: MemberIndex, epoch: number, rules: Rules): World {
  const member = world.members[index];
  const before = world.usedBy[epoch];
  const usedBy = [...world.usedBy];
  usedBy[epoch] = index;
  const written = rules.epochWrittenFirst
    ? { disk: { ...member.disk, epoch }, lost: null }
    : { unwritten: true, lost: null };
  const next: World = { ...withMember(world, index, { ...written, seenOff: false }), usedBy };
  if (before === undefined) return next;
  return {
    ...next,
    violation: `epoch ${epoch} is used twice, by ${memberNames[before]} and ${memberNames[index]}`,
  };
}

function feed(world: World, index: MemberIndex, rules: Rules): World {
  const { feeding, holder } = world.members[index];
  if (!feeding || holder === null || holder.lease === null) return world;
  const { epoch, sentMs } = holder.lease;
  return withMember(world, index, { deadline: { epoch, deadlineMs: sentMs + rules.deadlineAfterMs } });
}

/** A guard's reason to kill begins when it can first be seen, and ends when the deadline is moved. */
export function watched(member: Member, rules: Rules): Member {
  const reason = member.engine && member.power ? rules.guard(member.deadline, member.nowMs) : null;
  if (reason === null) return member.doomedMs === null ? member : { ...member, doomedMs: null };
  return member.doomedMs === null ? { ...member, doomedMs: member.nowMs } : member;
}
