import { randomUUID } from 'node:crypto';
import type { PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { Clock } from '../../shared/clock.ts';
import type { PeerModeFacts, PromiseQuestionState } from '../../shared/failover/member-facts.ts';
import {
  askForPromise,
  leaveOnGrant,
  leaveOnRenewal,
  leftToTell,
  livesOnPromise,
  newAsker,
  takePromise,
  voidPeerMode,
  type AskerMemory,
  type AskerState,
} from '../../shared/lease/asker.ts';
import { isAbove, type Period } from '../../shared/lease/period.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { MemberMemory, MemoryFile } from './member-memory.ts';

export interface PromiseAskerPorts {
  readonly clock: Clock;
  readonly timing: TimingPolicy;
  readonly memory: MemoryFile;
  readonly peerName: string;
  /** False: it could not be sent now. */
  readonly tell: (frame: PeerModeFrame) => boolean;
  readonly note: (sentence: string) => void;
}

type Answer = Extract<PeerModeFrame, { readonly type: 'promise' | 'refusal' | 'store-reached' }>;

/**
 * The Active's side of peer mode (docs/failover.md): asks the peer for a promise, lives on it, and leaves it again.
 * Its part of the durable state is on disk before anything rests on it; a disk that refuses changes nothing.
 */
export class PromiseAsker {
  private readonly ports: PromiseAskerPorts;
  private state: AskerState;
  private question: PromiseQuestionState | null = null;
  private sinceMs: number | null = null;

  constructor(ports: PromiseAskerPorts) {
    this.ports = ports;
    this.state = newAsker(askerMemory(ports.memory.current()), randomUUID(), false);
  }

  lives(): boolean {
    return livesOnPromise(this.state);
  }

  /** It lived on a promise when its engine stopped, or when the agent before it ended. */
  lapsed(): boolean {
    return this.state.memory.peer !== null && !this.state.confirmed;
  }

  facts(nowMs: number): Pick<PeerModeFacts, 'livesOn' | 'lapsed' | 'question'> {
    const { peer } = this.state.memory;
    const sinceMs = this.sinceMs === null ? null : nowMs - this.sinceMs;
    return {
      livesOn: peer !== null && this.lives() ? { period: peer, sinceMs } : null,
      lapsed: this.lapsed(),
      question: this.question,
    };
  }

  /** Only while the engine that was kept alive by the promise still runs. */
  goOn(): void {
    this.state = { ...this.state, confirmed: this.state.memory.peer !== null };
  }

  /** The engine stops or has stopped: the promise alone starts nothing any more. */
  lapse(): void {
    this.state = { ...this.state, asking: false, confirmed: false };
    this.question = null;
  }

  /** The durable state was begun anew. */
  rememberAnew(): void {
    this.state = { ...this.state, memory: askerMemory(this.ports.memory.current()) };
    this.lapse();
  }

  /** Sends the question for `epoch`, again and again with the same number while it has no answer. */
  ask(epoch: number, renewalAgeMs: number, understood: boolean): void {
    if (!understood) {
      this.question = 'not-understood';
      return;
    }
    const { state, question } = askForPromise(this.state, epoch);
    if (state !== this.state) {
      if (!this.write({ asked: state.memory.asked }, 'No promise was asked for')) return;
      this.state = state;
      this.question = 'waiting';
      const { peerName } = this.ports;
      this.ports.note(
        `The lease store is silent: ${peerName} is asked to promise not to take over (${words(question.period)}).`,
      );
    }
    this.ports.tell({ type: 'question', version: 1, ...question, epoch, renewalAgeMs });
  }

  /**
   * Takes the peer's answer in. True: from now on the engine may live without a lease.
   *
   * @param leaseSentMs when the last good renewal was sent; null: no lease is held
   */
  take(answer: Answer, leaseSentMs: number | null): boolean {
    if (answer.nonce !== this.state.nonce || !this.state.asking) return false;
    if (answer.type !== 'promise') {
      this.question = answer.type === 'refusal' ? { refused: refusals[answer.why] } : 'store-reached';
      return false;
    }
    const { clock, timing, note, peerName } = this.ports;
    const outcome = takePromise(this.state, answer, leaseSentMs, clock.bootMs(), timing);
    if (outcome.kind === 'ignored') {
      note(`A promise of ${peerName} was not used: ${outcome.why}.`);
      return false;
    }
    if (!this.write({ peer: outcome.state.memory.peer }, 'The promise was not used')) return false;
    this.state = outcome.state;
    this.sinceMs = clock.bootMs();
    this.question = null;
    note(
      `Peer mode begins (${words(answer.period)}): ${peerName} has promised not to take over while the lease store is lost.`,
    );
    return true;
  }

  /**
   * A renewal that may be used ends the period, or a question that was not needed. `toLease` gives the guards the
   * lease's own deadline first, even if that is earlier; false from it or from the disk: nothing has changed.
   */
  leave(toLease: () => boolean): boolean {
    this.question = null;
    const next = leaveOnRenewal(this.state);
    if (next === null) return false;
    const lived = this.state.memory.peer;
    if (lived !== null && !toLease()) return false;
    const { peer, left } = next.memory;
    if (!this.write({ peer, left }, 'Peer mode goes on')) return false;
    this.state = next;
    if (lived !== null) this.ports.note(`Peer mode has ended (${words(lived)}): the lease is renewed again.`);
    return true;
  }

  /** What goes to disk in one write with the epoch of a grant; null: there is no period to end. */
  changeOnGrant(epoch: number): AskerChange | null {
    const { asked, peer, left } = this.state.memory;
    if (peer === null && (asked === null || !isAbove(asked, left))) return null;
    return changeTo(leaveOnGrant(this.state, epoch));
  }

  /** What goes to disk in one write with the end of an epoch: what rested on it ends with it; null: nothing. */
  changeOnEnd(): AskerChange | null {
    const next = leaveOnRenewal(this.state);
    return next === null ? null : changeTo(next);
  }

  /** Such a change is on disk. */
  written({ peer, left }: AskerChange): void {
    const { memory } = this.state;
    this.state = { ...this.state, memory: { ...memory, peer, left }, asking: false, confirmed: false };
    this.question = null;
  }

  /** This member has given a promise itself; `peer: null` is on disk. */
  void(): void {
    this.state = voidPeerMode(this.state);
    this.question = null;
  }

  /** The period that store and peer have still to be told of; null: the store shows it. */
  toTell(storeLeft: Period | null): Period | null {
    return leftToTell(this.state, storeLeft);
  }

  private write(change: Parameters<MemoryFile['update']>[0], what: string): boolean {
    const { memory, note } = this.ports;
    try {
      memory.update(change);
      return true;
    } catch (error) {
      note(`${what}: it could not be written down (${String(error)}).`);
      return false;
    }
  }
}

export type AskerChange = Pick<AskerMemory, 'peer' | 'left'>;

function changeTo({ memory: { peer, left } }: AskerState): AskerChange {
  return { peer, left };
}

function askerMemory({ asked, peer, left }: MemberMemory): AskerMemory {
  return { asked: asked ?? null, peer: peer ?? null, left: left ?? null };
}

/** A period as people read it. */
export function words({ e, n }: Period): string {
  return `period ${e}.${n}`;
}

const refusals: Record<Extract<Answer, { readonly type: 'refusal' }>['why'], string> = {
  engine: 'whether its own engine is stopped is not certain',
  'higher-epoch': 'it knows a higher epoch',
  'older-period': 'it has promised a later period',
  'store-unknown': 'it does not know yet whether it reaches the store',
  state: 'its own state cannot be written',
};
