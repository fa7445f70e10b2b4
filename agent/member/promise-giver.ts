import type { PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { PeerModeFacts } from '../../shared/failover/member-facts.ts';
import { takeQuestion, type MemberLease } from '../../shared/lease/member-lease.ts';
import { mayUseStore, type PromiseDecision } from '../../shared/lease/promiser.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { LeaseState } from './lease-state.ts';
import { words } from './promise-asker.ts';

export type Question = Extract<PeerModeFrame, { readonly type: 'question' }>;
type Reply = (frame: PeerModeFrame) => void;

export interface PromiseGiverPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly timing: TimingPolicy;
  readonly state: LeaseState;
  readonly peerName: string;
  /** Whether anything of the engine may run here. Null: not known, and then nothing is promised. */
  readonly engineRunning: () => boolean | null;
  /** Tries to reach the store at once, beside the regular tries. */
  readonly tryStore: () => void;
  /** A promise is on disk, and whatever the store was asked for is forgotten: nobody waits for it any more. */
  readonly onGiven: () => void;
  readonly note: (sentence: string) => void;
}

/** How often a question that is held is judged anew, within O. */
const looksWithinO = 10;

/**
 * The Passive's side of peer mode (docs/failover.md): answers the Active's question for a promise, and keeps it. The
 * promise is on disk before it is answered.
 */
export class PromiseGiver {
  private readonly ports: PromiseGiverPorts;
  private tries: { readonly id: number | null; readonly sentMs: number; answered: boolean }[] = [];
  private held: { readonly question: Question; readonly reply: Reply; readonly receivedMs: number } | null =
    null;
  private endLook: CancelTimer | null = null;
  private givenAtMs: number | null = null;

  constructor(ports: PromiseGiverPorts) {
    this.ports = ports;
  }

  /** A try to reach the store; `id` null: there was no connection. */
  tried(id: number | null): void {
    const { clock, timing } = this.ports;
    const sentMs = clock.bootMs();
    // Older ones say nothing: the last good renewal that a question counts from is at most T old.
    this.tries = this.tries.filter((one) => sentMs - one.sentMs <= 2 * timing.T * 1000);
    this.tries.push({ id, sentMs, answered: false });
  }

  /** The store that this member belongs to has answered that try. */
  reached(id: number): void {
    const found = this.tries.find((one) => one.id === id);
    if (found !== undefined) found.answered = true;
    this.judge();
  }

  mayUseStore(): boolean {
    return mayUseStore(this.ports.state.current().promiser);
  }

  facts(nowMs: number): PeerModeFacts['given'] {
    const { promise } = this.ports.state.current().promiser;
    if (promise === null) return null;
    return { period: promise, sinceMs: this.givenAtMs === null ? null : nowMs - this.givenAtMs };
  }

  /** Answers at once, or within O when it must first be seen whether the store can be reached from here. */
  take(question: Question, reply: Reply): void {
    const receivedMs = this.ports.clock.bootMs();
    const again = this.held !== null && sameQuestion(this.held.question, question);
    this.held = again ? { ...this.held!, reply } : { question, reply, receivedMs };
    this.judge();
    // What is still not known is known after O at the latest.
    if (!again && this.held !== null) this.ports.tryStore();
  }

  close(): void {
    this.endLook?.();
    this.held = null;
  }

  private judge(): void {
    this.endLook?.();
    this.endLook = null;
    if (this.held === null) return;
    const { question, receivedMs } = this.held;
    const { clock, timing, engineRunning, timers, state } = this.ports;
    const { state: next, decision } = takeQuestion(state.current(), question.period, {
      nowMs: clock.bootMs(),
      engineRunning: engineRunning(),
      // What is on disk and what the store has said is added there.
      knownEpoch: 0,
      receivedMs,
      renewalAgeMs: question.renewalAgeMs,
      tries: this.tries,
      operationMs: timing.O * 1000,
    });
    if (decision.kind === 'hold') {
      this.endLook = timers.after((timing.O * 1000) / looksWithinO, () => this.judge());
      return;
    }
    this.answer(decision, next);
  }

  private answer(decision: Exclude<PromiseDecision, { readonly kind: 'hold' }>, next: MemberLease): void {
    if (this.held === null) return;
    const { question, reply } = this.held;
    const { period, nonce } = question;
    this.held = null;
    switch (decision.kind) {
      case 'promise':
        return reply(
          this.give(next)
            ? { type: 'promise', period, nonce }
            : { type: 'refusal', period, nonce, why: 'state' },
        );
      case 'again':
        return reply({ type: 'promise', period, nonce });
      case 'relay':
        return reply({ type: 'store-reached', period, nonce });
      case 'refuse':
        return reply({ type: 'refusal', period, nonce, why: decision.why });
    }
  }

  /** From here on no lease is asked for, renewed or used. */
  private give(next: MemberLease): boolean {
    const { state, note, peerName, clock, onGiven } = this.ports;
    if (!state.take(next, `${peerName} got no promise`)) return false;
    onGiven();
    this.givenAtMs = clock.bootMs();
    const { promise } = next.promiser;
    if (promise !== null)
      note(
        `${peerName} is promised that this member does not take over (${words(promise)}): the lease store is silent.`,
      );
    return true;
  }
}

function sameQuestion(one: Question, other: Question): boolean {
  return one.nonce === other.nonce && one.period.e === other.period.e && one.period.n === other.period.n;
}
