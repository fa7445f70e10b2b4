import WebSocket from 'ws';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { clientTls, type Credentials } from '../tls/credentials.ts';

export interface SteadySocketOptions {
  readonly credentials: Credentials;
  readonly expected: Identity;
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** An open connection on which nothing arrived for this long after something was sent is replaced. */
  readonly silenceMs: number;
  readonly retryMs: number;
  readonly onOpen?: () => void;
  readonly onText: (text: string) => void;
}

/**
 * Keeps one WebSocket open to one known identity: an address, no name look-up. A dead path is found by silence,
 * not by TCP, whose own retries grow to minutes and would delay the recovery after a cut.
 */
export class SteadySocket {
  private readonly options: SteadySocketOptions;
  private socket: WebSocket | null = null;
  private why: string | null = 'not connected yet';
  private closed = false;
  private retry: NodeJS.Timeout | null = null;
  private awaiting: NodeJS.Timeout | null = null;

  constructor(options: SteadySocketOptions) {
    this.options = options;
    this.connect();
  }

  /** False when there is no open connection; nothing is queued, since a late lease request is worthless. */
  send(text: string): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(text);
    this.awaiting ??= setTimeout(() => this.giveUp(), this.options.silenceMs);
    return true;
  }

  /** Null while open; otherwise why not, as a sentence. */
  trouble(): string | null {
    return this.why;
  }

  close(): void {
    this.closed = true;
    this.heard();
    if (this.retry !== null) clearTimeout(this.retry);
    this.socket?.terminate();
  }

  private connect(): void {
    this.retry = null;
    if (this.closed) return;
    const { address, port, path, silenceMs } = this.options;
    const authority = address.includes(':') ? `[${address}]` : address;
    const opening = new WebSocket(`wss://${authority}:${port}${path}`, {
      // ws types the check of the older Node; Node's own TLS gives the certificate and takes an Error back.
      ...(clientTls(this.options.credentials, this.options.expected) as unknown as WebSocket.ClientOptions),
      handshakeTimeout: silenceMs,
      perMessageDeflate: false,
      maxPayload: agentApiLimits.frameBytes,
    });
    this.socket = opening;
    opening.on('open', () => {
      this.why = null;
      this.options.onOpen?.();
    });
    opening.on('message', (data) => {
      this.heard();
      if (this.socket === opening) this.options.onText((data as Buffer).toString('utf8'));
    });
    opening.on('error', (error) => {
      this.why = reasonOf(error);
    });
    opening.on('close', () => this.ended(opening));
  }

  private ended(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.heard();
    this.socket = null;
    this.why ??= 'the connection was closed';
    if (!this.closed) this.retry = setTimeout(() => this.connect(), this.options.retryMs);
  }

  private heard(): void {
    if (this.awaiting !== null) clearTimeout(this.awaiting);
    this.awaiting = null;
  }

  private giveUp(): void {
    this.awaiting = null;
    this.why = `no answer for ${(this.options.silenceMs / 1000).toFixed(1)} s`;
    this.socket?.terminate();
  }
}

function reasonOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection is refused';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the address cannot be reached';
    case 'ECONNRESET':
      return 'the connection was reset';
    case 'IXHA_FOREIGN_CERTIFICATE':
      return `another identity answers there: ${error.message}`;
    default:
      return /handshake has timed out/.test(error.message) ? 'no answer to the connection' : error.message;
  }
}
