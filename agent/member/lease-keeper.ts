/**
 * The lease keeper: everything of a member that must never be late. It stands beside the loop, not in it, and
 * waits for nothing slow: no probe, no step, no asynchronous file call delays a renewal or the deadline.
 *
 * Invariants:
 * - the deadline file is only ever moved forward by an accepted renewal of our own epoch, while armed;
 * - nothing is renewed or fed while the decision loop has not turned for its limit;
 * - at `ownStop` the emergency stop starts, whatever else is going on.
 */
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
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
import {
  clockDriftBound,
  leaseInstants,
  type LeaseInstants,
  type TimingPolicy,
} from '../../shared/lease/timing.ts';
import type { PolicyChange } from '../../shared/lease/store-policy.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { standingRefusal } from '../lease-stores/lease-refusal.ts';
import type { LeaseStoreLink } from '../lease-stores/lease-store-link.ts';
import type { DeadlineFile } from './deadline-file.ts';
import { GuardDeadline } from './guard-deadline.ts';
import type { MemoryFile } from './member-memory.ts';
import { watchClockJumps } from './clock-jumps.ts';
import { policyFacts, storeView } from './lease-view.ts';
import { oddStore, type OddStore } from './odd-store.ts';

export interface LeaseKeeperPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly cluster: string;
  readonly self: string;
  readonly timing: TimingPolicy;
  readonly memory: MemoryFile;
  readonly deadline: DeadlineFile;
  readonly openStore: (onAnswer: (answer: LeaseAnswer) => void, onOpen: () => void) => LeaseStoreLink;
  /** Starts the emergency stop of the engine; must not block. */
  readonly emergencyStop: (cause: EmergencyCause) => void;
  /** Tells the journal. Comes after what must be done, and must not write before it returns. */
  readonly note: (sentence: string) => void;
  readonly onChange: () => void;
}

/** Why the engine must go now. */
export interface EmergencyCause {
  readonly why: string;
  /** Somebody else may be Active already, or nobody knows: no time for a graceful stop. */
  readonly atOnce: boolean;
}

type StoreWish =
  | { readonly op: 'acquire'; readonly planned: boolean }
  | { readonly op: 'release'; readonly reservedFor: string | null }
  | { readonly op: 'policy'; readonly version: number; readonly change: PolicyChange };
type Waiter = (answer: LeaseAnswer, effects: readonly HolderEffect[]) => void;

export class LeaseKeeper {
  private readonly ports: LeaseKeeperPorts;
  private readonly instants: LeaseInstants;
  private readonly guard: GuardDeadline;
  private readonly loopLimitMs: number;
  private readonly store: LeaseStoreLink;
  private readonly endPeriod: CancelTimer;
  private readonly jumps: ReturnType<typeof watchClockJumps>;
  private readonly waiting = new Map<number, Waiter>();
  private holder: HolderState;
  private lost: number | null = null;
  private loopTurnedMs: number;
  private freeSinceMs: number | null = null;
  private lastIgnored = '';
  private refusal: string | null = null;
  private loopDeadNoted = false;
  private odd: OddStore | null = null;

  constructor(ports: LeaseKeeperPorts) {
    const { clock, timers, timing } = ports;
    const { epoch, ended, storeId } = ports.memory.current();
    this.ports = ports;
    this.instants = leaseInstants(timing);
    this.loopLimitMs = Math.max(2, timing.K) * 1000;
    this.loopTurnedMs = clock.bootMs();
    this.holder = newHolder({ epoch, ended, storeId });
    this.guard = new GuardDeadline({
      clock,
      timers,
      file: ports.deadline,
      instants: this.instants,
      note: ports.note,
      onOwnStop: () => this.giveUp({ why: 'the lease could not be renewed in time', atOnce: false }),
    });
    this.guard.adopt(epoch > ended && ports.memory.damaged === null ? epoch : null);
    this.jumps = watchClockJumps(clock, timers, timing.H * 1000, (jumpMs) => {
      this.giveUp({ why: 'the clocks jumped', atOnce: true });
      ports.note(`The clocks jumped by ${Math.round(jumpMs)} ms: the lease is treated as lost.`);
    });
    this.store = ports.openStore(
      (answer) => this.takeAnswer(answer),
      () => this.sendPeriodic(),
    );
    this.endPeriod = timers.every(timing.H * 1000, () => this.sendPeriodic());
  }

