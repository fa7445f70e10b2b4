import type { LeaseView } from '../../shared/agent-api/lease-frames.ts';
import type { PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { MemberFacts, PeerModeFacts } from '../../shared/failover/member-facts.ts';
import { judgeRecordInPeerMode } from '../../shared/lease/asker.ts';
import { forcedAbove } from '../../shared/lease/forced.ts';
import { freeInMs, leaseLeftMs, type HolderState } from '../../shared/lease/holder.ts';
import { leaseInstants, type TimingPolicy } from '../../shared/lease/timing.ts';
import type { GuardDeadline } from './guard-deadline.ts';
import type { MemberMemory, MemoryFile } from './member-memory.ts';
import type { PeerStatus } from './peer-link.ts';
import { PromiseAsker } from './promise-asker.ts';
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
  readonly memory: MemoryFile;
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
  readonly holder: () => HolderState;
  /** After a jump of the clocks nothing is used any more. */
  readonly checkClocks: () => void;
  /** Its epoch may still be renewed, and the decision loop turns. */
  readonly mayRenew: () => boolean;
  /** Null: there is no connection to the store. */
  readonly read: () => number | null;
  readonly acquire: () => void;
  readonly tellLeft: (left: { readonly e: number; readonly n: number }) => void;
  /** A promise was given: the lease and every open request are forgotten. */
  readonly forget: () => void;
  /** An epoch that was granted to this member while its promise stands: durably ended, never used. */
  readonly endUnused: (epoch: number) => void;
  /** Somebody else is Active by a person's word: the engine is killed and the epoch ends. */
  readonly lose: (why: string) => void;
}

