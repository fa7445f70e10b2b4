/**
 * The lease keeper: everything of a member that must never be late. It stands beside the loop, not in it, and
 * waits for nothing slow: no probe, no step, no asynchronous file call delays a renewal or the deadline.
 *
 * Invariants:
 * - the deadline file is only ever moved forward by an accepted renewal of our own epoch, while armed;
 * - it is not fed while the decision loop has not turned for its limit (a live lease on a dead loop is worthless);
 * - at `ownStop` the emergency stop starts, whatever else is going on.
 */
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { Clock } from '../../shared/clock.ts';
import {
  endEpoch,
  forgetLease,
  freeInMs,
  leaseLeftMs,
  newHolder,
  prepareRequest,
  receiveAnswer,
  type HolderEffect,
  type HolderState,
} from '../../shared/lease/holder.ts';
import { clockDriftBound, leaseInstants, type TimingPolicy } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { LeaseStoreLink } from '../lease-stores/lease-store-link.ts';
import type { DeadlineFile } from './deadline-file.ts';
import type { MemoryFile } from './member-memory.ts';
import { watchClockJumps } from './clock-jumps.ts';

export interface LeaseKeeperPorts {
  readonly clock: Clock;
  readonly cluster: string;
  readonly self: string;
  readonly timing: TimingPolicy;
  readonly memory: MemoryFile;
  readonly deadline: DeadlineFile;
  readonly openStore: (onAnswer: (answer: LeaseAnswer) => void, onOpen: () => void) => LeaseStoreLink;
  /** Starts the emergency stop of the engine; must not block. */
  readonly emergencyStop: (why: string) => void;
  readonly note: (sentence: string) => void;
  readonly onChange: () => void;
}

export type LeaseKeeper = ReturnType<typeof startLeaseKeeper>;

