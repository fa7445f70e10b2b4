/** What the network may do: every message arrives, is lost, or waits, in any order. */
import type { LeaseAnswer } from '../../../shared/agent-api/lease-frames.ts';
import { livesOnPromise } from '../../../shared/lease/asker.ts';
import { memoryOf } from '../../../shared/lease/member-lease.ts';
import { modelTiming, tickMs } from '../ticks.ts';
import { deadlineOf, perform, performed, type Emit } from './acts.ts';
import { adopted, sameMemory, samePeriod, type Acting, type Limits } from './member-moves.ts';
import type { PeerRules } from './rules.ts';
import {
  nameOf,
  other,
  spend,
  withMember,
  type Act,
  type Message,
  type PeerMessage,
  type World,
} from './world.ts';

export function messageMoves(world: World, rules: PeerRules, limits: Limits, emit: Emit): void {
  world.messages.forEach((message, at) => {
    const rest: World = { ...world, messages: world.messages.filter((_, one) => one !== at) };
    emit(`${wordsFor(message)} is lost`, rest);
    deliver(rest, message, rules, limits, emit);
    if (world.budget.copies > 0 && message.kind !== 'answer')
      deliver(spend(world, 'copies'), message, rules, limits, (move, next) =>
        emit(`${move}, and a copy stays`, next),
      );
  });
}

export function wordsFor(message: Message): string {
  const name = nameOf(message.member);
  switch (message.kind) {
    case 'request':
      return `${name}'s ${message.request.op}`;
    case 'answer': {
      const { answer } = message;
      return `the answer "${answer.result === 'refused' ? `refused: ${answer.why}` : answer.result}" to ${name}`;
    }
    case 'question':
      return `${name}'s question for (${message.period.e}, ${message.period.n})`;
    case 'promise':
      return `the promise of (${message.period.e}, ${message.period.n}) to ${name}`;
    case 'left':
      return `${name}'s word that it has left (${message.period.e}, ${message.period.n})`;
  }
}

function deliver(rest: World, message: Message, rules: PeerRules, limits: Limits, emit: Emit): void {
  if (message.kind === 'request') return serve(rest, message, rules, emit);
  const toPeer = message.kind === 'question' || message.kind === 'left';
  const index = toPeer ? other(message.member) : message.member;
  const { agent, lease, power } = rest.members[index];
  if (agent !== 'up' || lease === null || !power) return;
  const acting: Acting = { world: rest, index, lease, rules, limits, emit };
  const move = `${wordsFor(message)} arrives`;
  switch (message.kind) {
    case 'answer':
      return takeAnswer(acting, message.answer, move);
    case 'question':
      return takeQuestion(acting, message, move);
    case 'promise':
      return takePromise(acting, message, move);
    case 'left': {
      const { state, effects } = rules.takeLeft(lease, message.period);
      if (effects.length > 0) perform(rest, index, move, adopted(acting, state), rules, emit);
    }
  }
}

function serve(
  world: World,
  { member, request }: Message & { kind: 'request' },
  rules: PeerRules,
  emit: Emit,
): void {
  const { state, nowMs } = world.store;
  if (state === null) return;
  const turn = rules.answer(state, nameOf(member), request, nowMs);
  const next: World = { ...world, store: { ...world.store, state: turn.state } };
  const answer: LeaseAnswer = { id: request.id, ...turn.answer };
  const waited = request.id !== 0 && world.members[member].power;
  const messages = waited ? [...next.messages, { kind: 'answer', member, answer } as const] : next.messages;
  emit(`${nameOf(member)}'s ${request.op} reaches the store`, { ...next, messages });
}

function takeAnswer(acting: Acting, answer: LeaseAnswer, move: string): void {
  const { world, index, lease, rules, emit } = acting;
  const member = world.members[index];
  const { state, effects } = rules.takeAnswer(lease, answer, member.nowMs, modelTiming);
  const granted = effects.find(({ kind }) => kind === 'granted');
  const gone = effects.find(({ kind }) => kind === 'lost' || kind === 'epoch-gone');
  const brought = effects.some(({ kind }) => kind === 'granted' || kind === 'renewed');
  const change = {
    lost: gone !== undefined && 'epoch' in gone ? gone.epoch : brought ? null : member.lost,
    granted: granted !== undefined && 'epoch' in granted ? granted.epoch : null,
  };
  const used = [...leftBeforeEpoch(acting, state), ...adopted(acting, state, change)];
  const feeds = brought && member.feeding ? [deadlineOf(state, member.nowMs, rules)] : [];
  const acts = rules.deadlineBeforeLeaving ? [...feeds, ...used] : [...used, ...feeds];
  const told = rules.leavingWrittenBeforeTold ? acts : [...toldTooEarly(acting, state), ...acts];
  const early = livesOnPromise(lease.asker) && !livesOnPromise(state.asker) && member.engine;
  const ahead = feeds[0] === undefined || feeds[0].deadline!.deadlineMs > member.nowMs;
  const violation = early && !ahead ? `${nameOf(index)} leaves peer mode without a lease` : null;
  perform({ ...world, violation: world.violation ?? violation }, index, move, told, rules, emit);
}

