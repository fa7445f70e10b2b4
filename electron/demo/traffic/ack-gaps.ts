/**
 * Time without acknowledgements of one stream: what a sender sees as downtime. All times are boot
 * milliseconds. Before the first acknowledgement the current gap counts from the stream's beginning,
 * but waiting for the engine to come up for the first time is no downtime and not the longest gap.
 */
export class AckGaps {
  #since: number | undefined;
  #longestMs = 0;
  #acknowledgedOnce = false;
  #stopped = false;

  begin(at: number): void {
    this.#since = at;
  }

  acknowledged(at: number): void {
    this.#longestMs = this.longestMs(at);
    this.#acknowledgedOnce = true;
    this.#since = at;
  }

  /** Stopped on purpose: silence from here on is no gap. */
  stop(at: number): void {
    this.#longestMs = this.longestMs(at);
    this.#stopped = true;
  }

  /** Forgets closed gaps. One that lasts still counts from its true beginning. */
  reset(): void {
    this.#longestMs = 0;
  }

  currentMs(now: number): number {
    return this.#stopped || this.#since === undefined ? 0 : Math.max(0, now - this.#since);
  }

  longestMs(now: number): number {
    return this.#acknowledgedOnce ? Math.max(this.#longestMs, this.currentMs(now)) : 0;
  }
}
