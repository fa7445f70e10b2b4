/**
 * A set of whole numbers kept as ranges, so that days of numbered messages need a handful of numbers:
 * without gaps it is one range however long it grows.
 */
export class SequenceRanges {
  /** Sorted, disjoint, never touching: [first, last] both included. */
  readonly #ranges: [number, number][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get max(): number {
    return this.#ranges.at(-1)?.[1] ?? 0;
  }

  get rangeCount(): number {
    return this.#ranges.length;
  }

  has(value: number): boolean {
    const range = this.#ranges[this.#lastStartingAtOrBefore(value)];
    return range !== undefined && value <= range[1];
  }

  /** False when it was there already. */
  add(value: number): boolean {
    const at = this.#lastStartingAtOrBefore(value);
    const before = this.#ranges[at];
    if (before && value <= before[1]) return false;
    const after = this.#ranges[at + 1];
    const joinsBefore = before !== undefined && before[1] === value - 1;
    const joinsAfter = after !== undefined && after[0] === value + 1;
    if (joinsBefore && joinsAfter) {
      before[1] = after[1];
      this.#ranges.splice(at + 1, 1);
    } else if (joinsBefore) before[1] = value;
    else if (joinsAfter) after[0] = value;
    else this.#ranges.splice(at + 1, 0, [value, value]);
    this.#size += 1;
    return true;
  }

  countWithin(first: number, last: number): number {
    let count = 0;
    for (const [from, to] of this.#overlapping(first, last)) {
      count += Math.min(to, last) - Math.max(from, first) + 1;
    }
    return count;
  }

  /** What is not in the set between two numbers, both included, as ranges. */
  *gapsWithin(first: number, last: number): Generator<readonly [number, number]> {
    let next = first;
    for (const [from, to] of this.#overlapping(first, last)) {
      if (from > next) yield [next, from - 1];
      next = to + 1;
    }
    if (next <= last) yield [next, last];
  }

  /** Members between two numbers, both included, smallest first. */
  *membersWithin(first: number, last: number): Generator<number> {
    for (const [from, to] of this.#overlapping(first, last)) {
      for (let value = Math.max(from, first); value <= Math.min(to, last); value += 1) yield value;
    }
  }

  /** Nothing when the bounds are the wrong way round. */
  *#overlapping(first: number, last: number): Generator<readonly [number, number]> {
    if (last < first) return;
    for (let at = Math.max(0, this.#lastStartingAtOrBefore(first)); at < this.#ranges.length; at += 1) {
      const range = this.#ranges[at];
      if (!range || range[0] > last) return;
      if (range[1] >= first) yield range;
    }
  }

  #lastStartingAtOrBefore(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.[0] ?? Infinity) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
