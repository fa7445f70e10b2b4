import type { CancelTimer } from '../../shared/clock.ts';

interface Due {
  readonly atMs: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Two members and their traffic make a few hundred events a second; storms after a cut some thousands. */
const mostInASecond = 50_000;

/** The world's own time, in milliseconds, and everything that will happen in it, in order. */
export class Schedule {
  nowMs = 0;
  /** Set by whoever may have left promises to be carried on: they are, before the next event. */
  awaits = false;
  private readonly heap: Due[] = [];
  private made = 0;
  private counted = 0;
  private countedFromMs = 0;

  at(atMs: number, run: () => void): CancelTimer {
    const due: Due = { atMs: Math.max(atMs, this.nowMs), order: this.made, run };
    this.made += 1;
    this.push(due);
    return () => {
      due.run = null;
    };
  }

  after(delayMs: number, run: () => void): CancelTimer {
    return this.at(this.nowMs + delayMs, run);
  }

  /** Lets time pass until `untilMs`, or until `over` says so. Throws when something goes round and round. */
  async pass(untilMs: number, over: () => boolean): Promise<void> {
    for (;;) {
      const next = this.heap[0];
      if (next === undefined || next.atMs > untilMs || over()) break;
      this.pop();
      if (next.run === null) continue;
      this.nowMs = next.atMs;
      this.count();
      next.run();
      if (this.awaits) await settled();
      this.awaits = false;
    }
    if (!over()) this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private count(): void {
    if (this.nowMs - this.countedFromMs > 1_000) {
      this.countedFromMs = this.nowMs;
      this.counted = 0;
    }
    this.counted += 1;
    if (this.counted > mostInASecond)
      throw new Error(`${this.counted} events within a second: something spins`);
  }

  private push(due: Due): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(due, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = due;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1]!, heap[below]!)) below += 1;
      if (!before(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}

function before(one: Due, other: Due): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** Every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