  facts(nowMs: number) {
    const { timing, self } = this.ports;
    const { seen } = this.holder;
    const storeReachable = seen !== null && nowMs - seen.receivedMs <= (timing.H + 2 * timing.O) * 1000;
    const free = freeInMs(this.holder, nowMs);
    this.freeSinceMs = free === 0 && storeReachable ? (this.freeSinceMs ?? nowMs) : null;
    return {
      held: leaseLeftMs(this.holder, nowMs) > this.instants.validMs - this.instants.ownStopMs,
      leftMs: leaseLeftMs(this.holder, nowMs),
      renewedMs: this.holder.lease === null ? null : nowMs - this.holder.lease.sentMs,
      ...storeView(this.holder, nowMs),
      storeId: this.holder.memory.storeId,
      seenStoreId: seen?.view.storeId ?? null,
      ...policyFacts(this.holder, nowMs),
      freeInMs: free,
      freeForMs: this.freeSinceMs === null ? 0 : nowMs - this.freeSinceMs,
      storeReachable,
      releasing: storeReachable && seen.view.holder === self && seen.view.epoch <= this.holder.memory.ended,
      behind: this.store.trouble() === null ? (this.odd?.behind ?? null) : null,
      trouble: storeReachable
        ? this.refusal
        : (this.store.trouble() ?? this.odd?.why ?? this.refusal ?? 'it is connected but does not answer'),
    };
  }

  /** The guard file found at the start, until a renewal has replaced it: what is left before the stop. */
  inherited(nowMs: number): { readonly epoch: number; readonly stopInMs: number } | null {
    return this.guard.inherited(nowMs);
  }

  /** The lease is ours and usable at this instant. */
  holdsNow(): boolean {
    const { clock, timing } = this.ports;
    return leaseLeftMs(this.holder, clock.bootMs()) > clockDriftBound(timing.T) * 1000;
  }

  lostEpoch(): number | null {
    return this.lost;
  }

  armed(): boolean {
    return this.guard.armed();
  }

  /** `planned`: a person has asked for this move; anything else counts as an automatic failover. */
  acquire(planned = false): Promise<Result<readonly HolderEffect[], string>> {
    return this.request({ op: 'acquire', planned });
  }

  /** Changes what the store knows about automatic failover and maintenance of this cluster. */
  changePolicy(change: PolicyChange): Promise<Result<readonly HolderEffect[], string>> {
    const version = this.holder.seen?.view.policy?.version;
    if (version === undefined) return Promise.resolve(fail('the lease store has not answered yet'));
    return this.request({ op: 'policy', version, change });
  }

  release(reservedFor: string | null): Promise<Result<readonly HolderEffect[], string>> {
    return this.request({ op: 'release', reservedFor });
  }

  /** Fsyncs the end of an epoch. Only after the engine is proven stopped; throws when it cannot be written. */
  endEpoch(epoch: number): void {
    this.ports.memory.update({ ended: epoch });
    this.holder = endEpoch(this.holder, epoch);
    this.disarm();
  }

  /**
   * Opens the gate: from now on every renewal feeds the guards. Fails when no usable lease is held, or the guards'
   * deadline cannot be written.
   */
  arm(): Result<void, string> {
    const { lease } = this.holder;
    if (lease === null || this.ports.clock.bootMs() >= lease.sentMs + this.instants.ownStopMs) {
      return fail('no usable lease is held');
    }
    if (this.guard.arm(lease.epoch, lease.sentMs)) return succeed(undefined);
    return fail(`the guards' deadline ${this.guard.trouble()}`);
  }

  /**
   * Lets the lease of the present epoch run out without a release: its end cannot be written down. The engine is
   * proven stopped.
   */
  abandon(): void {
    this.lost = this.holder.memory.epoch;
    this.holder = forgetLease(this.holder);
    this.disarm();
    this.ports.onChange();
  }

  /** The durable state was begun anew: everything counts from what is on disk now. */
  rememberAnew(): void {
    const { epoch, ended, storeId } = this.ports.memory.current();
    this.holder = { ...forgetLease(this.holder), memory: { epoch, ended, storeId } };
    this.lost = null;
  }

  /** Shuts the gate. The engine is stopped. */
  disarm(): void {
    this.guard.disarm();
  }

  loopTurned(): void {
    this.loopTurnedMs = this.ports.clock.bootMs();
  }

  close(): void {
    this.endPeriod();
    this.guard.close();
    this.store.close();
  }

