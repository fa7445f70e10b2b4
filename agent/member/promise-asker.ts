import type { PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { Clock } from '../../shared/clock.ts';
import type { PeerModeFacts, PromiseQuestionState } from '../../shared/failover/member-facts.ts';
import { livesOnPromise, type AskerState } from '../../shared/lease/asker.ts';
import { askPeer, takePeerPromise } from '../../shared/lease/member-lease.ts';
import { samePeriod, type Period } from '../../shared/lease/period.ts';
import type { TimingPolicy } from '../../shared/lease/timing.ts';
import type { LeaseState } from './lease-state.ts';

export interface PromiseAskerPorts {
  readonly clock: Clock;
  readonly timing: TimingPolicy;
  readonly state: LeaseState;
  readonly peerName: string;
  /** False: it could not be sent now. */
  readonly tell: (frame: PeerModeFrame) => boolean;
  readonly note: (sentence: string) => void;
}

type Answer = Extract<PeerModeFrame, { readonly type: 'promise' | 'refusal' | 'store-reached' }>;

/** The Active's side of peer mode (docs/failover.md): asks the peer for a promise, and lives on it. */
export class PromiseAsker {
  private readonly ports: PromiseAskerPorts;
  private question: PromiseQuestionState | null = null;
  private sinceMs: number | null = null;

  constructor(ports: PromiseAskerPorts) {
    this.ports = ports;
  }

  lives(): boolean {
    return livesOnPromise(this.asker());
  }

  /** It lived on a promise when its engine stopped, or when the agent before it ended. */
  lapsed(): boolean {
    const { memory, confirmed } = this.asker();
    return memory.peer !== null && !confirmed;
  }

  /** A promise of the peer is lived on, may be again once the engine is seen, or is still waited for. */
  counts(): boolean {
    const { memory, asking } = this.asker();
    return memory.peer !== null || asking;
  }

  facts(nowMs: number): Pick<PeerModeFacts, 'livesOn' | 'lapsed' | 'question'> {
    const { peer } = this.asker().memory;
    const sinceMs = this.sinceMs === null ? null : nowMs - this.sinceMs;
    return {
      livesOn: peer !== null && this.lives() ? { period: peer, sinceMs } : null,
      lapsed: this.lapsed(),
      question: this.question,
    };
  }

  /** Only while the engine that was kept alive by the promise still runs. */
  goOn(): void {
    this.change({ confirmed: true });
  }

  /** The engine stops or has stopped: the promise alone starts nothing any more. */
  lapse(): void {
    this.change({ asking: false, confirmed: false });
    this.question = null;
  }

  /** No promise is needed now. */
  settled(): void {
    this.question = null;
  }

  /** Sends the question, again and again with the same number while it has no answer. */
  ask(renewalAgeMs: number, understood: boolean): void {
    if (!understood) {
      this.question = 'not-understood';
      return;
    }
    const { state, peerName, note, tell } = this.ports;
    const asked = askPeer(state.current());
    if (asked === null) return;
    const { period } = asked.question;
    const again = samePeriod(period, this.asker().memory.asked);
    if (!state.take(asked.state, 'No promise was asked for')) return;
    if (!again) {
      this.question = 'waiting';
      note(`The lease store is silent: ${peerName} is asked to promise not to take over (${words(period)}).`);
    }
    tell({ type: 'question', version: 1, ...asked.question, epoch: period.e, renewalAgeMs });
  }

  /** Takes the peer's answer in. True: from now on the engine may live without a lease. */
  take(answer: Answer): boolean {
    const { nonce, asking } = this.asker();
    if (answer.nonce !== nonce || !asking) return false;
    if (answer.type !== 'promise') {
      this.question = answer.type === 'refusal' ? { refused: refusals[answer.why] } : 'store-reached';
      return false;
    }
    const { clock, timing, note, peerName, state } = this.ports;
    const { state: next, outcome } = takePeerPromise(state.current(), answer, clock.bootMs(), timing);
    if (outcome.kind === 'ignored') {
      note(`A promise of ${peerName} was not used: ${outcome.why}.`);
      return false;
    }
    if (!state.take(next, 'The promise was not used')) return false;
    this.sinceMs = clock.bootMs();
    this.question = null;
    note(
      `Peer mode begins (${words(answer.period)}): ${peerName} has promised not to take over while the lease store is lost.`,
    );
    return true;
  }

  private asker(): AskerState {
    return this.ports.state.current().asker;
  }

  private change(change: Partial<Pick<AskerState, 'asking' | 'confirmed'>>): void {
    const { state } = this.ports;
    state.set({ ...state.current(), asker: { ...this.asker(), ...change } });
  }
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
