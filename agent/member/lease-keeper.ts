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
import { forgetLease, leaseLeftMs, type HolderState } from '../../shared/lease/holder.ts';
import {
  endLeaseEpoch,
  prepareLeaseRequest,
  raiseByForce,
  takeStoreAnswer,
  type MemberLease,
  type MemberLeaseEffect,
} from '../../shared/lease/member-lease.ts';
import { clockDriftBound, leaseInstants, type LeaseInstants } from '../../shared/lease/timing.ts';
import type { ForcedAlone, ForcedNote } from '../../shared/lease/forced.ts';
import type { PolicyChange } from '../../shared/lease/store-policy.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { LeaseStoreLink } from '../lease-stores/lease-store-link.ts';
import { ForcedLife } from './forced-life.ts';
import { GuardDeadline } from './guard-deadline.ts';
import type { EmergencyCause, LeaseKeeperPorts } from './lease-keeper-ports.ts';
import { watchClockJumps } from './clock-jumps.ts';
import { goesAbove, leaseView, policyFacts, storeAnswers, type HeardPeer } from './lease-view.ts';
import { LeaseState } from './lease-state.ts';
import { LoopWatch } from './loop-watch.ts';
import { OpenRequests } from './open-requests.ts';
import { PeerModeKeeper } from './peer-mode-keeper.ts';
import { StoreReplacing, type PersonsWish } from './store-replacing.ts';
import { StoreWatch } from './store-watch.ts';

type StoreWish =
  | PersonsWish
  | { readonly op: 'acquire'; readonly planned: boolean }
  | { readonly op: 'force'; readonly forced: Omit<ForcedNote, 'epoch'>; readonly least: number }
  | { readonly op: 'release'; readonly reservedFor: string | null }
  | { readonly op: 'policy'; readonly version: number; readonly change: PolicyChange };

export class LeaseKeeper {
  readonly peerMode: PeerModeKeeper;
  readonly replacing: StoreReplacing;
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
  private readonly state: LeaseState;
  private lost: number | null = null;
  private freeSinceMs: number | null = null;
  private lastIgnored = '';
  private readonly watch: StoreWatch;

