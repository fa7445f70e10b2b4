import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { EventRate } from '../event-rate.ts';
import { JsonLog } from '../json-log/json-log.ts';
import { AckGaps } from './ack-gaps.ts';
import type { StreamFigures } from './cluster-counters.ts';
import { StreamLedger, type Delivery } from './stream-ledger.ts';
import type { SenderEvents } from './stream-sender.ts';
import type { StreamConfig } from './traffic-config.ts';

/** Everything that is written down about one stream: its ledger, its gaps, its pace, its log. */
export class StreamBooks {
  readonly config: StreamConfig;
  readonly #ledger = new StreamLedger();
  readonly #gaps = new AckGaps();
  readonly #rate: EventRate;
  readonly #log: JsonLog | undefined;
  readonly #bootMs: () => number;
  #answered: { by: string; at: number } | undefined;
  #stopped = false;

  constructor(config: StreamConfig, bootMs: () => number) {
    this.config = config;
    this.#bootMs = bootMs;
    this.#rate = new EventRate(bootMs, 5);
    this.#log = openLog(config.log);
    this.#gaps.begin(bootMs());
  }

  events(): SenderEvents {
    return {
      sent: (sequence) => this.#ledger.sent(sequence),
      acknowledged: ({ sequence, by, tookMs, attempt }) => {
        const at = this.#bootMs();
        this.#ledger.acknowledged(sequence, at);
        this.#gaps.acknowledged(at);
        this.#rate.count();
        this.#answered = { by, at };
        this.#log?.write({ at, seq: sequence, by, tookMs, attempt });
      },
    };
  }

  delivered(delivery: Delivery): void {
    this.#ledger.delivered(delivery);
  }

  resetGaps(): void {
    this.#gaps.reset();
  }

  stop(): void {
    if (!this.#stopped) this.#gaps.stop(this.#bootMs());
    this.#stopped = true;
  }

  close(): void {
    this.#log?.close();
  }

  figures(flowedAt: number, settleMs: number): StreamFigures {
    const now = this.#bootMs();
    return {
      stream: this.config.id,
      cluster: this.config.cluster,
      kind: this.config.kind,
      stopped: this.#stopped,
      verdict: this.#ledger.verdict(flowedAt, settleMs),
      perSecond: this.#rate.perSecond(),
      longestGapMs: this.#gaps.longestMs(now),
      currentGapMs: this.#gaps.currentMs(now),
      answered: this.#answered,
    };
  }
}

/** Opens a log for appending, with its folder. Throws errors of the file system. */
export function openLog(path: string | undefined): JsonLog | undefined {
  if (path === undefined) return undefined;
  mkdirSync(dirname(path), { recursive: true });
  return new JsonLog(path);
}
