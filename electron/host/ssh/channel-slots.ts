/**
 * Lets only so many channels be open on one connection at a time (OpenSSH: MaxSessions, 10 by default);
 * the others wait their turn. A server that refuses one more while others are open has said how many it
 * lets: from then on that is the limit.
 */
export class ChannelSlots {
  #limit: number;
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get open(): number {
    return this.#open;
  }

  /** Resolves when a channel may be opened; the answer gives the place back, once. */
  async take(): Promise<() => void> {
    if (this.#open >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#open++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      // A place that is handed on stays taken.
      const next = this.#open <= this.#limit ? this.#waiting.shift() : undefined;
      if (next) next();
      else this.#open--;
    };
  }

  /** The server refused one more than are open beside it. False when that cannot be the reason. */
  refused(): boolean {
    const others = this.#open - 1;
    if (others < 1) return false;
    this.#limit = Math.min(this.#limit, others);
    return true;
  }
}
