export interface QueuedMessage {
  readonly number: number;
  readonly message: Buffer;
}

/** First in, first out. Taking from the front stays cheap however long the queue is. */
export class MessageQueue {
  #items: QueuedMessage[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): QueuedMessage | undefined {
    return this.#items[this.#head];
  }

  /** The one behind the first. */
  get second(): QueuedMessage | undefined {
    return this.length > 1 ? this.#items[this.#head + 1] : undefined;
  }

  push(item: QueuedMessage): void {
    this.#items.push(item);
  }

  /** Forgets every message up to and including this number. */
  dropThrough(number: number): void {
    while (this.#head < this.#items.length && (this.#items[this.#head]?.number ?? 0) <= number) {
      this.#head += 1;
    }
    if (this.#head < 64 || this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }

  *[Symbol.iterator](): Generator<QueuedMessage> {
    for (let at = this.#head; at < this.#items.length; at += 1) {
      const item = this.#items[at];
      if (item) yield item;
    }
  }
}