/** Only in a broken variant: the period is left in a write of its own, before the one with the epoch. */
function leftBeforeEpoch({ world, index, rules }: Acting, state: Acting['lease']): Act[] {
  const { disk } = world.members[index];
  const memory = { ...memoryOf(state), epoch: disk.epoch };
  return rules.grantInOneWrite || sameMemory(memory, disk) ? [] : [{ act: 'disk', memory }];
}

function toldTooEarly({ index, lease, rules }: Acting, state: Acting['lease']): Act[] {
  const period = rules.toTell(state);
  const before = rules.toTell(lease);
  if (period === null || samePeriod(period, before)) return [];
  return [{ act: 'send', message: { kind: 'left', member: index, period } }];
}

/** The store is silent from here, or said to be: whether it is decides between two safe answers only. */
function takeQuestion(acting: Acting, question: PeerMessage, move: string): void {
  const { world, index, lease, rules, emit } = acting;
  const member = world.members[index];
  const facts = {
    nowMs: member.nowMs,
    engineRunning: member.engine,
    knownEpoch: rules.promiseAndGrantUnderOneLock ? 0 : member.disk.epoch,
    receivedMs: member.nowMs,
    renewalAgeMs: 2 * tickMs,
    tries: [{ sentMs: member.nowMs - tickMs, answered: false }],
    operationMs: tickMs,
  };
  const { state, decision } = rules.takeQuestion(lease, question.period, facts);
  const answer: Act = { act: 'send', message: { ...question, kind: 'promise' } };
  if (decision.kind === 'again') emit(move, performed(world, index, [answer], rules));
  if (decision.kind !== 'promise') return;
  if (!rules.promiseAndGrantUnderOneLock) {
    const queue: Act[] = [{ act: 'late-promise', question }];
    return emit(`${move} and is decided`, withMember(world, index, { queue }));
  }
  const used = adopted(acting, state);
  const acts = rules.promiseWrittenFirst ? [...used, answer] : [answer, ...used];
  perform(world, index, move, acts, rules, emit);
}

function takePromise(acting: Acting, { period, nonce }: PeerMessage, move: string): void {
  const { world, index, lease, rules, emit } = acting;
  const { nowMs } = world.members[index];
  const { state, outcome } = rules.takePromise(lease, { period, nonce }, nowMs, modelTiming);
  if (outcome.kind === 'ignored') return;
  const acts = rules.peerModeWrittenFirst ? adopted(acting, state) : adopted(acting, state).slice(-1);
  perform(world, index, move, acts, rules, emit);
}

/** Drops what can have no effect any more, which is no more than losing it: ignored once is ignored for ever. */
export function tidied(world: World, rules: PeerRules): World {
  if (!rules.tidies) return world;
  const kept = world.messages.filter((message) => matters(world, message, rules));
  return kept.length === world.messages.length ? world : { ...world, messages: kept };
}

function matters(world: World, message: Message, rules: PeerRules): boolean {
  const member = world.members[message.member];
  switch (message.kind) {
    case 'request':
      return mayChange(world, message);
    case 'answer': {
      if (member.lease === null) return false;
      const { effects } = rules.takeAnswer(member.lease, message.answer, member.nowMs, modelTiming);
      return effects.some(({ kind }) => kind !== 'ignored' && kind !== 'released');
    }
    case 'promise': {
      if (member.agent === 'frozen') return true;
      if (member.lease === null) return false;
      return rules.takePromise(member.lease, message, member.nowMs, modelTiming).outcome.kind === 'entered';
    }
    case 'question': {
      const { promise, promised } = world.members[other(message.member)].disk;
      const again = samePeriod(promise, message.period);
      return again || promised === null || isLater(message.period, promised);
    }
    case 'left': {
      const { lease, disk } = world.members[other(message.member)];
      const asked = world.messages.some(
        ({ kind, member: from }) => kind === 'question' && from === message.member,
      );
      if (asked || lease === null) return asked || disk.promise !== null;
      return rules.takeLeft(lease, message.period).effects.length > 0;
    }
  }
}

function isLater(one: { e: number; n: number }, two: { e: number; n: number }): boolean {
  return one.e === two.e ? one.n > two.n : one.e > two.e;
}

function mayChange({ store, members }: World, { member, request }: Message & { kind: 'request' }): boolean {
  const { state } = store;
  if (state === null) return request.id !== 0;
  if (request.storeId !== null && request.storeId !== state.record.storeId) return false;
  if (request.op === 'acquire') return request.epochSeen >= state.record.epoch;
  if (request.op === 'renew' && request.id !== 0 && members[member].power) return true;
  const held = state.record.holder === nameOf(member);
  return 'epoch' in request && request.epoch === state.record.epoch && held;
}
