import { setTimeout as delay } from 'node:timers/promises';
import { fail, type Result } from '../../../shared/result.ts';
import type { AckCode } from '../hl7/hl7-ack.ts';
import type { MessageEvent } from '../../../shared/engine-log/log-line.ts';
import { readHeader } from '../hl7/hl7-message.ts';
import { EventRate } from '../event-rate.ts';
import { componentGuid, type Component, type ComponentFacts } from './component.ts';
import type { ListenerConfig } from './engine-config.ts';
import type { Faults } from './faults.ts';
import type { ComponentLedger } from './journal-state.ts';
import type { Journal } from './journal.ts';
import type { MessageLog } from './message-log.ts';
import type { QueuedMessage } from './message-queue.ts';
import { LlpInlet } from './llp-inlet.ts';
import { LlpOutlet } from './llp-outlet.ts';

export interface LlpComponentOptions {
  readonly cluster: string;
  readonly server: string;
  readonly listener: ListenerConfig;
  readonly autostart: boolean;
  readonly maxQueued: number;
  readonly journal: Journal;
  readonly log: MessageLog;
  readonly faults: Faults;
  readonly bootMs: () => number;
  /** Ends the process at once, as a crash does. */
  readonly crash: () => void;
  readonly say: (line: string) => void;
}

/** How long a message under way may hold up a stop. */
const finishMs = 1000;

/**
 * LLP in → queue → LLP out. A message is acknowledged after the journal has it; it leaves the queue
 * after the destination acknowledged it and the journal has the new position. The next one is sent
 * only then, so a crash makes at most one message be sent again.
 */
