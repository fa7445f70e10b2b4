/** What a member does by itself in a state; the shell around the reducer is that of agent/member/lease-keeper.ts. */
import type { LeaseAnswer } from '../../../shared/agent-api/lease-frames.ts';
import { leaveOnRenewal, livesOnPromise } from '../../../shared/lease/asker.ts';
import { memoryOf, type LeaseMemory, type MemberLease } from '../../../shared/lease/member-lease.ts';
import type { Period } from '../../../shared/lease/period.ts';
import { instants, modelTiming, tickMs } from '../ticks.ts';
import type { MemberIndex } from '../world.ts';
import { deadlineOf, perform, performed, type Emit } from './acts.ts';
import type { PeerRules } from './rules.ts';
import { nameOf, other, spend, withMember, type Act, type World } from './world.ts';

export interface Limits {
  readonly maxEpoch: number;
  /** Questions per epoch. */
  readonly maxNumber: number;
  /** How long before the lease is free a member may ask for it. */
  readonly earlyTicks: number;
}

/** One member that acts in a state of the world. */
export interface Acting {
  readonly world: World;
  readonly index: MemberIndex;
  readonly lease: MemberLease;
  readonly rules: PeerRules;
  readonly limits: Limits;
  readonly emit: Emit;
}

export function memberMoves(
  world: World,
  index: MemberIndex,
  rules: PeerRules,
  limits: Limits,
  emit: Emit,
): void {
  const member = world.members[index];
  if (!member.power) return;
  if (member.engine) emit(`${nameOf(index)}'s engine stops`, withMember(world, index, { engine: false }));
  if (member.agent === 'down') return restart(world, index, rules, emit);
  if (member.agent === 'frozen' || member.lease === null) return;
  const acting: Acting = { world, index, lease: member.lease, rules, limits, emit };
  if (member.queue.length > 0)
    emit(`${nameOf(index)} writes its promise late`, performed(world, index, member.queue, rules));
  renew(acting);
  const found = looked(acting);
  acquire(acting, found);
  askPeer(acting);
  feedAndStart(acting);
  end(acting);
  tell(acting, found);
  look(acting, found);
}

/** Acts that make a changed state the present one: written first where it is on disk, then used. */
export function adopted(
  { world, index }: Pick<Acting, 'world' | 'index'>,
  lease: MemberLease,
  change: { readonly lost?: number | null; readonly granted?: number | null } = {},
): Act[] {
  const { disk, lost } = world.members[index];
  const memory = memoryOf(lease);
  const use: Act = {
    act: 'use',
    lease: withoutView(lease),
    lost: change.lost === undefined ? lost : change.lost,
    granted: change.granted ?? null,
  };
  return sameMemory(memory, disk) ? [use] : [{ act: 'disk', memory }, use];
}

/** The record as it was last seen is looked at anew in every move that needs it: a forgotten one is an older one. */
function withoutView(lease: MemberLease): MemberLease {
  return lease.holder.seen === null ? lease : { ...lease, holder: { ...lease.holder, seen: null } };
}

export function sameMemory(one: LeaseMemory, two: LeaseMemory): boolean {
  return (
    one.epoch === two.epoch &&
    one.ended === two.ended &&
    one.storeId === two.storeId &&
    samePeriod(one.asked, two.asked) &&
    samePeriod(one.peer, two.peer) &&
    samePeriod(one.left, two.left) &&
    samePeriod(one.promise, two.promise) &&
    samePeriod(one.promised, two.promised)
  );
}

export function samePeriod(one: Period | null, two: Period | null): boolean {
  return one === two || (one !== null && two !== null && one.e === two.e && one.n === two.n);
}

