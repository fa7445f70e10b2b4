import WebSocket from 'ws';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { clientTls, type Credentials } from '../tls/credentials.ts';

/** One attempt at a connection, and the connection it leads to. */
export interface Dialled {
  isOpen(): boolean;
  send(text: string): void;
  /** Ends it at once, without asking the other side; `onClose` follows. */
  terminate(): void;
}

export interface DialEvents {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  readonly onError: (error: Error) => void;
  /** Always the last event, also of an attempt that failed. */
  readonly onClose: () => void;
}

export interface DialTarget {
  readonly expected: Identity;
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** An attempt that takes longer than this fails. */
  readonly limitMs: number;
}

/** Opens a connection for text frames to one known identity. */
export type Dial = (target: DialTarget, events: DialEvents) => Dialled;

/** A connection that another program has opened to us, for text frames. */
export interface IncomingSocket {
  on(event: 'message', listener: (data: Buffer) => void): unknown;
  send(text: string): void;
  close(): void;
}

/** WebSockets over TLS, to addresses: no name is looked up. */
export function webSocketDial(credentials: Credentials): Dial {
  return ({ expected, address, port, path, limitMs }, events) => {
    const authority = address.includes(':') ? `[${address}]` : address;
    const socket = new WebSocket(`wss://${authority}:${port}${path}`, {
      // ws types the check of the older Node; Node's own TLS gives the certificate and takes an Error back.
      ...(clientTls(credentials, expected) as unknown as WebSocket.ClientOptions),
      handshakeTimeout: limitMs,
      perMessageDeflate: false,
      maxPayload: agentApiLimits.frameBytes,
    });
    socket.on('open', events.onOpen);
    socket.on('message', (data) => events.onText((data as Buffer).toString('utf8')));
    socket.on('error', events.onError);
    socket.on('close', events.onClose);
    return {
      isOpen: () => socket.readyState === WebSocket.OPEN,
      send: (text) => socket.send(text),
      terminate: () => socket.terminate(),
    };
  };
}
