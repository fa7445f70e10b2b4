import type { LeaseView } from '../../shared/agent-api/lease-frames.ts';
import type { PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { PeerModeFacts } from '../../shared/failover/member-facts.ts';
import { judgeRecordInPeerMode } from '../../shared/lease/asker.ts';
import { forcedAbove } from '../../shared/lease/forced.ts';
import { freeInMs, leaseLeftMs } from '../../shared/lease/holder.ts';
import {
  periodToTell,
  returnGrant,
  takeLeft,
  type MemberLeaseEffect,
} from '../../shared/lease/member-lease.ts';
import type { Period } from '../../shared/lease/period.ts';
import { leaseInstants, type TimingPolicy } from '../../shared/lease/timing.ts';
import type { GuardDeadline } from './guard-deadline.ts';
import type { LeaseState } from './lease-state.ts';
import type { PeerStatus } from './peer-link.ts';
import { PromiseAsker, words } from './promise-asker.ts';
import { PromiseGiver } from './promise-giver.ts';

/** The way to the peer, as far as peer mode needs it. */
export interface PeerModePeer {
  readonly name: string;
  /** False: it could not be sent now. */
  readonly tell: (frame: PeerModeFrame) => boolean;
  /** False: its agent belongs to an earlier release, or it has not been heard yet. */
  readonly understands: () => boolean;
  /** What it has told of itself last; null: it has not been heard since this agent was started. */
  readonly heard: () => Pick<PeerStatus, 'forced'> | null;
}

export interface PeerModePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly timing: TimingPolicy;
  readonly self: string;
  readonly state: LeaseState;
  readonly guard: GuardDeadline;
  readonly peer: PeerModePeer;
  /** By the last look at its process; null: not known. */
  readonly engineRunning: () => boolean | null;
  readonly note: (sentence: string) => void;
  readonly onChange: () => void;
  readonly lease: LeaseSide;
}

/** What peer mode asks of the lease keeper. All of it under one lock: nothing here waits. */
export interface LeaseSide {
  /** After a jump of the clocks nothing is used any more. */
  readonly checkClocks: () => void;
  /** Its epoch may still be renewed, and the decision loop turns. */
  readonly mayRenew: () => boolean;
  /** Null: there is no connection to the store. */
  readonly read: () => number | null;
  readonly acquire: () => void;
  readonly tellLeft: (left: Period) => void;
  /** A promise was given: nobody waits for the store's answers any more. */
  readonly forget: () => void;
  /** Somebody else is Active by a person's word: the engine is killed and the epoch ends. */
  readonly lose: (why: string) => void;
}

/**
 * Peer mode of one member, both sides of it (docs/failover.md): the Active's question, its life on the promise and
 * its way back to the lease; the Passive's answer and its promise. Stands beside the lease keeper and waits as little.
 */
export class PeerModeKeeper {
  private readonly ports: PeerModePorts;
  private readonly asker: PromiseAsker;
  private readonly giver: PromiseGiver;
  private readonly askAfterMs: number;
  private readonly lastUseMs: number;
  private endWait: CancelTimer | null = null;
  /** A restarted agent has found a period on disk and the guards' deadline, and not yet seen whether the engine runs. */
  private undecided: boolean;

  constructor(ports: PeerModePorts) {
    const { clock, timers, timing, state, peer, note, guard } = ports;
    this.ports = ports;
    this.asker = new PromiseAsker({ clock, timing, state, peerName: peer.name, tell: peer.tell, note });
    this.giver = new PromiseGiver({
      clock,
      timers,
      timing,
      state,
      peerName: peer.name,
      engineRunning: () => this.engineMayRun(),
      tryStore: () => this.giver.tried(ports.lease.read()),
      onGiven: () => {
        this.asker.settled();
        ports.lease.forget();
      },
      note,
    });
    // The next renewal was due after H; half of O without its answer is more than a good store takes.
    this.askAfterMs = (timing.H + timing.O / 2) * 1000;
    this.lastUseMs = leaseInstants(timing).lastUseMs;
    this.undecided = this.asker.lapsed() && guard.inherited(clock.bootMs()) !== null;
  }

  facts(nowMs: number): PeerModeFacts {
    return { ...this.asker.facts(nowMs), given: this.giver.facts(nowMs) };
  }

  /** The engine may live, or be started, without a lease. */
  lives(): boolean {
    return this.asker.lives();
  }

  /** A promise of the peer keeps this member Active, or may yet. */
  countsOnPromise(): boolean {
    return this.asker.counts();
  }

  /** A lease may be asked for, renewed and used: no promise stands. */
  mayUseStore(): boolean {
    return this.giver.mayUseStore();
  }

  /** The record is worth a renewal: while on a promise it may belong to nobody who runs. */
  recordIsOurs(): boolean {
    const { seen } = this.holder();
    return !this.lives() || seen === null || this.judge(seen.view) === 'renew';
  }

  /** Once every H. `request` is that of the period's try at the store; null: there was no connection. */
  turn(request: number | null): void {
    this.giver.tried(request);
    if (this.lives()) this.goOn();
    else this.askIfDue();
    this.tellLeft();
  }

