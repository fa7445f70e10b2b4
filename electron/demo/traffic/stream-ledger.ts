import { SequenceRanges } from './sequence-ranges.ts';

/** Kept for re-sent and repeated messages: what is older has been settled long ago. */
const keptSequences = 1000;
const keptMarks = 1000;
const markMs = 1000;
const shown = 50;

/** A message that arrived behind the engine. */
export interface Delivery {
  readonly sequence: number;
  /** Counts the receiver's connections from engines. */
  readonly connection: number;
  /** Whether it was the first message on that connection. */
  readonly firstOnConnection: boolean;
}

export interface StreamVerdict {
  readonly sent: number;
  readonly attempts: number;
  readonly acknowledged: number;
  /** Distinct messages that arrived. */
  readonly delivered: number;
  /** Acknowledged, not arrived, and not lost yet: they wait in a queue. */
  readonly pending: number;
  /** Acknowledged and not arrived although a later one was, or although its queue moved on without it. */
  readonly lost: number;
  /** Arrived for the first time after a later one had. */
  readonly outOfOrder: number;
  /** Arrivals beyond the first. Each is explained by one of the next two or it is a fault. */
  readonly duplicates: number;
  /** The sender sent the message again, as it had no acknowledgement. */
  readonly resentBySender: number;
  /** The engine, or its successor, sent the message in flight again on a new connection; either may come first. */
  readonly resentByEngine: number;
  readonly firstLost: readonly number[];
  readonly firstOutOfOrder: readonly number[];
  readonly firstUnexplained: readonly number[];
}

/**
 * History of one numbered stream, judged without knowing anything of the product. Sequences begin
 * at 1. Memory stays small however long the stream runs, as long as few messages are missing.
 */
export class StreamLedger {
  readonly #acknowledged = new SequenceRanges();
  readonly #delivered = new SequenceRanges();
  /** When acknowledgements came, about once a second, for what has not arrived yet. */
  readonly #marks: { openedAt: number; at: number; through: number }[] = [];
  readonly #attempts = new Map<number, number>();
  readonly #repeatsBySender = new Map<number, number>();
  /** The newest connection that a message was the first on. */
  readonly #beganWith = new Map<number, number>();
  readonly #outOfOrderList: number[] = [];
  readonly #unexplainedList: number[] = [];
  #sentThrough = 0;
  #attemptCount = 0;
  #outOfOrder = 0;
  #duplicates = 0;
  #resentBySender = 0;
  #resentByEngine = 0;

  /** One attempt to send. */
  sent(sequence: number): void {
    this.#attemptCount += 1;
    if (sequence > this.#sentThrough) this.#sentThrough = sequence;
    else countUp(this.#attempts, sequence);
  }

  acknowledged(sequence: number, at: number): void {
    if (!this.#acknowledged.add(sequence)) return;
    const last = this.#marks.at(-1);
    if (last && at - last.openedAt < markMs) {
      last.at = at;
      last.through = Math.max(last.through, sequence);
    } else {
      this.#marks.push({ openedAt: at, at, through: sequence });
    }
    // Dropping the oldest makes its messages count as acknowledged later: never too early as lost.
    if (this.#marks.length > keptMarks) this.#marks.shift();
  }

  delivered(delivery: Delivery): void {
    const { sequence, connection, firstOnConnection } = delivery;
    const isLateHalf = !firstOnConnection && connection < (this.#beganWith.get(sequence) ?? 0);
    if (firstOnConnection) keep(this.#beganWith, sequence, connection);
    const highest = this.#delivered.max;
    if (!this.#delivered.add(sequence)) return this.#repeated(sequence, firstOnConnection || isLateHalf);
    if (sequence < highest) {
      this.#outOfOrder += 1;
      if (this.#outOfOrderList.length < shown) this.#outOfOrderList.push(sequence);
    }
    while ((this.#marks[0]?.through ?? Infinity) <= this.#delivered.max) this.#marks.shift();
  }

  /**
   * @param flowedAt sending time of the newest message that came through the same listener and queue,
   * of any stream: what was acknowledged `settleMs` before that and did not come was passed over.
   */
  verdict(flowedAt: number, settleMs: number): StreamVerdict {
    const highest = this.#delivered.max;
    const missing = [...this.#delivered.gapsWithin(1, highest)];
    const overtaken = missing.reduce((sum, [from, to]) => sum + this.#acknowledged.countWithin(from, to), 0);
    const settled = this.#marks.findLast((mark) => mark.at + settleMs < flowedAt)?.through ?? 0;
    const passedOver = settled > highest ? this.#acknowledged.countWithin(highest + 1, settled) : 0;
    const behind = this.#acknowledged.countWithin(highest + 1, this.#acknowledged.max);
    const tail: (readonly [number, number])[] = settled > highest ? [[highest + 1, settled]] : [];
    return {
      sent: this.#sentThrough,
      attempts: this.#attemptCount,
      acknowledged: this.#acknowledged.size,
      delivered: this.#delivered.size,
      pending: behind - passedOver,
      lost: overtaken + passedOver,
      outOfOrder: this.#outOfOrder,
      duplicates: this.#duplicates,
      resentBySender: this.#resentBySender,
      resentByEngine: this.#resentByEngine,
      firstLost: this.#firstAcknowledged([...missing, ...tail]),
      firstOutOfOrder: [...this.#outOfOrderList],
      firstUnexplained: [...this.#unexplainedList],
    };
  }

  #repeated(sequence: number, byEngine: boolean): void {
    this.#duplicates += 1;
    const bySender = this.#repeatsBySender.get(sequence) ?? 0;
    if (byEngine) {
      this.#resentByEngine += 1;
    } else if (bySender < (this.#attempts.get(sequence) ?? 0)) {
      this.#resentBySender += 1;
      countUp(this.#repeatsBySender, sequence);
    } else if (this.#unexplainedList.length < shown) {
      this.#unexplainedList.push(sequence);
    }
  }

  #firstAcknowledged(ranges: readonly (readonly [number, number])[]): number[] {
    const found: number[] = [];
    for (const [from, to] of ranges) {
      for (const sequence of this.#acknowledged.membersWithin(from, to)) {
        if (found.length === shown) return found;
        found.push(sequence);
      }
    }
    return found;
  }
}

function countUp(map: Map<number, number>, key: number): void {
  keep(map, key, (map.get(key) ?? 0) + 1);
}

function keep(map: Map<number, number>, key: number, value: number): void {
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > keptSequences && oldest !== undefined) map.delete(oldest);
}
