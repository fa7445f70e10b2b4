import WebSocket from 'ws';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { clientTls, type Credentials } from '../tls/credentials.ts';

/** A WebSocket that is always being kept open to one known identity. */
export interface SteadySocket {
  /** False when there is no open connection; nothing is queued, since a late lease request is worthless. */
  send(text: string): boolean;
  /** Null while open; otherwise why not, as a sentence. */
  trouble(): string | null;
  close(): void;
}

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
 * Keeps one WebSocket open: an address, no name look-up; a dead path is found by silence, not by TCP, whose
 * own retries grow to minutes and would delay the recovery after a cut.
 */
export function openSteadySocket(options: SteadySocketOptions): SteadySocket {
  let socket: WebSocket | null = null;
  let trouble: string | null = 'not connected yet';
  let closed = false;
  let retry: NodeJS.Timeout | null = null;
  let awaiting: NodeJS.Timeout | null = null;

  function heard(): void {
    if (awaiting !== null) clearTimeout(awaiting);
    awaiting = null;
  }

  function connect(): void {
    retry = null;
    if (closed) return;
    const host = options.address.includes(':') ? `[${options.address}]` : options.address;
    const opening = new WebSocket(`wss://${host}:${options.port}${options.path}`, {
      // ws types the check of the older Node; Node's own TLS gives the certificate and takes an Error back.
      ...(clientTls(options.credentials, options.expected) as unknown as WebSocket.ClientOptions),
      handshakeTimeout: options.silenceMs,
      perMessageDeflate: false,
      maxPayload: agentApiLimits.frameBytes,
    });
    socket = opening;
    opening.on('open', () => {
      (opening as unknown as { _socket?: { setNoDelay(on: boolean): void } })._socket?.setNoDelay(true);
      trouble = null;
      options.onOpen?.();
    });
    opening.on('message', (data) => {
      heard();
      if (socket === opening) options.onText((data as Buffer).toString('utf8'));
    });
    opening.on('error', (error) => {
      trouble = reasonOf(error);
    });
    opening.on('close', () => {
      if (socket !== opening) return;
      heard();
      socket = null;
      trouble ??= 'the connection was closed';
      if (!closed) retry = setTimeout(connect, options.retryMs);
    });
  }

  function giveUp(): void {
    awaiting = null;
    trouble = `no answer for ${(options.silenceMs / 1000).toFixed(1)} s`;
    socket?.terminate();
  }

  connect();
  return {
    send(text) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      awaiting ??= setTimeout(giveUp, options.silenceMs);
      return true;
    },
    trouble: () => trouble,
    close() {
      closed = true;
      heard();
      if (retry !== null) clearTimeout(retry);
      socket?.terminate();
    },
  };
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
