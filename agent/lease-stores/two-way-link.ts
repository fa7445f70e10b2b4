import type { LeaseAnswer, LeaseRequest } from '../../shared/agent-api/lease-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import {
  directAnswered,
  newStorePath,
  pathTurned,
  peerAnswered,
  releaseSent,
  renewalSent,
  storePathTiming,
  type StorePath,
  type StorePathTiming,
} from '../../shared/lease/store-path.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { AnswerListener, LeaseStoreLink } from './lease-store-link.ts';

export interface TwoWayPorts {
  readonly timing: TimingPolicy;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly peerName: string;
  readonly openDirect: (onAnswer: AnswerListener, onOpen: () => void) => LeaseStoreLink;
  readonly openThroughPeer: (onAnswer: AnswerListener, onOpen: () => void) => LeaseStoreLink;
  readonly onAnswer: AnswerListener;
  /** A way has opened: a renewal is worth sending at once. */
  readonly onOpen: () => void;
  /** Tells the journal; must not write before it returns. */
  readonly note: (sentence: string) => void;
}

/** Answers remembered, so that the second one to a request that went both ways is not taken for a stray one. */
const answersRemembered = 64;

/**
 * The way to the store, direct first, and through the peer beside it while the direct one owes an answer. Renewals go
 * both ways at once; what must be done once (a release, a change) goes the way that the lease rests on; everything
 * that is not the holder's goes directly only, since what a member could not do without its peer is worth nothing.
 */
export class TwoWayLink implements LeaseStoreLink {
  private readonly ports: TwoWayPorts;
  private readonly timing: StorePathTiming;
  private readonly direct: LeaseStoreLink;
  private throughPeer: LeaseStoreLink | null = null;
  private path: StorePath;
  private look: CancelTimer | null = null;
  private answered: readonly number[] = [];

  constructor(ports: TwoWayPorts) {
    this.ports = ports;
    this.timing = storePathTiming(ports.timing);
    this.path = newStorePath(ports.clock.bootMs());
    this.direct = ports.openDirect((answer) => this.takeDirect(answer), ports.onOpen);
  }

  send(request: LeaseRequest): boolean {
    const nowMs = this.ports.clock.bootMs();
    switch (request.op) {
      case 'renew': {
        const sent = [this.direct.send(request), this.throughPeer?.send(request) === true];
        this.move(renewalSent(this.path, request.id, nowMs, this.timing), nowMs);
        this.lookLater();
        return sent.includes(true);
      }
      case 'release':
        this.move(releaseSent(this.path, nowMs, this.timing), nowMs);
        return this.sendOnce(request);
      case 'left':
      case 'policy':
      case 'retire':
        return this.sendOnce(request);
      case 'read':
      case 'acquire':
      case 'force':
      case 'seed':
      case 'reinstate':
        this.move(this.path, nowMs);
        return this.direct.send(request);
    }
  }

  trouble(): string | null {
    const why = this.direct.trouble();
    if (why === null || this.throughPeer === null) return why;
    const relay = this.throughPeer.trouble();
    return relay === null ? null : `${why}; through ${this.ports.peerName}: ${relay}`;
  }

  throughPeerMs(nowMs: number): number | null {
    return this.path.way === 'direct' ? null : nowMs - this.path.sinceMs;
  }

  close(): void {
    this.endLook();
    this.direct.close();
    this.throughPeer?.close();
  }

  private sendOnce(request: LeaseRequest): boolean {
    const relay = this.throughPeer;
    if (relay === null) return this.direct.send(request);
    const first = this.path.way === 'direct' ? this.direct : relay;
    return first.send(request) || (first === relay ? this.direct : relay).send(request);
  }

  private takeDirect(answer: LeaseAnswer): void {
    const nowMs = this.ports.clock.bootMs();
    this.move(directAnswered(this.path, answer.id, nowMs, this.timing), nowMs);
    this.pass(answer);
  }

  private takeFromPeer(answer: LeaseAnswer): void {
    const nowMs = this.ports.clock.bootMs();
    const was = this.path;
    const next = answer.result === 'renewed' ? peerAnswered(was, nowMs, this.timing) : was;
    this.move(next, nowMs);
    this.pass(answer);
  }

  private pass(answer: LeaseAnswer): void {
    if (this.answered.includes(answer.id)) return;
    // Only a request that may have gone both ways can be answered twice.
    if (this.throughPeer !== null) this.answered = [...this.answered, answer.id].slice(-answersRemembered);
    this.ports.onAnswer(answer);
  }

  private lookLater(): void {
    if (this.look !== null || this.path.owedSinceMs === null || this.path.relayWanted) return;
    const { clock, timers } = this.ports;
    const inMs = this.path.owedSinceMs + this.timing.openAfterMs - clock.bootMs();
    this.look = timers.after(Math.max(1, inMs), () => {
      this.look = null;
      this.move(this.path, clock.bootMs());
      this.lookLater();
    });
  }

  private endLook(): void {
    this.look?.();
    this.look = null;
  }

  /** Takes the next state over, opens or closes the second way, and tells when the lease rests on another one. */
  private move(next: StorePath, nowMs: number): void {
    const before = this.path;
    this.path = pathTurned(next, nowMs, this.timing);
    // Mostly it has been answered long before: the program is not woken for that.
    if (this.path.owedSinceMs === null) this.endLook();
    const { relayWanted, way } = this.path;
    if (relayWanted && this.throughPeer === null) {
      this.throughPeer = this.ports.openThroughPeer(
        (answer) => this.takeFromPeer(answer),
        () => this.ports.onOpen(),
      );
    } else if (!relayWanted && this.throughPeer !== null) {
      this.throughPeer.close();
      this.throughPeer = null;
    }
    if (way !== before.way && nowMs < this.path.holderUntilMs) this.tell(nowMs - before.sinceMs);
  }

  private tell(forMs: number): void {
    const { note, peerName } = this.ports;
    if (this.path.way === 'direct') {
      return note(
        `The direct path to the lease store works again: the lease is renewed directly, after ${(forMs / 1000).toFixed(1)} s through ${peerName}.`,
      );
    }
    const why = this.direct.trouble() ?? 'it is connected but does not answer';
    note(`The lease is renewed through ${peerName}: the direct path to the lease store is broken (${why}).`);
  }
}