  constructor(ports: LeaseKeeperPorts) {
    const { clock, timers, timing } = ports;
    const { epoch, ended } = ports.memory.current();
    this.ports = ports;
    this.instants = leaseInstants(timing);
    this.loop = new LoopWatch(clock, Math.max(2, timing.K) * 1000, ports.note);
    this.requests = new OpenRequests(timers, timing.O * 1000);
    this.state = new LeaseState(ports.memory, ports.note);
    this.watch = new StoreWatch(timing);
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
    const { state, watch, requests } = this;
    this.replacing = new StoreReplacing({
      ...{ clock, state, watch, requests, onChange: ports.onChange },
      path: () => this.store.trouble(),
      lives: () => this.livesWithoutLease(),
      request: (body) => this.request(body),
    });
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
      behind: this.store.trouble() === null ? (this.watch.odd?.behind ?? null) : null,
      trouble: this.watch.trouble(storeReachable, this.store.trouble()),
    };
  }

  /** The guard file found at the start, until a renewal has replaced it: what is left before the stop. */
  inherited = (nowMs: number): { readonly epoch: number; readonly stopInMs: number } | null =>
    this.guard.inherited(nowMs);

  /** The engine lives on the peer's promise, or at a person's word. */
  private livesWithoutLease(): boolean {
    return this.peerMode.lives() || this.forced.lives();
  }

  /** Before any other work: where the clocks have parted, nothing that this member lived on counts any more. */
  checkClocks = (): void => this.jumps.check();

  /** The lease is ours and usable at this instant, or the engine lives without one. */
  holdsNow(): boolean {
    const { clock, timing } = this.ports;
    this.checkClocks();
    if (this.livesWithoutLease()) return true;
    return leaseLeftMs(this.holder, clock.bootMs()) > clockDriftBound(timing.T) * 1000;
  }

  /** The peer tells of itself, in each of its beats. Without a lease here, one that goes above has a person's word. */
  peerHeard(status: HeardPeer): void {
    if (this.livesWithoutLease() && goesAbove(status, this.holder.memory.epoch))
      this.stopForGood(`${this.ports.peer.name} is Active with the higher epoch ${status.epoch}`);
    if (this.forced.firstHeard()) this.sendPeriodic();
    if (this.endedAtPeer(status)) this.send({ op: 'read' });
  }

  /** The peer serves no more, but the store's last answer still names it: a planned move is not to wait for the next one. */
  private endedAtPeer({ role }: HeardPeer): boolean {
    const { clock, self } = this.ports;
    const { holder, freeInMs } = leaseView(this.holder, clock.bootMs(), self);
    return role === 'passive' && holder !== null && holder !== self && freeInMs !== 0;
  }

  lostEpoch = (): number | null => this.lost;

  armed = (): boolean => this.guard.armed();

  /** `planned`: a person has asked for this move; anything else counts as an automatic failover. */
  acquire(planned = false): Promise<Result<readonly MemberLeaseEffect[], string>> {
    return this.request({ op: 'acquire', planned });
  }

  /** By force, above `least`: the store waits for a live lease all the same. */
  force(
    forced: Omit<ForcedNote, 'epoch'>,
    least: number,
  ): Promise<Result<readonly MemberLeaseEffect[], string>> {
    return this.request({ op: 'force', forced, least });
  }

  /** By force without the store. Throws when the epoch cannot be written down. */
  forceAlone(forced: ForcedAlone): void {
    const raised = raiseByForce(this.state.current(), forced.epoch, forced.from);
    this.state.commit(raised, { forced, expelled: undefined, tookOver: 'asked' });
    this.forced.begin();
    this.peerMode.lapse();
    this.lost = null;
    this.ports.onChange();
  }

  /** Changes what the store knows about automatic failover and maintenance of this cluster. */
  changePolicy(change: PolicyChange): Promise<Result<readonly MemberLeaseEffect[], string>> {
    const version = this.holder.seen?.view.policy?.version;
    if (version === undefined) return Promise.resolve(fail('the lease store has not answered yet'));
    return this.request({ op: 'policy', version, change });
  }

  release(reservedFor: string | null): Promise<Result<readonly MemberLeaseEffect[], string>> {
    return this.request({ op: 'release', reservedFor });
  }

  /** Fsyncs the end of an epoch. Only after the engine is proven stopped; throws when it cannot be written. */
  endEpoch(epoch: number): void {
    this.state.commit(endLeaseEpoch(this.state.current(), epoch));
    this.peerMode.tellLeft();
    this.disarm();
  }

  /**
   * Opens the gate: from now on every renewal, or every period of peer mode, feeds the guards. Fails when no usable
   * lease is held, or the guards' deadline cannot be written.
   */
  arm(): Result<void, string> {
    this.checkClocks();
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
    this.forgetLease();
    this.peerMode.lapse();
    this.disarm();
    this.ports.onChange();
  }

  /** The durable state was begun anew: everything counts from what is on disk now. */
  rememberAnew(): void {
    this.state.rememberAnew();
    this.peerMode.lapse();
    this.lost = null;
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
      state: this.state,
      lease: {
        checkClocks: this.checkClocks,
        mayRenew: () => this.mayRenew(),
        read: () => this.send({ op: 'read' }),
        acquire: () => void this.send({ op: 'acquire', planned: true }),
        tellLeft: (left) => void this.send({ op: 'left', left }),
        forget: () => this.requests.forget('it has promised not to take over'),
        lose: (why) => this.stopForGood(why),
      },
    });
  }

  private send(body: Parameters<typeof prepareLeaseRequest>[2]): number | null {
    const { clock, cluster, timing } = this.ports;
    const prepared = prepareLeaseRequest(this.state.current(), cluster, body, clock.bootMs(), timing);
    if (prepared === null || !this.store.send(prepared.request)) return null;
    this.state.set(prepared.state);
    return prepared.request.id;
  }

  private sendPeriodic(): void {
    this.checkClocks();
    const renews = this.mayRenew() && this.peerMode.recordIsOurs();
    this.peerMode.turn(this.send({ op: renews ? 'renew' : 'read' }));
    if (this.forced.lives() && this.loop.alive()) {
      this.guard.forgetInherited();
      this.guard.goOn(this.holder.memory.epoch);
    }
    this.ports.onChange('routine');
  }

  private mayRenew(): boolean {
    const open = this.forced.mayRenew(this.holder.lease !== null) && this.lost !== this.holder.memory.epoch;
    return this.ports.observes !== true && open && this.peerMode.mayUseStore() && this.loop.alive();
  }

  private takeAnswer(answer: LeaseAnswer): void {
    this.checkClocks();
    const { clock, timing, memory } = this.ports;
    if (answer.view !== null) memory.meetStore(answer.view.epoch);
    this.watch.hear(answer, this.holder, clock.bootMs());
    const { state, effects } = takeStoreAnswer(this.state.current(), answer, clock.bootMs(), timing);
    if (!this.stepTaken(state, effects)) return;
    this.judgeWhileForced(answer);
    if (this.watch.odd === null && answer.view !== null) this.peerMode.answered(answer.id, answer.view);
    this.requests.answered(answer, effects, this.watch.refusal);
    this.ports.onChange(answer.result === 'renewed' ? 'routine' : undefined);
  }

  /** What survives is on disk before the state is used. A disk that refuses leaves the lease unused. */
  private stepTaken(state: MemberLease, effects: readonly MemberLeaseEffect[]): boolean {
    const [lived, onPromise] = [this.livesWithoutLease(), this.peerMode.lives()];
    const comes = (kind: MemberLeaseEffect['kind']) => effects.some((effect) => effect.kind === kind);
    const { lease } = state.holder;
    // The guards get the lease's own deadline, even an earlier one, before what the engine has lived on ends on disk.
    const back = lived && lease !== null && (comes('granted') || comes('renewed'));
    if (back && !this.guard.feed(this.holder.memory.epoch, lease.sentMs)) return false;
    const beside = comes('granted') ? { expelled: undefined } : {};
    if (!this.state.take(state, 'An answer of the lease store was not used', beside)) return false;
    for (const effect of effects) this.react(effect, onPromise);
    if (comes('granted')) this.ports.onGranted({ epoch: this.holder.memory.epoch, goesOn: lived });
    return true;
  }

  private react(effect: MemberLeaseEffect, onPromise: boolean): void {
    const { note } = this.ports;
    this.peerMode.react(effect, onPromise);
    switch (effect.kind) {
      case 'granted':
        this.lost = null;
        note(`Lease of epoch ${effect.epoch} granted.`);
        return this.feed();
      case 'renewed':
        this.lost = null;
        return this.feed();
      case 'lost':
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
        return;
      // Nobody has used the higher epoch, unless a person has forced it: the promise stands.
      default:
    }
  }

  private feed(): void {
    const { lease } = this.holder;
    if (lease === null) return;
    this.guard.forgetInherited();
    if (this.loop.alive()) this.guard.feed(lease.epoch, lease.sentMs);
  }

  private stopInTime(): void {
    const late = 'the lease could not be renewed in time';
    this.giveUp({ why: this.livesWithoutLease() ? 'the decision loop does not turn' : late, atOnce: false });
  }

  /** The engine must go, now. The deadline file is left to the guards until its process is proven gone. */
  private giveUp(cause: EmergencyCause): void {
    this.guard.forgetInherited();
    if (this.forced.lives()) this.lost = this.holder.memory.epoch;
    this.forced.end();
    this.forgetLease();
    this.peerMode.lapse();
    if (this.guard.armed()) this.ports.emergencyStop(cause);
    this.ports.onChange();
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

  private get holder(): HolderState {
    return this.state.current().holder;
  }

  private forgetLease(): void {
    this.state.set({ ...this.state.current(), holder: forgetLease(this.holder) });
  }

  private request(body: StoreWish): Promise<Result<readonly MemberLeaseEffect[], string>> {
    const id = this.send(body);
    if (id !== null) return this.requests.wait(id);
    const why = this.store.trouble() ?? 'it may not be asked for now';
    return Promise.resolve(fail(this.peerMode.mayUseStore() ? why : 'it has promised not to take over'));
  }
}