  /** A genuine answer of the store, after its step has been taken. */
  answered(request: number, view: LeaseView): void {
    const { state, self, lease, note } = this.ports;
    this.giver.reached(request);
    const returned = returnGrant(state.current(), self);
    if (returned !== null && state.take(returned, 'A grant that the promise forbids has not ended')) {
      const { ended } = returned.holder.memory;
      note(`The store names this member for epoch ${ended}, which its promise forbids: it has ended unused.`);
    }
    if (this.lives() && this.judge(view) === 'stop')
      lease.lose('a person has given the cluster to the other member');
  }

  /** What follows from a step that was taken. `lived`: on a promise, before it. */
  react(effect: MemberLeaseEffect, lived: boolean): void {
    const { note, peer, timers } = this.ports;
    switch (effect.kind) {
      case 'granted':
      case 'renewed':
        this.endWait?.();
        this.endWait = timers.after(this.askAfterMs, () => this.askIfDue());
        return this.asker.settled();
      case 'left':
        if (lived) note(`Peer mode has ended (${words(effect.period)}): this member has a lease again.`);
        return this.tellLeft();
      case 'promise-dropped':
        return note(`The promise to ${peer.name} not to take over has ended (${words(effect.period)}).`);
      default:
    }
  }

  takeFrame(frame: PeerModeFrame, reply: (answer: PeerModeFrame) => void): void {
    this.ports.lease.checkClocks();
    switch (frame.type) {
      case 'question':
        this.giver.take(frame, reply);
        break;
      case 'left':
        this.drop(frame.left);
        break;
      case 'promise':
      case 'refusal':
      case 'store-reached':
        if (this.asker.take(frame)) this.goOn();
    }
    this.ports.onChange();
  }

  /** What a look at the engine's process has found: a restarted agent goes on only with an engine that never stopped. */
  engineSeen(running: boolean): void {
    if (!this.undecided) return;
    this.undecided = false;
    const { clock, guard, note } = this.ports;
    const inherited = guard.inherited(clock.bootMs());
    if (!running || inherited === null || inherited.stopInMs <= 0 || !this.asker.lapsed()) return;
    this.asker.goOn();
    guard.forgetInherited();
    note(
      `Peer mode goes on: the engine has kept running, and ${this.ports.peer.name} has promised not to take over.`,
    );
    this.goOn();
  }

  /** The engine is stopped in an emergency: the promise alone does not start it again. */
  lapse(): void {
    this.asker.lapse();
  }

  close(): void {
    this.endWait?.();
    this.giver.close();
  }

  private holder() {
    return this.ports.state.current().holder;
  }

  /** Lives on the promise for one more period. A dead decision loop is not fed, and its engine stopped in time. */
  private goOn(): void {
    const { clock, guard, lease } = this.ports;
    if (!lease.mayRenew()) return;
    const holder = this.holder();
    guard.goOn(holder.memory.epoch);
    // Its own stop was due: it lives on nothing any more.
    if (!this.lives()) return;
    if (holder.seen === null || this.judge(holder.seen.view) !== 'acquire') return;
    if (freeInMs(holder, clock.bootMs()) === 0) lease.acquire();
  }

  private askIfDue(): void {
    const { clock, lease, timing, peer } = this.ports;
    if (this.undecided || this.lives() || !this.mayUseStore() || !lease.mayRenew()) return;
    // Without a lease there is none that could run out; the store must have been silent for a whole period and O.
    if (this.asker.lapsed()) return this.asker.ask((timing.H + timing.O) * 1000, peer.understands());
    const held = this.holder().lease;
    if (held === null) return;
    const ageMs = clock.bootMs() - held.sentMs;
    if (ageMs >= this.askAfterMs && ageMs < this.lastUseMs) this.asker.ask(ageMs, peer.understands());
  }

  /** Tells store and peer of a period that was left, as long as the store does not show it. */
  tellLeft(): void {
    const { lease, peer, state } = this.ports;
    const left = periodToTell(state.current());
    if (left === null) return;
    lease.tellLeft(left);
    peer.tell({ type: 'left', left });
  }

  /** The Active has left a period. */
  private drop(left: Period): void {
    const { state, peer } = this.ports;
    const { state: next, effects } = takeLeft(state.current(), left);
    if (!state.take(next, `The promise to ${peer.name} stands`)) return;
    for (const effect of effects) this.react(effect, false);
  }

  /** As far as a promise is concerned a lease that is not used yet is an engine that may run. */
  private engineMayRun(): boolean | null {
    const { clock, engineRunning } = this.ports;
    const holds = this.lives() || leaseLeftMs(this.holder(), clock.bootMs()) > 0;
    return holds ? true : engineRunning();
  }

  private judge(view: LeaseView): ReturnType<typeof judgeRecordInPeerMode> {
    const { epoch } = this.holder().memory;
    const record = { epoch: view.epoch, holder: view.holder, forced: forcedAbove(view.forced, epoch) };
    return judgeRecordInPeerMode(record, this.ports.self, epoch);
  }
}
