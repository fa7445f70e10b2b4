/**
 * A set of states in typed arrays: 64 bits of hash each, open addressing. Two states with the same 64 bits would
 * be taken for one; among two million states the chance of one such pair is below one in four million.
 */
export class StateSet {
  private high: Uint32Array;
  private low: Uint32Array;
  private mask: number;
  size = 0;

  constructor(capacity = 1 << 16) {
    this.high = new Uint32Array(capacity);
    this.low = new Uint32Array(capacity);
    this.mask = capacity - 1;
  }

  /** True when the text was not there before. */
  add(text: string): boolean {
    let first = 0xdeadbeef;
    let second = 0x41c6ce57;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      first = Math.imul(first ^ code, 2654435761);
      second = Math.imul(second ^ code, 1597334677);
    }
    first = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
    second = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
    // 0/0 marks an empty place.
    return this.place(first >>> 0 || 1, second >>> 0);
  }

  private place(high: number, low: number): boolean {
    let at = low & this.mask;
    while (this.high[at] !== 0) {
      if (this.high[at] === high && this.low[at] === low) return false;
      at = (at + 1) & this.mask;
    }
    this.high[at] = high;
    this.low[at] = low;
    this.size += 1;
    if (this.size * 2 > this.mask) this.grow();
    return true;
  }

  private grow(): void {
    const { high, low } = this;
    this.high = new Uint32Array(high.length * 2);
    this.low = new Uint32Array(low.length * 2);
    this.mask = this.high.length - 1;
    this.size = 0;
    for (let at = 0; at < high.length; at += 1) {
      if (high[at] !== 0) this.place(high[at]!, low[at]!);
    }
  }
}
