import { connect, type Socket } from 'node:net';
import { parseAck } from '../hl7/hl7-ack.ts';
import { readHeader } from '../hl7/hl7-message.ts';
import { frame, MllpReader } from '../hl7/mllp.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';

export interface OutletOptions {
  readonly address: string;
  readonly port: number;
  readonly ackTimeoutMs: number;
}

/** Sends over LLP on one connection, one message at a time, and waits for each acknowledgement. */
export class LlpOutlet {
  readonly #options: OutletOptions;
  #socket: Socket | undefined;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  /** Resolves when the destination accepted the message. After a failure the connection is closed. */
  async deliver(message: Buffer): Promise<Result<void, string>> {
    const socket = await this.#connected();
    if (!socket.ok) return socket;
    const header = readHeader(message);
    const result = await this.#exchange(socket.value, message, header.ok ? header.value.controlId : '');
    if (!result.ok) this.close();
    return result;
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #connected(): Promise<Result<Socket, string>> {
    const { address, port, ackTimeoutMs } = this.#options;
    if (this.#socket && !this.#socket.destroyed && this.#socket.readyState === 'open') {
      return succeed(this.#socket);
    }
    this.close();
    const socket = connect({ host: address, port, noDelay: true });
    this.#socket = socket;
    const where = `${address}:${port}`;
    return new Promise((done) => {
      socket.setTimeout(ackTimeoutMs, () => socket.destroy());
      socket.once('connect', () => {
        socket.setTimeout(0);
        done(succeed(socket));
      });
      socket.on('error', (error: NodeJS.ErrnoException) =>
        done(fail(`${where} cannot be reached (${error.code ?? error.message})`)),
      );
      socket.once('close', () => done(fail(`${where} closed the connection`)));
    });
  }

  #exchange(socket: Socket, message: Buffer, controlId: string): Promise<Result<void, string>> {
    const reader = new MllpReader();
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => end(fail('the destination did not acknowledge')),
        this.#options.ackTimeoutMs,
      );
      const end = (result: Result<void, string>) => {
        clearTimeout(timer);
        socket.off('data', onData).off('close', onClose);
        resolve(result);
      };
      const onClose = () => end(fail('the destination closed the connection'));
      const onData = (chunk: Buffer) => {
        for (const event of reader.push(chunk)) {
          if (event.kind === 'too-large') return end(fail('the acknowledgement is too large'));
          const ack = event.kind === 'message' ? parseAck(event.message) : undefined;
          if (!ack?.ok || ack.value.controlId !== controlId) continue;
          const { code, text } = ack.value;
          return end(
            code === 'AA' ? succeed(undefined) : fail(`the destination answered ${code} ${text}`.trim()),
          );
        }
      };
      socket.on('data', onData).once('close', onClose);
      socket.write(frame(message));
    });
  }
}
