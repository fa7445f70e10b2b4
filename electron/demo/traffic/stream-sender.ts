import { setTimeout as delay } from 'node:timers/promises';
import { buildAdmission, controlId } from '../hl7/hl7-message.ts';
import { openLlp, type Exchange, type LlpConnection } from '../hl7/llp-connection.ts';
import type { StreamConfig } from './traffic-config.ts';

/** What a sender tells the books. */
export interface SenderEvents {
  readonly sent: (sequence: number) => void;
  readonly acknowledged: (ack: { sequence: number; by: string; tookMs: number; attempt: number }) => void;
}

export interface SenderOptions {
  readonly stream: StreamConfig;
  /** Marks the messages of this process. */
  readonly run: string;
  readonly bootMs: () => number;
  readonly events: SenderEvents;
}

/**
 * Sends numbered messages, one at a time: the next number is sent only after the one before was
 * acknowledged, however long that takes. So order behind the engine has exactly one right answer.
 */
export class StreamSender {
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  #connection: LlpConnection | undefined;
  #sequence = 0;
  #untilConnecting = new AbortController();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** Runs until stopped. There is no catching up after an outage: the pace stays the same. */
  async run(): Promise<void> {
    const { stream, bootMs } = this.#options;
    const everyMs = 1000 / stream.perSecond;
    let due = bootMs();
    while (!this.#stop.signal.aborted) {
      await this.#pause(due - bootMs());
      if (this.#stop.signal.aborted) break;
      this.#sequence += 1;
      await this.#sendUntilAcknowledged(this.#sequence);
      due = Math.max(due + everyMs, bootMs());
    }
    this.#connection?.close();
  }

  stop(): void {
    this.#stop.abort();
    this.#connection?.close();
  }

  /** Connects again now, if it waits to do so. */
  hurry(): void {
    this.#untilConnecting.abort();
  }

  async #sendUntilAcknowledged(sequence: number): Promise<void> {
    const { stream, run, bootMs, events } = this.#options;
    const numbered = { sender: stream.id, sequence, run, sentAt: bootMs() };
    const message = buildAdmission(numbered, stream.cluster, new Date());
    let attempt = 0;
    while (!this.#stop.signal.aborted) {
      const connection = await this.#connected();
      for (let turn = 0; connection && turn <= stream.resends; turn += 1) {
        attempt += 1;
        events.sent(sequence);
        const exchange = await connection.exchange(message, controlId(numbered), stream.ackTimeoutMs);
        if (exchange.kind === 'answered' && exchange.ack.code === 'AA') {
          const tookMs = bootMs() - numbered.sentAt;
          return events.acknowledged({ sequence, by: exchange.ack.from, tookMs, attempt });
        }
        if (!(await this.#mayTryAgainHere(exchange))) break;
      }
      this.#connection?.close();
      this.#untilConnecting = new AbortController();
      await this.#pause(stream.reconnectMs, this.#untilConnecting.signal);
    }
  }

  /** After silence or a refusal on a standing connection the message goes out on it again. */
  async #mayTryAgainHere(exchange: Exchange): Promise<boolean> {
    if (exchange.kind === 'broken' || this.#stop.signal.aborted) return false;
    if (exchange.kind === 'answered') await this.#pause(this.#options.stream.reconnectMs);
    return true;
  }

  async #connected(): Promise<LlpConnection | undefined> {
    const { address, port, ackTimeoutMs } = this.#options.stream;
    if (this.#connection?.usable) return this.#connection;
    const opened = await openLlp(address, port, ackTimeoutMs);
    this.#connection = opened.ok ? opened.value : undefined;
    return this.#connection;
  }

  async #pause(ms: number, shorter?: AbortSignal): Promise<void> {
    if (ms <= 0) return;
    const signal = AbortSignal.any([this.#stop.signal, ...(shorter ? [shorter] : [])]);
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}
