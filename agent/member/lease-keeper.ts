/**
 * The lease keeper: everything of a member that must never be late. It stands beside the loop, not in it, and
 * waits for nothing slow: no probe, no step, no asynchronous file call delays a renewal or the deadline.
 *
 * Invariants:
 * - the deadline file is only ever moved by an accepted renewal of our own epoch, or in peer mode, while armed;
 * - nothing is renewed or fed while the decision loop has not turned for its limit;
 * - at `ownStop` the emergency stop starts, whatever else is going on.
 */
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { CancelTimer } from '../../shared/clock.ts';
import {
  endEpoch,
  forgetLease,
  leaseLeftMs,
  leastEpoch,
  newHolder,
  prepareRequest,
  receiveAnswer,
  type HolderEffect,
  type HolderState,
} from '../../shared/lease/holder.ts';
import { clockDriftBound, leaseInstants, type LeaseInstants } from '../../shared/lease/timing.ts';
import type { ForcedAlone, ForcedNote } from '../../shared/lease/forced.ts';
import type { PolicyChange } from '../../shared/lease/store-policy.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { standingRefusal } from '../lease-stores/lease-refusal.ts';
import type { LeaseStoreLink } from '../lease-stores/lease-store-link.ts';
import { ForcedLife } from './forced-life.ts';
import { GuardDeadline } from './guard-deadline.ts';
import type { EmergencyCause, LeaseKeeperPorts } from './lease-keeper-ports.ts';
import { watchClockJumps } from './clock-jumps.ts';
import { holderMemory, leaseView, policyFacts, storeAnswers } from './lease-view.ts';
import { LoopWatch } from './loop-watch.ts';
import { oddStore, type OddStore } from './odd-store.ts';
import { OpenRequests } from './open-requests.ts';
import { PeerModeKeeper } from './peer-mode-keeper.ts';

type StoreWish =
  | { readonly op: 'acquire'; readonly planned: boolean }
  | { readonly op: 'force'; readonly forced: Omit<ForcedNote, 'epoch'> }
  | { readonly op: 'release'; readonly reservedFor: string | null }
  | { readonly op: 'policy'; readonly version: number; readonly change: PolicyChange };

export class LeaseKeeper {
  readonly peerMode: PeerModeKeeper;
  /** Whether it runs without a lease at a person's word. */
  readonly forced: ForcedLife;
  private readonly ports: LeaseKeeperPorts;
  private readonly instants: LeaseInstants;
  private readonly guard: GuardDeadline;
  private readonly loop: LoopWatch;
  private readonly store: LeaseStoreLink;
  private readonly endPeriod: CancelTimer;
  private readonly jumps: ReturnType<typeof watchClockJumps>;
  private readonly requests: OpenRequests;
  private holder: HolderState;
  private lost: number | null = null;
  private freeSinceMs: number | null = null;
  private lastIgnored = '';
  private refusal: string | null = null;
  private odd: OddStore | null = null;

