import { WebSocket, type RawData } from 'ws';
import { agentPaths, type StreamFrame } from '../../../shared/agent-api/agent-api.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import type { Cancel, HostTime } from '../host-time.ts';
import { hostAndPort } from '../host-and-port.ts';
import type { AgentEndpoint } from './agent-endpoint.ts';
import { agentTlsOptions, type ConsoleCredentials } from './agent-tls.ts';
import { overWay, type AgentWay } from './agent-way.ts';
import { connectionError, noAnswer } from './link-errors.ts';
import { readFrame } from './read-frame.ts';

export interface StreamEvents {
  onOpen(): void;
  /** A pong, or a frame before it is read. */
  onAlive(): void;
  onFrame(frame: StreamFrame): void;
  /** A frame was refused; the connection goes on. */
  onNonsense(error: ProductError): void;
  /** Exactly once, also when the connection never opened; nothing follows it. */
  onClosed(error: ProductError): void;
}

export interface StreamConnection {
  ping(): void;
  /** Ends the connection at once; `onClosed` still follows. */
  end(reason: ProductError): void;
}

export interface StreamOptions {
  readonly endpoint: AgentEndpoint;
  readonly credentials: ConsoleCredentials;
  readonly time: HostTime;
  readonly openWithinMs: number;
  readonly frameBytes: number;
  readonly way?: AgentWay | undefined;
}

/** Opens one attempt at an agent's stream. Reconnecting is the caller's business. */
export function openStream(options: StreamOptions, events: StreamEvents): StreamConnection {
  const { endpoint } = options;
  const socket = new WebSocket(`wss://${hostAndPort(endpoint.address, endpoint.port)}${agentPaths.stream}`, {
    ...agentTlsOptions(options.credentials, endpoint.identity),
    ...overWay(options.way, endpoint, options.credentials),
    perMessageDeflate: false,
    maxPayload: options.frameBytes,
    followRedirects: false,
  });
  let reason: ProductError | undefined;
  let closed = false;
  const close = (error: ProductError) => {
    if (closed) return;
    closed = true;
    stopWaiting();
    events.onClosed(reason ?? error);
  };
  const end = (why: ProductError) => {
    reason ??= why;
    socket.terminate();
  };
  const stopWaiting: Cancel = options.time.after(options.openWithinMs, () =>
    end(noAnswer(endpoint, options.openWithinMs)),
  );
  socket.on('open', () => {
    stopWaiting();
    events.onOpen();
  });
  socket.on('pong', () => events.onAlive());
  socket.on('message', (data, isBinary) => receive(data, isBinary, endpoint, events, end));
  socket.on('error', (cause) => {
    reason ??= connectionError(cause, endpoint);
  });
  socket.on('close', (code) => close(connectionError(new Error(`closed with code ${code}`), endpoint)));
  return {
    ping: () => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    },
    end,
  };
}

function receive(
  data: RawData,
  isBinary: boolean,
  endpoint: AgentEndpoint,
  events: StreamEvents,
  end: (reason: ProductError) => void,
): void {
  if (isBinary) {
    events.onNonsense(productError('agent.nonsense', `${endpoint.name} sent a binary frame.`));
    return;
  }
  const frame = readFrame(rawText(data), endpoint);
  if (frame.ok) {
    events.onAlive();
    events.onFrame(frame.value);
  } else if (frame.error.code === 'agent.nonsense') {
    events.onNonsense(frame.error);
  } else {
    end(frame.error);
  }
}

function rawText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8');
}
