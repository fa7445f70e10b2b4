/** A short text for a state: equal texts behave alike. Times are written as distances, as far as they matter. */
import type { LeaseMemory } from '../../../shared/lease/member-lease.ts';
import type { Period } from '../../../shared/lease/period.ts';
import { tickMs } from '../ticks.ts';
import { memberNames, type MemberIndex } from '../world.ts';
import { sameMemory } from './member-moves.ts';
import { other, type Act, type Member, type Message, type World } from './world.ts';

/** The members are alike, so a state and its mirror image are one. */
export function worldKey(world: World, oldest: number): string {
  const plain = keyOf(world, 0, oldest);
  const mirrored = keyOf(world, 1, oldest);
  return plain < mirrored ? plain : mirrored;
}

function keyOf(world: World, first: MemberIndex, oldest: number): string {
  const { budget, store, usedBy, violation } = world;
  const slips = budget.slips > 0;
  const order: Order = (name) => (name === null ? '-' : name === memberNames[first] ? '0' : '1');
  const messages = world.messages.map((message) => messageKey(world, message, order, oldest)).sort();
  return [
    memberKey(world.members[first], slips, order, world, oldest),
    memberKey(world.members[other(first)], slips, order, world, oldest),
    storeKey(store, order, slips),
    messages.join(','),
    usedBy.map((index) => (index === undefined ? '-' : 'u')).join(''),
    Object.values(budget).join(''),
    violation === null ? '' : '!',
  ].join('|');
}

type Order = (name: string | null) => string;

function memberKey(member: Member, slips: boolean, order: Order, world: World, oldest: number): string {
  const { lease, disk, deadline, nowMs } = member;
  const flags = [member.power, member.engine, member.feeding];
  return [
    member.agent.slice(0, 1),
    flags.map(Number).join(''),
    memoryKey(disk),
    deadline === null
      ? '-'
      : `${deadline.epoch}${ahead(deadline.deadlineMs, nowMs)}${deadline.onPromise ? 'p' : ''}`,
    member.doomedMs === null ? '-' : age(member.doomedMs, nowMs, 8),
    slips ? member.sinceSlip : '',
    member.lost ?? '-',
    lease === null ? '-' : leaseKey(lease, disk, nowMs, oldest),
    member.queue.map((act) => actKey(act, member, world, order, oldest)).join(),
  ].join('.');
}

function leaseKey(
  lease: NonNullable<Member['lease']>,
  disk: LeaseMemory,
  nowMs: number,
  oldest: number,
): string {
  const { holder, asker, promiser } = lease;
  const memory = { ...holder.memory, ...asker.memory, ...promiser };
  const held = holder.lease;
  const worthless = held === null || (oldest <= 3 && nowMs - held.sentMs >= oldest * tickMs);
  return [
    sameMemory(memory, disk) ? '=' : memoryKey(memory),
    worthless ? (held === null ? '-' : 'x') : `${held.epoch}${age(held.sentMs, nowMs, oldest)}`,
    Number(asker.asking),
    Number(asker.confirmed),
  ].join('');
}

function memoryKey({ epoch, ended, storeId, asked, peer, left, promise, promised }: LeaseMemory): string {
  const periods = [asked, peer, left, promise, promised].map(periodKey).join('');
  return `${epoch}${ended}${storeId?.slice(0, 1)}${periods}`;
}

function periodKey(period: Period | null): string {
  return period === null ? '-' : `${period.e}${period.n}`;
}

function actKey(act: Act, member: Member, world: World, order: Order, oldest: number): string {
  const { nowMs, disk } = member;
  switch (act.act) {
    case 'deadline':
      return act.deadline === null ? 'd-' : `d${act.deadline.epoch}${ahead(act.deadline.deadlineMs, nowMs)}`;
    case 'disk':
      return `m${memoryKey(act.memory)}`;
    case 'use':
      return `u${leaseKey(act.lease, disk, nowMs, oldest)}${act.lost ?? '-'}${act.granted ?? '-'}`;
    case 'send':
      return `s${messageKey(world, act.message, order, oldest)}`;
    case 'tell-store':
      return `t${periodKey(act.period)}`;
    case 'start':
      return 'k';
    case 'late-promise':
      return `l${messageKey(world, act.question, order, oldest)}`;
  }
}

function storeKey({ state, lostMs, nowMs, sinceSlip }: World['store'], order: Order, slips: boolean): string {
  const slip = slips ? sinceSlip : '';
  if (state === null) return `x${slip}${age(lostMs, nowMs, 3)}`;
  const { record } = state;
  const reserved =
    record.reservedFor === null ? '-' : `${order(record.reservedFor)}${ahead(state.reservedUntilMs, nowMs)}`;
  const last = record.epoch === 0 ? '-' : order(state.policy.record.lastHolder);
  const rest = `${ahead(state.liveUntilMs, nowMs)}${reserved}${periodKey(record.left ?? null)}${last}${slip}`;
  return `${record.storeId.slice(0, 1)}${record.epoch}${order(record.holder)}${Number(record.untouched)}${rest}`;
}

function messageKey(world: World, message: Message, order: Order, oldest: number): string {
  const member = world.members[message.member];
  const who = order(memberNames[message.member]);
  if (message.kind === 'left') return `${who}L${periodKey(message.period)}`;
  if ('nonce' in message) {
    const own = Number(message.nonce === String(member.process));
    return `${who}${message.kind.slice(0, 1)}${periodKey(message.period)}${own}`;
  }
  const id = message.kind === 'request' ? message.request.id : message.answer.id;
  const asked = member.lease?.holder.pending.get(id);
  const held = member.lease?.holder.lease ?? null;
  const overtaken = asked !== undefined && held !== null && asked.sentMs < held.sentMs ? '!' : '';
  const sent =
    asked === undefined
      ? '-'
      : `${asked.op.slice(0, 3)}${age(asked.sentMs, member.nowMs, oldest)}${overtaken}`;
  if (message.kind === 'answer') {
    const { answer } = message;
    const { view } = answer;
    const shown =
      view === null
        ? '-'
        : `${view.storeId.slice(0, 1)}${view.epoch}${order(view.holder)}${periodKey(view.left ?? null)}`;
    return `${who}${sent}<${answer.result.slice(0, 3)}${answer.result === 'refused' ? answer.why : ''}${shown}`;
  }
  const { request } = message;
  const number = request.op === 'acquire' ? request.epochSeen : 'epoch' in request ? request.epoch : '';
  return `${who}${sent}>${request.op.slice(0, 3)}${number}${request.storeId?.slice(0, 1)}`;
}

/** Ticks until an instant; one that has passed is one tick like another. */
function ahead(atMs: number, nowMs: number): string {
  return `+${Math.max(0, Math.ceil((atMs - nowMs) / tickMs))}`;
}

function age(sinceMs: number, nowMs: number, oldest: number): string {
  return `~${Math.min(oldest, Math.floor((nowMs - sinceMs) / tickMs))}`;
}
