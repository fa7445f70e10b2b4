import { connect, type Socket } from 'node:net';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { parseAck, type Ack } from './hl7-ack.ts';
import { frame, MllpReader } from './mllp.ts';

/** How one message fared. */
export type Exchange =
  | { readonly kind: 'answered'; readonly ack: Ack }
  /** No acknowledgement in time; the connection still stands. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'broken'; readonly why: string };

/** Opens a connection. The failure is a sentence. */
export function openLlp(
  address: string,
  port: number,
  limitMs: number,
): Promise<Result<LlpConnection, string>> {
  return new Promise((done) => {
    const socket = connect({ host: address, port, noDelay: true });
    const refused = (why: string) => {
      socket.destroy();
      done(fail(`${address}:${port} cannot be reached (${why})`));
    };
    const onError = (error: NodeJS.ErrnoException) => refused(error.code ?? error.message);
    socket.once('error', onError);
    socket.setTimeout(limitMs, () => refused('no answer'));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.off('error', onError);
      done(succeed(new LlpConnection(socket)));
    });
  });
}

/** The sending side of LLP: one message at a time, each with its acknowledgement. */
export class LlpConnection {
  readonly #socket: Socket;
  readonly #reader = new MllpReader();
  #heard: (exchange: Exchange) => void = () => undefined;
  #expected = '';

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#heard({ kind: 'broken', why: 'the connection was closed' }));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  get usable(): boolean {
    return this.#socket.readyState === 'open';
  }

  /** Sends and waits for the acknowledgement of this control id; late ones of others are passed over. */
  exchange(message: Buffer, controlId: string, limitMs: number): Promise<Exchange> {
    if (!this.usable) return Promise.resolve({ kind: 'broken', why: 'the connection was closed' });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#heard({ kind: 'silent' }), limitMs);
      this.#expected = controlId;
      this.#heard = (exchange) => {
        clearTimeout(timer);
        this.#heard = () => undefined;
        resolve(exchange);
      };
      this.#socket.write(frame(message));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    for (const event of this.#reader.push(chunk)) {
      if (event.kind === 'too-large') {
        this.#heard({ kind: 'broken', why: 'the acknowledgement is too large' });
        this.close();
      }
      const ack = event.kind === 'message' ? parseAck(event.message) : undefined;
      if (ack?.ok && ack.value.controlId === this.#expected) {
        this.#heard({ kind: 'answered', ack: ack.value });
      }
    }
  }
}