function restart(world: World, index: MemberIndex, rules: PeerRules, emit: Emit): void {
  const member = world.members[index];
  const { disk, deadline, engine } = member;
  const process = member.process + 1;
  const lease = rules.restart(disk, String(process), engine);
  const ours = deadline !== null && deadline.epoch === disk.epoch && disk.epoch > disk.ended;
  const found = deadline !== null && (ours || livesOnPromise(lease.asker));
  const livedOn = engine && deadline?.onPromise === true && leaveOnRenewal(lease.asker) !== null;
  const forgot = livedOn && !livesOnPromise(lease.asker);
  const change = {
    agent: 'up',
    lease,
    process,
    lost: null,
    feeding: found,
    deadline: found ? deadline : null,
  } as const;
  const next = withMember(world, index, change);
  const violation = forgot
    ? `${nameOf(index)} does not know after a restart that it lives on a promise`
    : null;
  emit(`${nameOf(index)}'s agent starts`, { ...next, violation: world.violation ?? violation });
}

type Body = Parameters<PeerRules['prepare']>[2];

function send(
  acting: Acting,
  lease: MemberLease,
  body: Body,
  move: string,
  first: readonly Act[] = [],
): void {
  const { world, index, rules, emit } = acting;
  const waits = world.messages.some(
    (message) =>
      message.member === index &&
      (message.kind === 'answer' || (message.kind === 'request' && message.request.id !== 0)),
  );
  if (waits && body.op !== 'release') return;
  const prepared = rules.prepare(lease, 'C', body, world.members[index].nowMs, modelTiming);
  if (prepared === null) return;
  const message = { kind: 'request', member: index, request: prepared.request } as const;
  const acts: Act[] = [...first, ...adopted(acting, prepared.state).slice(-1), { act: 'send', message }];
  if (first.length === 0) emit(move, performed(world, index, acts, rules));
  else perform(world, index, move, acts, rules, emit);
}

function renew(acting: Acting): void {
  const { world, index, lease } = acting;
  const { epoch, ended } = lease.holder.memory;
  if (epoch > ended && world.members[index].lost !== epoch)
    send(acting, lease, { op: 'renew' }, `${nameOf(index)} asks to renew epoch ${epoch}`);
}

/** The record as the store shows it at this instant; null: it does not answer, or its answer is not taken. */
function looked({ world, index, lease, rules }: Acting) {
  const { state, nowMs } = world.store;
  const prepared = rules.prepare(lease, 'C', { op: 'read' }, world.members[index].nowMs, modelTiming);
  if (state === null || prepared === null) return null;
  const turn = rules.answer(state, nameOf(index), prepared.request, nowMs);
  const answer: LeaseAnswer = { id: prepared.request.id, ...turn.answer };
  const step = rules.takeAnswer(prepared.state, answer, world.members[index].nowMs, modelTiming);
  const view = step.state.holder.seen?.view;
  return view === undefined ? null : { step, view, waitMs: state.liveUntilMs - nowMs };
}

type Looked = ReturnType<typeof looked>;

function acquire(acting: Acting, found: Looked): void {
  const { world, index, lease, rules, limits } = acting;
  const { engine, nowMs } = world.members[index];
  const { epoch } = lease.holder.memory;
  const held = lease.holder.lease;
  const lives = livesOnPromise(lease.asker);
  const holds = held !== null && nowMs < held.sentMs + instants.ownStopMs;
  if (!lives && (engine || holds)) return;
  if (found === null || found.view.epoch >= limits.maxEpoch) return;
  if (found.waitMs > limits.earlyTicks * tickMs) return;
  const record = { ...found.view, forced: false };
  if (lives && rules.judgeRecord(record, nameOf(index), epoch) !== 'acquire') return;
  const body = { op: 'acquire', planned: true } as const;
  // What the look changes on disk is a move of its own.
  const seeing = { ...lease, holder: found.step.state.holder };
  send(acting, seeing, body, `${nameOf(index)} asks for epoch ${found.view.epoch + 1}`);
}

/** It may ask whenever it may live on the answer; when a renewal was missed is not looked at. */
function askPeer(acting: Acting): void {
  const { world, index, lease, rules, limits, emit } = acting;
  if (world.budget.questions === 0) return;
  const asked = rules.ask(lease);
  if (asked === null || asked.question.period.n > limits.maxNumber) return;
  const { engine } = world.members[index];
  // With a lease and no engine there is nothing to keep alive.
  if (!engine && lease.asker.memory.peer === null) return;
  const { period, nonce } = asked.question;
  const message = { kind: 'question', member: index, period, nonce } as const;
  const acts: Act[] = [...adopted(acting, asked.state), { act: 'send', message }];
  const move = `${nameOf(index)} asks for a promise for (${period.e}, ${period.n})`;
  perform(spend(world, 'questions'), index, move, acts, rules, emit);
}