  constructor(ports: LeaseKeeperPorts) {
    const { clock, timers, timing } = ports;
    const { epoch, ended } = ports.memory.current();
    this.ports = ports;
    this.instants = leaseInstants(timing);
    this.loop = new LoopWatch(clock, Math.max(2, timing.K) * 1000, ports.note);
    this.requests = new OpenRequests(timers, timing.O * 1000);
    this.holder = newHolder(holderMemory(ports.memory));
    this.guard = new GuardDeadline({
      clock,
      timers,
      file: ports.deadline,
      instants: this.instants,
      note: ports.note,
      onOwnStop: () => this.stopInTime(),
    });
    this.guard.adopt(epoch > ended && ports.memory.damaged === null ? epoch : null);
    const foundRunning = (this.guard.inherited(clock.bootMs())?.stopInMs ?? 0) > 0;
    this.forced = new ForcedLife({ ...ports, foundRunning });
    this.peerMode = this.openPeerMode();
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
    const storeReachable = storeAnswers(this.holder, nowMs, timing);
    const view = leaseView(this.holder, nowMs, self);
    this.freeSinceMs = view.freeInMs === 0 && storeReachable ? (this.freeSinceMs ?? nowMs) : null;
    const inUse = leaseLeftMs(this.holder, nowMs) > this.instants.validMs - this.instants.ownStopMs;
    return {
      held: this.livesWithoutLease() || inUse,
      ...view,
      ...policyFacts(this.holder, nowMs),
      freeForMs: this.freeSinceMs === null ? 0 : nowMs - this.freeSinceMs,
      storeReachable,
      throughPeerMs: this.store.throughPeerMs?.(nowMs) ?? null,
      releasing: storeReachable && view.releasing,
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

  /** The engine lives on the peer's promise, or at a person's word. */
  private livesWithoutLease(): boolean {
    return this.peerMode.lives() || this.forced.lives();
  }

  /** The lease is ours and usable at this instant, or the engine lives without one. */
  holdsNow(): boolean {
    const { clock, timing } = this.ports;
    if (this.livesWithoutLease()) return true;
    return leaseLeftMs(this.holder, clock.bootMs()) > clockDriftBound(timing.T) * 1000;
  }

  /** The peer tells of itself. */
  peerHeard(status: Parameters<PeerModeKeeper['peerHeard']>[0]): void {
    this.peerMode.peerHeard(status);
    if (this.forced.firstHeard()) this.sendPeriodic();
  }

  lostEpoch(): number | null {
    return this.lost;
  }

  armed = (): boolean => this.guard.armed();

  /** `planned`: a person has asked for this move; anything else counts as an automatic failover. */
  acquire(planned = false): Promise<Result<readonly HolderEffect[], string>> {
    return this.request({ op: 'acquire', planned });
  }

  /** By force: the store waits for a live lease all the same. */
  force(forced: Omit<ForcedNote, 'epoch'>): Promise<Result<readonly HolderEffect[], string>> {
    return this.request({ op: 'force', forced });
  }

  /** By force without the store. Throws when the epoch cannot be written down. */
  forceAlone(forced: ForcedAlone): void {
    this.forced.begin(forced);
    this.rememberAnew();
    this.ports.onChange();
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
    const change = this.peerMode.changeOnEnd();
    this.ports.memory.update({ ended: epoch, ...change });
    this.peerMode.written(change);
    this.holder = endEpoch(this.holder, epoch);
    this.disarm();
  }

  /**
   * Opens the gate: from now on every renewal, or every period of peer mode, feeds the guards. Fails when no usable
   * lease is held, or the guards' deadline cannot be written.
   */
  arm(): Result<void, string> {
    const nowMs = this.ports.clock.bootMs();
    const lease = this.livesWithoutLease()
      ? { epoch: this.holder.memory.epoch, sentMs: nowMs }
      : this.holder.lease;
    if (lease === null || nowMs >= lease.sentMs + this.instants.ownStopMs) {
      return fail('no usable lease is held');
    }
    if (this.guard.arm(lease.epoch, lease.sentMs)) return succeed(undefined);
    return fail(`the guards' deadline ${this.guard.trouble()}`);
  }

  /** Lets the lease run out without a release: its end cannot be written down. The engine is proven stopped. */
  abandon(): void {
    this.lost = this.holder.memory.epoch;
    this.holder = forgetLease(this.holder);
    this.peerMode.lapse();
    this.disarm();
    this.ports.onChange();
  }

  /** The durable state was begun anew: everything counts from what is on disk now. */
  rememberAnew(): void {
    this.holder = { ...forgetLease(this.holder), memory: holderMemory(this.ports.memory) };
    this.lost = null;
    this.peerMode.rememberAnew();
  }

  /** Shuts the gate. The engine is stopped. */
  disarm(): void {
    this.guard.disarm();
  }

  loopTurned = (): void => this.loop.turned();

  close(): void {
    this.endPeriod();
    this.guard.close();
    this.peerMode.close();
    this.store.close();
  }

  private openPeerMode(): PeerModeKeeper {
    return new PeerModeKeeper({
      ...this.ports,
      guard: this.guard,
      lease: {
        holder: () => this.holder,
        checkClocks: () => this.jumps.check(),
        mayRenew: () => this.mayRenew(),
        read: () => this.send({ op: 'read' }),
        acquire: () => void this.send({ op: 'acquire', planned: true }),
        tellLeft: (left) => void this.send({ op: 'left', left }),
        forget: () => this.forgetForPromise(),
        endUnused: (epoch) => this.endUnused(epoch),
        lose: (why) => this.stopForGood(why),
      },
    });
  }

  private send(body: Parameters<typeof prepareRequest>[2]): number | null {
    const { clock, cluster, timing } = this.ports;
    // While a promise stands nothing is asked for that would have to be used.
    if ((body.op === 'acquire' || body.op === 'renew') && !this.peerMode.mayUseStore()) return null;
    const prepared = prepareRequest(this.holder, cluster, body, clock.bootMs(), timing);
    if (prepared === null || !this.store.send(prepared.request)) return null;
    this.holder = prepared.state;
    return prepared.request.id;
  }

  private sendPeriodic(): void {
    this.jumps.check();
    const renews = this.mayRenew() && this.peerMode.recordIsOurs();
    this.peerMode.turn(this.send({ op: renews ? 'renew' : 'read' }));
    if (this.forced.lives() && this.loop.alive()) {
      this.guard.forgetInherited();
      this.guard.feed(this.holder.memory.epoch, this.ports.clock.bootMs());
    }
    this.ports.onChange();
  }

  private mayRenew(): boolean {
    const open = this.forced.mayRenew(this.holder.lease !== null) && this.lost !== this.holder.memory.epoch;
    return open && this.peerMode.mayUseStore() && this.loop.alive();
  }

  private takeAnswer(answer: LeaseAnswer): void {
    this.jumps.check();
    const { clock, timing } = this.ports;
    this.refusal = standingRefusal(answer, timing.T);
    this.odd = oddStore(answer, { ...this.holder.memory, epoch: leastEpoch(this.holder.memory) });
    const { state, effects } = receiveAnswer(this.holder, answer, clock.bootMs(), timing);
    if (!effects.every((effect) => this.writtenDown(effect, state))) return;
    this.holder = state;
    for (const effect of effects) this.react(effect);
    this.judgeWhileForced(answer);
    if (this.odd === null && answer.view !== null) this.peerMode.answered(answer.id, answer.view);
    this.requests.answered(answer, effects, this.refusal);
    this.ports.onChange();
  }

  /** What must be on disk before the state is used. A disk that refuses leaves the lease unused. */
  private writtenDown(effect: HolderEffect, { lease }: HolderState): boolean {
    const { memory, note } = this.ports;
    try {
      if (effect.kind === 'granted') {
        const change = this.peerMode.changeOnGrant(effect.epoch, lease?.sentMs ?? 0);
        if (change === null) return false;
        const lived = this.livesWithoutLease();
        if (this.forced.lives() && !this.guard.feed(memory.current().epoch, lease?.sentMs ?? 0)) return false;
        memory.update({ epoch: effect.epoch, expelled: undefined, ...change });
        this.peerMode.written(change);
        if (lived) this.ports.onEpochRaised(effect.epoch);
      }
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
        note(`Lease of epoch ${effect.epoch} granted.`);
        return this.feed();
      case 'renewed':
        this.lost = null;
        return this.feed();
      case 'lost':
        // Nobody has used the higher epoch, unless a person has forced it: the promise stands.
        if (this.livesWithoutLease()) return;
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

  private feed(): void {
    const { lease } = this.holder;
    if (lease === null) return;
    this.peerMode.renewed(lease);
    this.guard.forgetInherited();
    if (this.loop.alive()) this.guard.feed(lease.epoch, lease.sentMs);
  }

  private stopInTime(): void {
    const dead = this.livesWithoutLease();
    const why = dead ? 'the decision loop does not turn' : 'the lease could not be renewed in time';
    this.giveUp({ why, atOnce: false });
  }

  /** The engine must go, now. The deadline file is left to the guards until its process is proven gone. */
  private giveUp(cause: EmergencyCause): void {
    this.guard.forgetInherited();
    if (this.forced.lives()) this.lost = this.holder.memory.epoch;
    this.forced.end();
    this.holder = forgetLease(this.holder);
    this.peerMode.lapse();
    if (this.guard.armed()) this.ports.emergencyStop(cause);
    this.ports.onChange();
  }

  /** A promise is on disk. Whatever was asked for is not waited for, and no answer to it used. */
  private forgetForPromise(): void {
    this.holder = forgetLease(this.holder);
    this.requests.forget('it has promised not to take over');
  }

  private endUnused(epoch: number): void {
    const { memory, note } = this.ports;
    try {
      memory.update({ epoch: Math.max(epoch, memory.current().epoch), ended: epoch });
    } catch (error) {
      return note(`The end of the unused epoch ${epoch} could not be written down (${String(error)}).`);
    }
    const known = { ...this.holder.memory, epoch: memory.current().epoch };
    this.holder = endEpoch({ ...this.holder, memory: known }, epoch);
    note(`The store names this member for epoch ${epoch}, which its promise forbids: it has ended unused.`);
  }

  /** The store is back: it is told of the takeover, or tells that the other member is alive. */
  private judgeWhileForced({ result, view }: LeaseAnswer): void {
    if (result !== 'read' || this.holder.seen?.view !== view) return;
    const judged = this.forced.judge(view);
    if (judged.kind === 'stop') this.stopForGood(judged.why);
    if (judged.kind === 'adopt') this.send({ op: 'force', forced: judged.forced });
  }

  /** The engine must go, and nothing of the present epoch is used again: the other member has a person's word. */
  stopForGood(why: string): void {
    this.lost = this.holder.memory.epoch;
    this.giveUp({ why, atOnce: true });
    this.ports.note(`The engine must not run here any more: ${why}.`);
  }

  private request(body: StoreWish): Promise<Result<readonly HolderEffect[], string>> {
    const id = this.send(body);
    if (id !== null) return this.requests.wait(id);
    const why = this.store.trouble() ?? 'it may not be asked for now';
    return Promise.resolve(fail(this.peerMode.mayUseStore() ? why : 'it has promised not to take over'));
  }
}
