/** Events per second over a sliding window, in constant memory. */
export class EventRate {
  readonly #bootMs: () => number;
  readonly #counts: number[];
  #second: number;
  /** Boot milliseconds of the last event; undefined before the first. */
  lastAt: number | undefined;

  constructor(bootMs: () => number, windowSeconds = 10) {
    this.#bootMs = bootMs;
    this.#counts = new Array<number>(windowSeconds).fill(0);
    this.#second = Math.floor(bootMs() / 1000);
  }

  count(): void {
    const now = this.#bootMs();
    this.lastAt = now;
    this.#advance(now);
    const slot = this.#second % this.#counts.length;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  perSecond(): number {
    const now = this.#bootMs();
    this.#advance(now);
    const sum = this.#counts.reduce((total, count) => total + count, 0);
    // The newest second is not over yet: it counts for as much of it as has passed.
    const seconds = this.#counts.length - 1 + (now % 1000) / 1000;
    return Math.round((sum / seconds) * 10) / 10;
  }

  #advance(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = Math.min(second - this.#second, this.#counts.length);
    for (let back = 0; back < passed; back += 1) this.#counts[(second - back) % this.#counts.length] = 0;
    this.#second = second;
  }
}
