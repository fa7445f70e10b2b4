/** A short text for a state: equal texts behave alike. Times are written as distances, as far as they matter. */
import type { HolderState } from '../../shared/lease/holder.ts';
import { tickMs } from './ticks.ts';
import { memberNames, type Member, type MemberIndex, type Message, type Store, type World } from './world.ts';

/**
 * How old a lease or a request can grow and still be told from older ones, in ticks. From the last use on nothing
 * asks for the age itself, only which of the two was sent first, and that is part of the text.
 */
export const productOldest = 3;
/** Broken rules may look further back: up to the free instant and one tick more. */
export const brokenOldest = 8;

/** The members are alike, so a state and its mirror image are one; not where the network parts them. */
/** @param ids whether request ids tell states apart: only where answers outlive the process that asked */
export function worldKey(world: World, oldest: number, ids: boolean): string {
  if (ids) return `${keyOf(world, 0, 1, oldest)}${idsOf(world)}`;
  const plain = keyOf(world, 0, 1, oldest);
  const mirrored = keyOf(world, 1, 0, oldest);
  return plain < mirrored ? plain : mirrored;
}

function idsOf({ members, messages }: World): string {
  const next = members.map(({ holder }) => holder?.nextId ?? 0);
  const sent = messages.map((message) =>
    message.kind === 'answer' ? message.answer.id : message.request.id,
  );
  return `${next.join()}${sent.join()}`;
}

function keyOf(world: World, first: MemberIndex, second: MemberIndex, oldest: number): string {
  const { budget } = world;
  // How long ago a clock slipped matters only while one may slip again.
  const slips = budget.slips > 0;
  const order = (name: string | null) => (name === null ? '-' : name === memberNames[first] ? '0' : '1');
  const messages = world.messages.map((message) => messageKey(world, message, order, oldest)).sort();
  const used = world.usedBy.map((index) => (index === undefined ? '-' : 'u'));
  return [
    memberKey(world.members[first], oldest, slips),
    memberKey(world.members[second], oldest, slips),
    ...world.stores.map((store) => storeKey(store, order, slips)),
    messages.join(','),
    used.join(''),
    Object.values(budget).join(''),
    world.violation === null ? '' : '!',
  ].join('|');
}

type Order = (name: string | null) => string;

function memberKey(member: Member, oldest: number, slips: boolean): string {
  const { holder, disk, deadline, start, nowMs } = member;
  const armed =
    start?.phase === 'armed' ? `m${start.epoch}${ahead(start.deadlineMs, nowMs)}` : start ? 'k' : '-';
  const flags = [member.power, member.engine, member.feeding, member.seenOff, member.unwritten];
  return [
    member.agent.slice(0, 1),
    flags.map(Number).join(''),
    disk.epoch,
    disk.ended,
    disk.storeId?.slice(0, 1),
    deadline === null ? '-' : `${deadline.epoch}${ahead(deadline.deadlineMs, nowMs)}`,
    armed,
    member.doomedMs === null ? '-' : age(member.doomedMs, nowMs, 8),
    slips ? member.sinceSlip : '',
    member.route,
    member.lost ?? '-',
    holder === null ? '-' : holderKey(holder, nowMs, oldest),
  ].join('.');
}

function holderKey({ memory, lease }: HolderState, nowMs: number, oldest: number): string {
  const worthless = isWorthless(lease, nowMs, oldest);
  const leaseKey = worthless || lease === null ? '-' : `${lease.epoch}${age(lease.sentMs, nowMs, oldest)}`;
  return `${memory.epoch}${memory.ended}${memory.storeId?.slice(0, 1)}${leaseKey}`;
}

/** A lease too old to be used is like none; which requests were sent before it is told with each of them. */
export function isWorthless(lease: HolderState['lease'], nowMs: number, oldest: number): boolean {
  return lease === null || (oldest === productOldest && nowMs - lease.sentMs >= oldest * tickMs);
}

function storeKey({ state, lostMs, onDisk, nowMs, sinceSlip }: Store, order: Order, slips: boolean): string {
  const slip = slips ? sinceSlip : '';
  if (state === null) return `x${slip}${age(lostMs, nowMs, productOldest)}`;
  const { record } = state;
  const reserved =
    record.reservedFor === null ? '-' : `${order(record.reservedFor)}${ahead(state.reservedUntilMs, nowMs)}`;
  const disk = onDisk === record ? '' : `${onDisk.epoch}${order(onDisk.holder)}`;
  const id = record.storeId.slice(0, 1);
  return `${id}${record.epoch}${order(record.holder)}${Number(record.untouched)}${ahead(state.liveUntilMs, nowMs)}${reserved}.${disk}.${slip}`;
}

function messageKey(world: World, message: Message, order: Order, oldest: number): string {
  const member = world.members[message.member];
  const id = message.kind === 'request' ? message.request.id : message.answer.id;
  const asked = member.holder?.pending.get(id);
  const lease = member.holder?.lease ?? null;
  const overtaken = asked !== undefined && lease !== null && asked.sentMs < lease.sentMs ? '!' : '';
  const sent =
    asked === undefined
      ? '-'
      : `${asked.op.slice(0, 3)}${age(asked.sentMs, member.nowMs, oldest)}${overtaken}`;
  const head = `${order(memberNames[message.member])}${sent}`;
  if (message.kind === 'answer') {
    const { answer } = message;
    const view =
      answer.view === null
        ? '-'
        : `${answer.view.storeId.slice(0, 1)}${answer.view.epoch}${order(answer.view.holder)}`;
    return `${head}<${answer.result.slice(0, 3)}${answer.result === 'refused' ? answer.why : ''}${view}`;
  }
  const { request } = message;
  const number = request.op === 'acquire' ? request.epochSeen : 'epoch' in request ? request.epoch : '';
  return `${head}>${request.op.slice(0, 3)}${number}${request.storeId?.slice(0, 1)}${message.store}${Number(message.copied)}`;
}

/** Ticks until an instant; one that has passed is one tick like another. */
function ahead(atMs: number, nowMs: number): string {
  return `+${Math.max(0, Math.ceil((atMs - nowMs) / tickMs))}`;
}

function age(sinceMs: number, nowMs: number, oldest: number): string {
  return `~${Math.min(oldest, Math.floor((nowMs - sinceMs) / tickMs))}`;
}
