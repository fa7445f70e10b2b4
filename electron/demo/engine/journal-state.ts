import { assertNever } from '../../../shared/result.ts';
import type { JournalRecord } from './journal-records.ts';
import { MessageQueue } from './message-queue.ts';

export interface ComponentLedger {
  /** Messages ever taken in, across engines and restarts. */
  received: number;
  lastNumber: number;
  /** Queue position: the last number that the destination acknowledged. */
  delivered: number;
  readonly queue: MessageQueue;
}

/**
 * What the journal says: queues and their positions. Recovery and normal work go through the same
 * `apply`, so a restart cannot see anything else than what was running.
 */
export class JournalState {
  generation = 0;
  readonly #components = new Map<string, ComponentLedger>();

  ledger(component: string): ComponentLedger {
    const known = this.#components.get(component);
    if (known) return known;
    const fresh = { received: 0, lastNumber: 0, delivered: 0, queue: new MessageQueue() };
    this.#components.set(component, fresh);
    return fresh;
  }

  apply(record: JournalRecord): void {
    switch (record.kind) {
      case 'open':
        this.generation = Math.max(this.generation, record.generation);
        return;
      case 'base':
        Object.assign(this.ledger(record.component), {
          received: record.received,
          lastNumber: record.lastNumber,
          delivered: record.delivered,
        });
        return;
      case 'in': {
        const ledger = this.ledger(record.component);
        ledger.received += 1;
        ledger.lastNumber = Math.max(ledger.lastNumber, record.number);
        ledger.queue.push({ number: record.number, message: Buffer.from(record.message, 'latin1') });
        return;
      }
      case 'out': {
        const ledger = this.ledger(record.component);
        ledger.delivered = Math.max(ledger.delivered, record.number);
        ledger.queue.dropThrough(record.number);
        return;
      }
      default:
        assertNever(record);
    }
  }

  /** The same state as few records as possible; `apply` on them gives it back. */
  *compacted(): Generator<JournalRecord> {
    for (const [component, ledger] of this.#components) {
      yield {
        kind: 'base',
        component,
        // The messages that follow count themselves again.
        received: ledger.received - ledger.queue.length,
        lastNumber: ledger.lastNumber,
        delivered: ledger.delivered,
      };
      for (const { number, message } of ledger.queue) {
        yield { kind: 'in', component, number, message: message.toString('latin1') };
      }
    }
  }
}
