import { fail, succeed, type Result } from '../../../shared/result.ts';
import { readHeader } from '../hl7/hl7-message.ts';
import { openLlp, type Exchange, type LlpConnection } from '../hl7/llp-connection.ts';

export interface OutletOptions {
  readonly address: string;
  readonly port: number;
  readonly ackTimeoutMs: number;
}

/** Sends over LLP on one connection, one message at a time, and waits for each acknowledgement. */
export class LlpOutlet {
  readonly #options: OutletOptions;
  #connection: LlpConnection | undefined;
  #closed = false;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  /** Resolves when the destination accepted the message. After a failure the connection is closed. */
  async deliver(message: Buffer): Promise<Result<void, string>> {
    this.#closed = false;
    const connection = await this.#connected();
    if (!connection.ok) return connection;
    const header = readHeader(message);
    const controlId = header.ok ? header.value.controlId : '';
    const result = outcome(await connection.value.exchange(message, controlId, this.#options.ackTimeoutMs));
    if (!result.ok) this.close();
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #connected(): Promise<Result<LlpConnection, string>> {
    if (this.#connection?.usable) return succeed(this.#connection);
    const { address, port, ackTimeoutMs } = this.#options;
    const opened = await openLlp(address, port, ackTimeoutMs);
    if (!opened.ok) return opened;
    if (this.#closed) {
      opened.value.close();
      return fail('closed while connecting');
    }
    this.#connection = opened.value;
    return opened;
  }
}

function outcome(exchange: Exchange): Result<void, string> {
  if (exchange.kind === 'silent') return fail('the destination did not acknowledge');
  if (exchange.kind === 'broken') return fail(exchange.why);
  const { code, text } = exchange.ack;
  return code === 'AA' ? succeed(undefined) : fail(`the destination answered ${code} ${text}`.trim());
}
