import type { TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { connectTo } from '../tls/connect-to.ts';
import type { TlsSide } from '../tls/tls-side.ts';
import { openTunnel, type OpenTls, type TunnelTarget } from './tunnel.ts';

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
  /** An attempt that takes longer than this fails; through a relay, either half of it. */
  readonly limitMs: number;
  /** Who relays the stream; absent: it is dialled directly. The TLS session ends at `expected` all the same. */
  readonly through?: TunnelTarget;
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
export function webSocketDial(side: TlsSide): Dial {
  const open: OpenTls = (expected, place) => connectTo(side, expected, place);
  return (target, events) =>
    target.through === undefined
      ? dialDirectly(open, target, events)
      : dialThrough(open, target, target.through, events);
}

function dialDirectly(open: OpenTls, target: DialTarget, events: DialEvents): Dialled {
  const { expected, address, port, limitMs } = target;
  return openWebSocket(target, () => open(expected, { host: address, port, timeout: limitMs }), events);
}

function openWebSocket(
  { address, port, path, limitMs }: DialTarget,
  createConnection: () => TLSSocket,
  events: DialEvents,
): Dialled {
  const authority = address.includes(':') ? `[${address}]` : address;
  const socket = new WebSocket(`wss://${authority}:${port}${path}`, {
    createConnection,
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
}

/** The same over a raw stream that another agent relays. */
function dialThrough(open: OpenTls, target: DialTarget, through: TunnelTarget, events: DialEvents): Dialled {
  let inner: Dialled | null = null;
  const giveUp = openTunnel(open, through, target.limitMs, {
    onOpen: (stream) => {
      const createConnection = () =>
        open(target.expected, { socket: stream }).on('close', () => stream.destroy());
      inner = openWebSocket(target, createConnection, events);
    },
    onError: (error) => {
      events.onError(error);
      events.onClose();
    },
  });
  return {
    isOpen: () => inner?.isOpen() === true,
    send: (text) => inner?.send(text),
    terminate: () => {
      if (inner !== null) return inner.terminate();
      giveUp();
      setImmediate(events.onClose);
    },
  };
}