export class LlpComponent implements Component {
  readonly guid: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly #options: LlpComponentOptions;
  readonly #ledger: ComponentLedger;
  readonly #inlet: LlpInlet;
  readonly #outlet: LlpOutlet;
  readonly #in: EventRate;
  readonly #out: EventRate;
  #nextNumber: number;
  #lastMessageId = '';
  #errors = 0;
  #journalFails = false;
  #running: AbortController | undefined;
  #sending: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: LlpComponentOptions) {
    const { listener, cluster, server, faults, journal, bootMs } = options;
    this.#options = options;
    this.name = listener.name;
    this.guid = componentGuid(cluster, listener.name);
    this.tags = options.autostart ? ['llp', 'autostart'] : ['llp'];
    this.#ledger = journal.state.ledger(listener.name);
    this.#nextNumber = this.#ledger.lastNumber + 1;
    this.#in = new EventRate(bootMs);
    this.#out = new EventRate(bootMs);
    this.#outlet = new LlpOutlet({ ...listener.destination, ackTimeoutMs: listener.ackTimeoutMs });
    this.#inlet = new LlpInlet({
      address: listener.address,
      port: listener.port,
      answerAs: server,
      faults,
      take: (message) => this.#take(message),
      onError: (sentence) => this.#complain(sentence),
    });
  }

  isOn(): boolean {
    return this.#running !== undefined;
  }

  facts(): ComponentFacts {
    const lit = this.#journalFails ? 'RED' : 'ON';
    return {
      light: this.isOn() ? lit : 'OFF',
      errorCount: this.#errors,
      queueCount: this.#ledger.queue.length,
      received: this.#ledger.received,
      position: this.#ledger.delivered,
      lastNumber: this.#ledger.lastNumber,
      lastMessageId: this.#lastMessageId,
      perSecondIn: this.#in.perSecond(),
      perSecondOut: this.#out.perSecond(),
      lastActivityAt: laterOf(this.#in.lastAt, this.#out.lastAt),
    };
  }

  async start(): Promise<Result<void, string>> {
    if (this.#running) return fail(`${this.name} runs already`);
    const running = new AbortController();
    this.#running = running;
    const opened = await this.#inlet.open();
    if (!opened.ok) {
      this.#running = undefined;
      this.#complain(opened.error);
      return opened;
    }
    this.#sending = this.#send(running.signal);
    return opened;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    await this.#inlet.close(finishMs);
    running.abort();
    this.#wake();
    const cut = setTimeout(() => this.#outlet.close(), finishMs);
    await this.#sending;
    clearTimeout(cut);
    this.#outlet.close();
    this.#running = undefined;
  }

  async #take(message: Buffer): Promise<{ code: AckCode; text: string }> {
    const { faults, journal, log, maxQueued, crash } = this.#options;
    const header = readHeader(message);
    if (!header.ok) return { code: 'AR', text: header.error };
    const fault = faults.ackCode();
    if (fault) return { code: fault, text: 'asked for by a drill' };
    if (this.#ledger.queue.length >= maxQueued) return { code: 'AE', text: 'the queue is full' };
    const record = { kind: 'in', component: this.name, number: this.#nextNumber } as const;
    const logged = { number: record.number, id: header.value.controlId };
    this.#nextNumber += 1;
    const safe = await journal.append({ ...record, message: message.toString('latin1') });
    this.#journalFails = !safe.ok;
    void log.note(safe.ok ? 'taken' : 'refused', this.name, logged);
    if (!safe.ok) {
      this.#complain(safe.error);
      return { code: 'AE', text: safe.error };
    }
    if (faults.is('crash-after-write')) crash();
    this.#in.count();
    this.#lastMessageId = header.value.controlId;
    this.#wake();
    return { code: 'AA', text: '' };
  }

  async #send(stop: AbortSignal): Promise<void> {
    const { faults, listener, crash } = this.#options;
    while (!stop.aborted) {
      const { first, second } = this.#ledger.queue;
      if (!first || faults.is('hang-all') || (faults.is('swap-messages') && !second)) {
        await this.#somethingNew();
        continue;
      }
      if (faults.strike('skip-message')) {
        await this.#keepPosition(first.number, stop);
        continue;
      }
      const early = faults.strike('swap-messages') ? second : undefined;
      if (early && (await this.#deliver(early))) void this.#log('acknowledged', early);
      if (!(await this.#deliver(first))) {
        await pause(listener.retryMs, stop);
        continue;
      }
      if (faults.is('crash-after-send')) crash();
      this.#out.count();
      if (await this.#keepPosition((early ?? first).number, stop)) void this.#log('acknowledged', first);
      if (faults.strike('send-twice')) await this.#deliver(first);
    }
  }

  async #deliver(queued: QueuedMessage): Promise<boolean> {
    await this.#log('sent', queued);
    const delivered = await this.#outlet.deliver(queued.message);
    if (!delivered.ok) this.#complain(delivered.error);
    return delivered.ok;
  }

  #log(what: MessageEvent, { number, message }: QueuedMessage): Promise<void> {
    const header = readHeader(message);
    return this.#options.log.note(what, this.name, { number, id: header.ok ? header.value.controlId : '' });
  }

  /** The message is not sent again while this fails; only a stop or crash in between does that. */
  async #keepPosition(number: number, stop: AbortSignal): Promise<boolean> {
    for (;;) {
      const kept = await this.#options.journal.append({ kind: 'out', component: this.name, number });
      this.#journalFails = !kept.ok;
      if (kept.ok || stop.aborted) return kept.ok;
      this.#complain(kept.error);
      await pause(this.#options.listener.retryMs, stop);
    }
  }

  #somethingNew(): Promise<void> {
    return new Promise((wake) => {
      // Also looks by itself now and then: a fault that ends makes no sound here.
      const timer = setTimeout(wake, 200);
      this.#wake = () => {
        clearTimeout(timer);
        wake();
      };
    });
  }

  #complain(sentence: string): void {
    this.#errors += 1;
    // A destination that stays away would otherwise fill the log.
    if (this.#errors <= 5 || this.#errors % 100 === 0) this.#options.say(`${this.name}: ${sentence}`);
  }
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal: stop }).catch(() => undefined);
}

function laterOf(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
