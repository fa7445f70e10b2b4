import type { PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { PeerModeFacts } from '../../shared/failover/member-facts.ts';
import type { Period } from '../../shared/lease/period.ts';
import {
  dropPromise,
  grantToReturn,
  judgeQuestion,
  mayUseStore,
  type PromiseDecision,
  type PromiserMemory,
} from '../../shared/lease/promiser.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { MemoryFile } from './member-memory.ts';
import { words } from './promise-asker.ts';

export type Question = Extract<PeerModeFrame, { readonly type: 'question' }>;
type Reply = (frame: PeerModeFrame) => void;

export interface PromiseGiverPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly timing: TimingPolicy;
  readonly memory: MemoryFile;
  readonly peerName: string;
  /** What this member knows of itself now. Null: not known, and then nothing is promised. */
  readonly known: () => { readonly engineRunning: boolean | null; readonly epoch: number };
  /** Tries to reach the store at once, beside the regular tries. */
  readonly tryStore: () => void;
  /** A promise is on disk: whatever the store was asked for is forgotten, before anybody is told. */
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
    return mayUseStore(this.memory());
  }

  /** An epoch that the store has granted to this member although it has promised not to use any; null: none. */
  grantToReturn(record: { readonly epoch: number; readonly holder: string | null }, self: string) {
    return grantToReturn(this.memory(), record, self);
  }

  facts(nowMs: number): PeerModeFacts['given'] {
    const { promise } = this.memory();
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

  /** A period was left, by the Active's word or the store's. */
  drop(left: Period): void {
    const before = this.memory();
    const after = dropPromise(before, left);
    if (after === before || before.promise === null) return;
    const { memory, note, peerName } = this.ports;
    try {
      memory.update({ promise: null });
    } catch (error) {
      // It stands, and is dropped with the next word of it.
      return note(`The promise to ${peerName} stands: its end could not be written down (${String(error)}).`);
    }
    note(`The promise to ${peerName} not to take over has ended (${words(before.promise)}).`);
  }

  close(): void {
    this.endLook?.();
    this.held = null;
  }

  private memory(): PromiserMemory {
    const { promise, promised } = this.ports.memory.current();
    return { promise: promise ?? null, promised: promised ?? null };
  }

  private judge(): void {
    this.endLook?.();
    this.endLook = null;
    if (this.held === null) return;
    const { question, receivedMs } = this.held;
    const { clock, timing, known, timers } = this.ports;
    const { engineRunning, epoch } = known();
    const decision = judgeQuestion(this.memory(), question.period, {
      nowMs: clock.bootMs(),
      engineRunning,
      knownEpoch: epoch,
      receivedMs,
      renewalAgeMs: question.renewalAgeMs,
      tries: this.tries,
      operationMs: timing.O * 1000,
    });
    if (decision.kind === 'hold') {
      this.endLook = timers.after((timing.O * 1000) / looksWithinO, () => this.judge());
      return;
    }
    this.answer(decision);
  }

  private answer(decision: Exclude<PromiseDecision, { readonly kind: 'hold' }>): void {
    if (this.held === null) return;
    const { question, reply } = this.held;
    const { period, nonce } = question;
    this.held = null;
    switch (decision.kind) {
      case 'promise':
        return reply(
          this.give(decision.memory)
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

  /** From here on no lease is asked for, renewed or used. A member that promises does not live on a promise itself. */
  private give({ promise, promised }: PromiserMemory): boolean {
    const { memory, note, peerName, clock, onGiven } = this.ports;
    try {
      memory.update({ promise, promised, peer: null });
    } catch (error) {
      note(`${peerName} got no promise: it could not be written down (${String(error)}).`);
      return false;
    }
    onGiven();
    this.givenAtMs = clock.bootMs();
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
