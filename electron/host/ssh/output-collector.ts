/** Keeps the first bytes of a stream up to a limit, so that no server can fill our memory. */
export class OutputCollector {
  readonly #limitBytes: number;
  readonly #chunks: Buffer[] = [];
  #keptBytes = 0;
  truncated = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  add(chunk: Buffer): void {
    const room = this.#limitBytes - this.#keptBytes;
    if (chunk.length > room) this.truncated = true;
    const kept = chunk.subarray(0, room);
    this.#keptBytes += kept.length;
    if (kept.length > 0) this.#chunks.push(kept);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
