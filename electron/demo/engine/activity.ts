const windowSeconds = 10;

/** Events per second over the last ten seconds, in constant memory. */
export class Rate {
  readonly #bootMs: () => number;
  readonly #counts = new Array<number>(windowSeconds).fill(0);
  #second = 0;
  lastAt: number | undefined;

  constructor(bootMs: () => number) {
    this.#bootMs = bootMs;
  }

  count(): void {
    this.lastAt = this.#bootMs();
    this.#advance();
    const slot = this.#second % windowSeconds;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  perSecond(): number {
    this.#advance();
    return this.#counts.reduce((sum, count) => sum + count, 0) / windowSeconds;
  }

  #advance(): void {
    const now = Math.floor(this.#bootMs() / 1000);
    for (let passed = Math.min(now - this.#second, windowSeconds); passed > 0; passed -= 1) {
      this.#counts[(now - passed + 1) % windowSeconds] = 0;
    }
    this.#second = now;
  }
}
