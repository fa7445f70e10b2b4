import { randomBytes } from 'node:crypto';
import { succeed, type Result } from '../../../shared/result.ts';
import type { JsonLog } from '../json-log/json-log.ts';
import type { StreamFigures } from './cluster-counters.ts';
import { MessageReceiver, type Arrival } from './message-receiver.ts';
import { openLog, StreamBooks } from './stream-books.ts';
import { StreamSender } from './stream-sender.ts';
import type { ReceiverConfig, StreamConfig, TrafficConfig } from './traffic-config.ts';

/** Senders in front of the engines, receivers behind them, and the books about both. */
export class Traffic {
  readonly #config: TrafficConfig;
  readonly #bootMs: () => number;
  /** Queues outlive this process; messages of an earlier one are not judged by this one. */
  readonly #run = randomBytes(4).toString('hex').toUpperCase();
  readonly #books = new Map<string, StreamBooks>();
  readonly #senders = new Map<string, StreamSender>();
  readonly #receivers: MessageReceiver[] = [];
  readonly #logs: JsonLog[] = [];
  /** Sending time of the newest message that came through, by queue. */
  readonly #flowedAt = new Map<string, number>();
  #foreign = 0;

  constructor(config: TrafficConfig, bootMs: () => number) {
    this.#config = config;
    this.#bootMs = bootMs;
  }

  /** Opens all receivers, then begins to send. The failure is a sentence. */
  async start(): Promise<Result<void, string>> {
    for (const config of this.#config.receivers) {
      const receiver = this.#receiver(config);
      const opened = await receiver.open();
      if (!opened.ok) return opened;
      this.#receivers.push(receiver);
    }
    for (const stream of this.#config.streams) {
      const books = new StreamBooks(stream, this.#bootMs);
      const sender = new StreamSender({
        stream,
        run: this.#run,
        bootMs: this.#bootMs,
        events: books.events(),
      });
      this.#books.set(stream.id, books);
      this.#senders.set(stream.id, sender);
      void sender.run();
    }
    return succeed(undefined);
  }

  figures(): StreamFigures[] {
    return [...this.#books.values()].map((books) =>
      books.figures(this.#flowedAt.get(queueOf(books.config)) ?? 0, this.#config.settleMs),
    );
  }

  /** Messages that arrived but belong to no stream of this process. */
  get foreign(): number {
    return this.#receivers.reduce((sum, receiver) => sum + receiver.foreign, this.#foreign);
  }

  resetGaps(): void {
    for (const books of this.#books.values()) books.resetGaps();
  }

  /** Ends one stream for good; false when there is none of this name. */
  stopStream(id: string): boolean {
    this.#senders.get(id)?.stop();
    this.#books.get(id)?.stop();
    return this.#senders.has(id);
  }

  /** Every sender that waits to connect again does so now. */
  hurry(): void {
    for (const sender of this.#senders.values()) sender.hurry();
  }

  close(): void {
    for (const id of this.#senders.keys()) this.stopStream(id);
    for (const receiver of this.#receivers) receiver.close();
    for (const books of this.#books.values()) books.close();
    for (const log of this.#logs) log.close();
  }

  #receiver(config: ReceiverConfig): MessageReceiver {
    const log = openLog(config.log);
    if (log) this.#logs.push(log);
    return new MessageReceiver(config, (arrival) => {
      const { message, connection, from } = arrival;
      log?.write({ at: this.#bootMs(), stream: message.sender, seq: message.sequence, connection, from });
      this.#arrived(config, arrival);
    });
  }

  #arrived(receiver: ReceiverConfig, { message, connection, firstOnConnection }: Arrival): void {
    const books = this.#books.get(message.sender);
    if (!books || message.run !== this.#run || books.config.receiver !== receiver.id) {
      this.#foreign += 1;
      return;
    }
    books.delivered({ sequence: message.sequence, connection, firstOnConnection });
    const queue = queueOf(books.config);
    this.#flowedAt.set(queue, Math.max(this.#flowedAt.get(queue) ?? 0, message.sentAt));
  }
}

/** Streams that enter and leave at the same places share a queue in between. */
function queueOf(stream: StreamConfig): string {
  return `${stream.address} ${stream.port} ${stream.receiver}`;
}