export function startLeaseKeeper(ports: LeaseKeeperPorts) {
  const { clock, timing, memory, deadline } = ports;
  const instants = leaseInstants(timing);
  const graceBeforeDeadlineMs = instants.guardKillMs - instants.ownStopMs;
  const loopLimitMs = Math.max(2, timing.K) * 1000;
  let holder: HolderState = newHolder(holderMemory(memory));
  let armed = false;
  let inherited = inheritedDeadline();
  let lost: number | null = null;
  let loopTurnedMs = clock.bootMs();
  let freeSince: number | null = null;
  let stopTimer: NodeJS.Timeout | null = null;
  let ignoredNote = '';
  const waiting = new Map<number, (answer: LeaseAnswer, effects: readonly HolderEffect[]) => void>();
  if (inherited !== null) {
    armed = true;
    scheduleStop(inherited.deadlineMs - graceBeforeDeadlineMs);
  }
  const store = ports.openStore(takeAnswer, () => sendPeriodic());
  const period = setInterval(sendPeriodic, timing.H * 1000);
  const jumps = watchClockJumps(clock, timing.H * 1000, (jumpMs) => {
    ports.note(`The clocks jumped by ${Math.round(jumpMs)} ms: the lease is treated as lost.`);
    giveUp('the clocks jumped');
  });

  function holderMemory(file: MemoryFile) {
    const { epoch, ended, storeId } = file.current();
    return { epoch, ended, storeId };
  }

  function inheritedDeadline() {
    const found = deadline.read();
    const { epoch, ended } = memory.current();
    if (found === null) return null;
    if (found.epoch === epoch && epoch > ended && memory.damaged === null) return found;
    deadline.remove();
    return null;
  }

  function send(body: Parameters<typeof prepareRequest>[2]): number | null {
    const sentMs = clock.bootMs();
    const prepared = prepareRequest(holder, ports.cluster, body, sentMs);
    if (prepared === null || !store.send(prepared.request)) return null;
    holder = prepared.state;
    return prepared.request.id;
  }

  function sendPeriodic(): void {
    jumps.check();
    const { epoch, ended } = holder.memory;
    const renews = memory.damaged === null && epoch > ended && lost !== epoch;
    send({ op: renews ? 'renew' : 'read' });
    ports.onChange();
  }

  function takeAnswer(answer: LeaseAnswer): void {
    jumps.check();
    const now = clock.bootMs();
    const { state, effects } = receiveAnswer(holder, answer, now, timing);
    for (const effect of effects) if (!durably(effect)) return;
    holder = state;
    for (const effect of effects) react(effect);
    waiting.get(answer.id)?.(answer, effects);
    waiting.delete(answer.id);
    ports.onChange();
  }

  /** What must be on disk before the state is used. A disk that refuses leaves the lease unused. */
  function durably(effect: HolderEffect): boolean {
    try {
      if (effect.kind === 'granted') memory.update({ epoch: effect.epoch });
      if (effect.kind === 'pin-store') memory.update({ storeId: effect.storeId });
      return true;
    } catch (error) {
      ports.note(`The lease was not used: its epoch could not be written down (${String(error)}).`);
      return false;
    }
  }

  function react(effect: HolderEffect): void {
    switch (effect.kind) {
      case 'granted':
        ports.note(`Lease of epoch ${effect.epoch} granted.`);
        lost = null;
        return;
      case 'renewed':
        lost = null;
        feed();
        return;
      case 'lost':
        ports.note(`Lease of epoch ${effect.epoch} is lost: ${effect.why}.`);
        lost = effect.epoch;
        giveUp('the store no longer names this member');
        return;
      case 'released':
        ports.note(`Lease of epoch ${effect.epoch} released.`);
        return;
      case 'pin-store':
        ports.note(`This member belongs to lease store ${effect.storeId} from now on.`);
        return;
      case 'ignored':
        if (effect.why !== ignoredNote)
          ports.note(`An answer of the lease store was not used: ${effect.why}.`);
        ignoredNote = effect.why;
    }
  }

  function feed(): void {
    const lease = holder.lease;
    if (!armed || lease === null) return;
    inherited = null;
    const now = clock.bootMs();
    if (now - loopTurnedMs > loopLimitMs) {
      ports.note(`The guards are not fed: the decision loop has not turned for ${now - loopTurnedMs} ms.`);
      return;
    }
    deadline.write(lease.epoch, lease.sentMs + instants.guardKillMs);
    scheduleStop(lease.sentMs + instants.ownStopMs);
  }

  function scheduleStop(atMs: number): void {
    if (stopTimer !== null) clearTimeout(stopTimer);
    stopTimer = setTimeout(() => checkStop(atMs), Math.max(0, atMs - clock.bootMs()));
  }

  function checkStop(atMs: number): void {
    const now = clock.bootMs();
    if (now < atMs) return scheduleStop(atMs);
    if (armed) giveUp('the lease could not be renewed in time');
  }

  /** The engine must go, now. The deadline file is left to the guards: removing it would only be earlier. */
  function giveUp(why: string): void {
    inherited = null;
    holder = forgetLease(holder);
    if (armed) ports.emergencyStop(why);
    ports.onChange();
  }

  function request(
    body: { op: 'acquire' } | { op: 'release'; reservedFor: string | null },
  ): Promise<Result<readonly HolderEffect[], string>> {
    return new Promise((resolve) => {
      const id = send(body);
      if (id === null) return resolve(fail(store.trouble() ?? 'it may not be asked for now'));
      const limit = setTimeout(() => {
        waiting.delete(id);
        resolve(fail(`the store did not answer within ${timing.O} s`));
      }, timing.O * 1000);
      waiting.set(id, (answer, effects) => {
        clearTimeout(limit);
        resolve(answer.result === 'refused' ? fail(answer.why) : succeed(effects));
      });
    });
  }

  return {
    facts(now: number) {
      const seen = holder.seen;
      const reachableMs = (timing.H + 2 * timing.O) * 1000;
      const storeReachable = seen !== null && now - seen.receivedMs <= reachableMs;
      const free = freeInMs(holder, now);
      freeSince = free === 0 && storeReachable ? (freeSince ?? now) : null;
      return {
        held: holder.lease !== null && leaseLeftMs(holder, now) > instants.validMs - instants.ownStopMs,
        leftMs: leaseLeftMs(holder, now),
        renewedMs: holder.lease === null ? null : now - holder.lease.sentMs,
        holder: seen?.view.holder ?? null,
        storeEpoch: seen?.view.epoch ?? null,
        storeId: holder.memory.storeId,
        reservedFor: seen?.view.reservedFor ?? null,
        freeInMs: free,
        freeForMs: freeSince === null ? 0 : now - freeSince,
        storeReachable,
        answeredMs: seen === null ? null : now - seen.receivedMs,
        roundTripMs: seen?.roundTripMs ?? null,
        releasing:
          storeReachable && seen.view.holder === ports.self && seen.view.epoch <= holder.memory.ended,
        trouble: storeReachable ? null : (store.trouble() ?? 'it is connected but does not answer'),
      };
    },
    inherited(now: number) {
      if (inherited === null) return null;
      return { epoch: inherited.epoch, stopInMs: inherited.deadlineMs - graceBeforeDeadlineMs - now };
    },
    /** The lease is ours and usable at this instant. */
    holdsNow: () =>
      holder.lease !== null && leaseLeftMs(holder, clock.bootMs()) > clockDriftBound(timing.T) * 1000,
    lostEpoch: () => lost,
    armed: () => armed,
    acquire: () => request({ op: 'acquire' }),
    release: (reservedFor: string | null) => request({ op: 'release', reservedFor }),
    /** Fsyncs the end of an epoch. Only after the engine is proven stopped. */
    endEpoch(epoch: number) {
      memory.update({ ended: epoch });
      holder = endEpoch(holder, epoch);
      disarm();
    },
    /** Opens the gate: from now on every renewal feeds the guards. Fails when no usable lease is held. */
    arm(): Result<void, string> {
      const lease = holder.lease;
      if (lease === null || clock.bootMs() >= lease.sentMs + instants.ownStopMs)
        return fail('no usable lease is held');
      armed = true;
      deadline.write(lease.epoch, lease.sentMs + instants.guardKillMs);
      scheduleStop(lease.sentMs + instants.ownStopMs);
      return succeed(undefined);
    },
    disarm,
    loopTurned() {
      loopTurnedMs = clock.bootMs();
    },
    close() {
      clearInterval(period);
      if (stopTimer !== null) clearTimeout(stopTimer);
      store.close();
    },
  };

  /** Shuts the gate. The engine is stopped. */
  function disarm(): void {
    if (stopTimer !== null) clearTimeout(stopTimer);
    stopTimer = null;
    armed = false;
    inherited = null;
    deadline.remove();
  }
}
