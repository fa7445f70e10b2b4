/**
 * Minimal Lower Layer Protocol: `0x0B` message `0x1C 0x0D`.
 * TCP may split or join frames anywhere, so the reader keeps its place between chunks.
 */

const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;

export function frame(message: Buffer): Buffer {
  return Buffer.concat([Buffer.of(START), message, Buffer.of(END, RETURN)]);
}

export type MllpEvent =
  | { readonly kind: 'message'; readonly message: Buffer }
  /** Bytes outside a frame, or a frame that was begun again before it ended; they are left out. */
  | { readonly kind: 'noise'; readonly bytes: number }
  /** The frame grew past the limit. Nothing more is read: the connection has to be closed. */
  | { readonly kind: 'too-large'; readonly limitBytes: number };

/** Takes a TCP stream chunk by chunk and gives whole messages. One reader per connection. */
export class MllpReader {
  readonly #limitBytes: number;
  #parts: Buffer[] = [];
  #held = 0;
  #state: 'outside' | 'inside' | 'ending' | 'dead' = 'outside';

  constructor(limitBytes = 1024 * 1024) {
    this.#limitBytes = limitBytes;
  }

  push(chunk: Buffer): MllpEvent[] {
    const events: MllpEvent[] = [];
    let at = 0;
    while (at < chunk.length && this.#state !== 'dead') {
      at = this.#state === 'outside' ? this.#skip(chunk, at, events) : this.#take(chunk, at, events);
    }
    return events;
  }

  #skip(chunk: Buffer, from: number, events: MllpEvent[]): number {
    const start = chunk.indexOf(START, from);
    const noise = (start < 0 ? chunk.length : start) - from;
    if (noise > 0) events.push({ kind: 'noise', bytes: noise });
    if (start < 0) return chunk.length;
    this.#state = 'inside';
    return start + 1;
  }

  #take(chunk: Buffer, from: number, events: MllpEvent[]): number {
    if (this.#state === 'ending') return this.#finish(chunk, from, events);
    const at = firstControl(chunk, from);
    this.#hold(chunk.subarray(from, at), events);
    if (this.#state === 'dead' || at === chunk.length) return chunk.length;
    if (chunk[at] === START) {
      this.#restart(events);
    } else {
      this.#state = 'ending';
    }
    return at + 1;
  }

  /** After `0x1C`: only `0x0D` ends the frame, anything else makes the `0x1C` part of the message. */
  #finish(chunk: Buffer, from: number, events: MllpEvent[]): number {
    if (chunk[from] === RETURN) {
      events.push({ kind: 'message', message: Buffer.concat(this.#parts) });
      this.#drop();
      this.#state = 'outside';
      return from + 1;
    }
    this.#state = 'inside';
    this.#hold(Buffer.of(END), events);
    return from;
  }

  #restart(events: MllpEvent[]): void {
    events.push({ kind: 'noise', bytes: this.#held + 1 });
    this.#drop();
  }

  #hold(part: Buffer, events: MllpEvent[]): void {
    if (this.#held + part.length > this.#limitBytes) {
      this.#drop();
      this.#state = 'dead';
      events.push({ kind: 'too-large', limitBytes: this.#limitBytes });
      return;
    }
    // A copy: the chunk belongs to the socket's read buffer and would be kept alive as a whole.
    if (part.length > 0) this.#parts.push(Buffer.from(part));
    this.#held += part.length;
  }

  #drop(): void {
    this.#parts = [];
    this.#held = 0;
  }
}

/** Index of the next start or end byte, or the chunk's length. */
function firstControl(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at += 1) {
    const byte = chunk[at];
    if (byte === START || byte === END) return at;
  }
  return chunk.length;
}