  private send(body: Parameters<typeof prepareRequest>[2]): number | null {
    const { clock, cluster, timing } = this.ports;
    const prepared = prepareRequest(this.holder, cluster, body, clock.bootMs(), timing);
    if (prepared === null || !this.store.send(prepared.request)) return null;
    this.holder = prepared.state;
    return prepared.request.id;
  }

  private sendPeriodic(): void {
    this.jumps.check();
    const { epoch, ended } = this.holder.memory;
    const renews = this.ports.memory.damaged === null && epoch > ended && this.lost !== epoch;
    this.send({ op: renews && this.loopAlive() ? 'renew' : 'read' });
    this.ports.onChange();
  }

  private takeAnswer(answer: LeaseAnswer): void {
    this.jumps.check();
    const { clock, timing } = this.ports;
    this.refusal = standingRefusal(answer, timing.T);
    this.odd = oddStore(answer, this.holder.memory);
    const { state, effects } = receiveAnswer(this.holder, answer, clock.bootMs(), timing);
    if (!effects.every((effect) => this.writtenDown(effect))) return;
    this.holder = state;
    for (const effect of effects) this.react(effect);
    this.waiting.get(answer.id)?.(answer, effects);
    this.waiting.delete(answer.id);
    this.ports.onChange();
  }

  /** What must be on disk before the state is used. A disk that refuses leaves the lease unused. */
  private writtenDown(effect: HolderEffect): boolean {
    const { memory, note } = this.ports;
    try {
      if (effect.kind === 'granted') memory.update({ epoch: effect.epoch });
      // A damaged state is not written over, but the store is heard: it knows the epoch to begin anew with.
      if (effect.kind === 'pin-store' && memory.damaged === null) memory.update({ storeId: effect.storeId });
      return true;
    } catch (error) {
      note(`The lease was not used: it could not be written down (${String(error)}).`);
      return false;
    }
  }

  private react(effect: HolderEffect): void {
    const { note } = this.ports;
    switch (effect.kind) {
      case 'granted':
        this.lost = null;
        return note(`Lease of epoch ${effect.epoch} granted.`);
      case 'renewed':
        this.lost = null;
        return this.feed();
      case 'lost':
        this.lost = effect.epoch;
        this.giveUp({ why: 'the store no longer names this member', atOnce: true });
        return note(`Lease of epoch ${effect.epoch} is lost: ${effect.why}.`);
      case 'released':
        return note(`Lease of epoch ${effect.epoch} released.`);
      case 'pin-store':
        return note(`This member belongs to lease store ${effect.storeId} from now on.`);
      case 'ignored':
        if (effect.why !== this.lastIgnored)
          note(`An answer of the lease store was not used: ${effect.why}.`);
        this.lastIgnored = effect.why;
    }
  }

  /** A live lease on a dead loop is worthless: it is neither renewed nor fed, so that the peer may take over. */
  private loopAlive(): boolean {
    const silentMs = this.ports.clock.bootMs() - this.loopTurnedMs;
    const alive = silentMs <= this.loopLimitMs;
    if (!alive && !this.loopDeadNoted) {
      this.ports.note(`The lease is not renewed: the decision loop has not turned for ${silentMs} ms.`);
    }
    this.loopDeadNoted = !alive;
    return alive;
  }

  private feed(): void {
    const { lease } = this.holder;
    if (lease === null) return;
    this.guard.forgetInherited();
    if (this.loopAlive()) this.guard.feed(lease.epoch, lease.sentMs);
  }

  /** The engine must go, now. The deadline file is left to the guards until its process is proven gone. */
  private giveUp(cause: EmergencyCause): void {
    this.guard.forgetInherited();
    this.holder = forgetLease(this.holder);
    if (this.guard.armed()) this.ports.emergencyStop(cause);
    this.ports.onChange();
  }

  private request(body: StoreWish): Promise<Result<readonly HolderEffect[], string>> {
    const limitMs = this.ports.timing.O * 1000;
    return new Promise((resolve) => {
      const id = this.send(body);
      if (id === null) return resolve(fail(this.store.trouble() ?? 'it may not be asked for now'));
      const endLimit = this.ports.timers.after(limitMs, () => {
        this.waiting.delete(id);
        resolve(fail(`the store did not answer within ${limitMs / 1000} s`));
      });
      this.waiting.set(id, (answer, effects) => {
        endLimit();
        resolve(answer.result === 'refused' ? fail(this.refusal ?? answer.why) : succeed(effects));
      });
    });
  }
}