function feedAndStart(acting: Acting): void {
  const { world, index, lease, rules, emit } = acting;
  const member = world.members[index];
  const held = lease.holder.lease;
  const lives = livesOnPromise(lease.asker);
  const usable = held !== null && member.nowMs < held.sentMs + instants.ownStopMs;
  const act = deadlineOf(lease, member.nowMs, rules);
  if (lives && member.feeding && act.deadline!.deadlineMs !== member.deadline?.deadlineMs)
    perform(world, index, `${nameOf(index)} feeds its guards on its promise`, [act], rules, emit);
  if (member.engine) return;
  if (member.feeding)
    emit(`${nameOf(index)} shuts its gate`, withMember(world, index, { feeding: false, deadline: null }));
  if (lives || usable) {
    const on = lives ? 'its promise' : `its lease of epoch ${held?.epoch ?? 0}`;
    perform(
      world,
      index,
      `${nameOf(index)} starts its engine on ${on}`,
      [act, { act: 'start' }],
      rules,
      emit,
    );
  }
}

/** A lost epoch ends when the engine is off; a planned one when it is proven off with the gate shut. */
function end(acting: Acting): void {
  const { world, index, lease, rules, emit } = acting;
  const member = world.members[index];
  const { epoch, ended } = lease.holder.memory;
  if (member.engine) return;
  const lost = member.lost === epoch;
  const planned = member.deadline === null && world.budget.handovers > 0;
  if (epoch > ended && (lost || planned)) {
    const spent = lost ? world : spend(world, 'handovers');
    const acts: Act[] = [...adopted(acting, rules.end(lease, epoch)), { act: 'deadline', deadline: null }];
    perform(spent, index, `${nameOf(index)} writes down that epoch ${epoch} has ended`, acts, rules, emit);
  }
  if (ended >= epoch && epoch > 0 && world.store.state?.record.holder === nameOf(index))
    release(acting, lease, []);
}

function release(acting: Acting, lease: MemberLease, first: readonly Act[]): void {
  const { world, index } = acting;
  if (world.messages.some((message) => message.kind === 'request' && message.request.op === 'release'))
    return;
  const body = { op: 'release', reservedFor: nameOf(other(index)) } as const;
  send(acting, lease, body, `${nameOf(index)} releases epoch ${lease.holder.memory.epoch}`, first);
}

/** The period that was left is told to both, again and again until the store shows it. */
function tell(acting: Acting, found: Looked): void {
  const { world, index, lease, rules, emit } = acting;
  const shown = world.store.state?.record.left;
  const seen = found?.step.state ?? lease;
  const period = rules.toTell(seen);
  if (period === null) return;
  if (!samePeriod(shown ?? null, period))
    emit(
      `${nameOf(index)} tells the store that it has left (${period.e}, ${period.n})`,
      performed(world, index, [{ act: 'tell-store', period }], rules),
    );
  const open = world.messages.some(({ kind, member }) => kind === 'left' && member === index);
  if (open) return;
  const message = { kind: 'left', member: index, period } as const;
  emit(
    `${nameOf(index)} tells its peer that it has left (${period.e}, ${period.n})`,
    performed(world, index, [{ act: 'send', message }], rules),
  );
}

/** A look at the record that changes something: a promise is dropped, peer mode is void, a grant is given back. */
function look(acting: Acting, found: Looked): void {
  const { world, index, rules, emit } = acting;
  if (found === null) return;
  const { state } = found.step;
  if (!sameMemory(memoryOf(state), world.members[index].disk))
    perform(world, index, `${nameOf(index)} looks at the record`, adopted(acting, state), rules, emit);
  const returned = rules.returnGrant(state, nameOf(index));
  if (returned !== null) release(acting, returned, adopted(acting, returned));
}
