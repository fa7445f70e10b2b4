import type { TrafficView } from '../../../shared/console-ipc/console-snapshot.ts';
import type { MeasuredLoss, MeasuredOutage } from '../../../shared/drills/drill-record.ts';
import { formatMeasured } from '../../../shared/fleet/age.ts';

type Counts = Pick<TrafficView, 'acknowledged' | 'lost' | 'outOfOrder' | 'longestGapMs' | 'currentGapMs'>;

/** Watches numbered messages, where a site has them, from the beginning of a drill to its end. */
export class GapWatch {
  readonly #before: Counts | null;
  #last: Counts | null;
  #longestSeenMs = 0;

  constructor(before: Counts | null) {
    this.#before = before;
    this.#last = before;
  }

  look(now: Counts | null): void {
    if (now === null) return;
    this.#last = now;
    this.#longestSeenMs = Math.max(this.#longestSeenMs, now.currentGapMs);
  }

  /** The longest time without an acknowledgement; null: nobody sends numbered messages here. */
  outage(): MeasuredOutage | null {
    if (this.#before === null || this.#last === null) return null;
    // The sender's own longest gap is exact, and counts from its start: it tells of this drill only if it has grown.
    const isExact = this.#last.longestGapMs > this.#before.longestGapMs;
    const ms = isExact ? this.#last.longestGapMs : this.#longestSeenMs;
    const how = isExact ? '' : 'at least ';
    return {
      ms,
      by: 'acknowledged-messages',
      atLeast: !isExact,
      sentence: `The longest time without an acknowledged message was ${how}${formatMeasured(ms)}, by the senders of numbered messages.`,
    };
  }

  /** What the receivers miss that the senders have got acknowledged; null: nobody sends numbered messages here. */
  loss(): MeasuredLoss | null {
    if (this.#before === null || this.#last === null) return null;
    const acknowledged = this.#last.acknowledged - this.#before.acknowledged;
    const lost = Math.max(0, this.#last.lost - this.#before.lost);
    const outOfOrder = Math.max(0, this.#last.outOfOrder - this.#before.outOfOrder);
    const order = outOfOrder === 0 ? 'their order was kept' : `${outOfOrder} came out of order`;
    const missing = lost === 0 ? 'none is missing' : `${lost} are missing`;
    return {
      lost: lost + outOfOrder,
      sentence: `Of ${acknowledged} messages acknowledged during the drill ${missing}, and ${order}, by their numbers.`,
    };
  }
}
