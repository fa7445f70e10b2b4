import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { tunnelProtocol } from './tunnel.ts';

export interface RelayOptions {
  /** The only place that is ever connected to. */
  readonly address: string;
  readonly port: number;
  /** A connection to it that takes longer fails. */
  readonly connectMs: number;
  /** A stream on which nothing moves for this long is ended. */
  readonly idleMs: number;
}

interface Stream {
  readonly near: Duplex;
  readonly far: Socket;
}

/**
 * Relays one raw stream to one fixed place. Nothing that passes is looked at: the caller's own TLS session ends at
 * that place. A newer stream ends the older, as its caller has given that up; so there is never more than one.
 * Neither side is read faster than the other takes it.
 */
export class RawRelay {
  private readonly options: RelayOptions;
  private present: Stream | null = null;

  constructor(options: RelayOptions) {
    this.options = options;
  }

  /** Serves an accepted HTTP upgrade; `head` is what the caller has sent beyond it. */
  serve(near: Duplex, head: Buffer): void {
    const { address, port, connectMs, idleMs } = this.options;
    const far = connect({ host: address, port, noDelay: true });
    const stream = { near, far };
    this.end(this.present);
    this.present = stream;
    let open = false;
    far.setTimeout(connectMs, () => (open ? this.end(stream) : this.refuse(stream)));
    far.on('connect', () => {
      open = true;
      far.setTimeout(idleMs);
      near.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${tunnelProtocol}\r\n\r\n`,
      );
      if (head.length > 0) far.write(head);
      near.pipe(far);
      far.pipe(near);
    });
    far.on('error', () => (open ? this.end(stream) : this.refuse(stream)));
    far.on('close', () => {
      if (open) this.end(stream);
    });
    near.on('error', () => this.end(stream));
    near.on('close', () => this.end(stream));
  }

  close(): void {
    this.end(this.present);
  }

  private refuse(stream: Stream): void {
    stream.near.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n', () => this.end(stream));
    stream.far.destroy();
  }

  private end(stream: Stream | null): void {
    if (stream === null) return;
    if (this.present === stream) this.present = null;
    stream.near.destroy();
    stream.far.destroy();
  }
}