/** What ends with a grant or with an epoch, and is written in one with it. */
export type PeerModeChange = Partial<Pick<MemberMemory, 'peer' | 'left' | 'promise'>>;

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
    const { clock, timers, timing, memory, peer, note, guard } = ports;
    this.ports = ports;
    this.asker = new PromiseAsker({ clock, timing, memory, peerName: peer.name, tell: peer.tell, note });
    this.giver = new PromiseGiver({
      clock,
      timers,
      timing,
      memory,
      peerName: peer.name,
      known: () => this.known(),
      tryStore: () => this.giver.tried(ports.lease.read()),
      onGiven: () => {
        this.asker.void();
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

  /** A lease may be asked for, renewed and used: no promise stands. */
  mayUseStore(): boolean {
    return this.giver.mayUseStore();
  }

  /** The record is worth a renewal: while on a promise it may belong to nobody who runs. */
  recordIsOurs(): boolean {
    const { seen } = this.ports.lease.holder();
    return !this.lives() || seen === null || this.judge(seen.view) === 'renew';
  }

  /** Once every H. `request` is that of the period's try at the store; null: there was no connection. */
  turn(request: number | null): void {
    this.giver.tried(request);
    if (this.lives()) this.goOn();
    else this.askIfDue();
    this.tellLeft();
  }

  /** A genuine answer of the store, after its effects have been written down. */
  answered(request: number, view: LeaseView): void {
    const { memory, self, lease } = this.ports;
    this.giver.reached(request);
    if (view.left !== undefined) this.giver.drop(view.left);
    const unused = this.giver.grantToReturn(view, self);
    if (unused !== null && memory.current().ended < unused) lease.endUnused(unused);
    if (this.lives() && this.judge(view) === 'stop')
      lease.lose('a person has given the cluster to the other member');
  }

  /** The lease was granted or renewed, and may be used. */
  renewed(held: { readonly epoch: number; readonly sentMs: number }): void {
    const { guard, timers } = this.ports;
    this.endWait?.();
    this.endWait = timers.after(this.askAfterMs, () => this.askIfDue());
    if (this.asker.leave(() => guard.feed(held.epoch, held.sentMs))) this.tellLeft();
  }

  /**
   * What is written in one with a grant; null: the guards' deadline could not be moved back to the lease's own, and
   * the grant must not be used. A promise that stands ends with a grant: only a person's word has brought it here.
   */
  changeOnGrant(epoch: number, sentMs: number): PeerModeChange | null {
    const { guard, memory } = this.ports;
    const change = this.asker.changeOnGrant(epoch);
    if (change !== null && !guard.feed(memory.current().epoch, sentMs)) return null;
    return { ...change, ...(this.mayUseStore() ? {} : { promise: null }) };
  }

  /** What is written in one with the end of an epoch. */
  changeOnEnd(): PeerModeChange {
    return this.asker.changeOnEnd() ?? {};
  }

  /** A change of the two above is on disk. */
  written(change: PeerModeChange): void {
    const { peer, left } = change;
    if (peer !== undefined && left !== undefined) this.asker.written({ peer, left });
  }

  takeFrame(frame: PeerModeFrame, reply: (answer: PeerModeFrame) => void): void {
    this.ports.lease.checkClocks();
    switch (frame.type) {
      case 'question':
        this.giver.take(frame, reply);
        break;
      case 'left':
        this.giver.drop(frame.left);
        break;
      case 'promise':
      case 'refusal':
      case 'store-reached':
        if (this.asker.take(frame, this.ports.lease.holder().lease?.sentMs ?? null)) this.goOn();
    }
    this.ports.onChange();
  }

  /** What a look at the engine's process has found: a restarted agent goes on only with an engine that never stopped. */
  engineSeen(running: boolean): void {
    if (!this.undecided) return;
    this.undecided = false;
    const { clock, guard, memory, note } = this.ports;
    const inherited = guard.inherited(clock.bootMs());
    const { peer, epoch } = memory.current();
    if (!running || inherited === null || inherited.stopInMs <= 0 || peer?.e !== epoch) return;
    this.asker.goOn();
    guard.forgetInherited();
    note(
      `Peer mode goes on: the engine has kept running, and ${this.ports.peer.name} has promised not to take over.`,
    );
    this.goOn();
  }

  /** What the peer tells of itself. One that is Active, or becomes it, with a higher epoch was forced to by a person. */
  peerHeard({ role, epoch }: Pick<MemberFacts['peer'], 'role' | 'epoch'>): void {
    if (!this.lives() || epoch === null || epoch <= this.ports.memory.current().epoch) return;
    if (role === 'active' || role === 'taking-over' || role === 'stopping')
      this.ports.lease.lose(`${this.ports.peer.name} is Active with the higher epoch ${epoch}`);
  }

  /** The engine is stopped in an emergency: the promise alone does not start it again. */
  lapse(): void {
    this.asker.lapse();
  }

  rememberAnew(): void {
    this.asker.rememberAnew();
  }

  close(): void {
    this.endWait?.();
    this.giver.close();
  }

  /** Lives on the promise for one more period. A dead decision loop is not fed, and its engine stopped in time. */
  private goOn(): void {
    const { clock, guard, lease, memory } = this.ports;
    if (!lease.mayRenew()) return;
    guard.feed(memory.current().epoch, clock.bootMs());
    const holder = lease.holder();
    const { seen } = holder;
    if (seen === null || this.judge(seen.view) !== 'acquire') return;
    if (freeInMs(holder, clock.bootMs()) === 0) lease.acquire();
  }

  private askIfDue(): void {
    const { clock, lease, timing, memory, peer } = this.ports;
    if (this.undecided || this.lives() || !this.mayUseStore() || !lease.mayRenew()) return;
    const { epoch } = memory.current();
    const held = lease.holder().lease;
    // Without a lease there is none that could run out; the store must have been silent for a whole period and O.
    if (this.asker.lapsed()) return this.asker.ask(epoch, (timing.H + timing.O) * 1000, peer.understands());
    if (held === null) return;
    const ageMs = clock.bootMs() - held.sentMs;
    if (ageMs >= this.askAfterMs && ageMs < this.lastUseMs) this.asker.ask(epoch, ageMs, peer.understands());
  }

  private tellLeft(): void {
    const { lease, peer } = this.ports;
    const { seen } = lease.holder();
    const left = this.asker.toTell(seen?.view.left ?? null);
    if (left === null) return;
    lease.tellLeft(left);
    peer.tell({ type: 'left', left });
  }

  private known() {
    const { lease, memory, clock, engineRunning } = this.ports;
    const holder = lease.holder();
    const holds = this.lives() || leaseLeftMs(holder, clock.bootMs()) > 0;
    return {
      engineRunning: holds ? true : engineRunning(),
      epoch: Math.max(memory.current().epoch, holder.seen?.view.epoch ?? 0),
    };
  }

  private judge(view: LeaseView): ReturnType<typeof judgeRecordInPeerMode> {
    const { memory, self } = this.ports;
    const { epoch } = memory.current();
    const record = { epoch: view.epoch, holder: view.holder, forced: forcedAbove(view.forced, epoch) };
    return judgeRecordInPeerMode(record, self, epoch);
  }
}
