import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import { identityUri, type Identity } from '../../shared/site/identity.ts';
import { acceptCallers, callerOf, serverTls } from '../tls/accept-callers.ts';
import type { TlsSide } from '../tls/tls-side.ts';
import { renewalNext, timeFaultWords } from '../tls/time-fault-words.ts';
import { OpenSockets } from './open-sockets.ts';
import { requestTarget } from './request-target.ts';
import { tunnelProtocol } from './tunnel.ts';
import { shareConnections } from './share-connections.ts';

/** One call that passed TLS, identity and limits. */
export interface AgentCall {
  readonly identity: Identity;
  readonly query: URLSearchParams;
  /** Parsed JSON of a POST; undefined for GET. */
  readonly body: unknown;
}

export type AgentReply = { readonly status: number; readonly json?: unknown; readonly text?: string };

export interface AgentRoutes {
  readonly get: Readonly<Record<string, (call: AgentCall) => AgentReply | Promise<AgentReply>>>;
  readonly post: Readonly<Record<string, (call: AgentCall) => AgentReply | Promise<AgentReply>>>;
  /** Paths that become WebSockets; the handler owns the socket. */
  readonly sockets: Readonly<
    Record<string, (socket: WebSocket, identity: Identity, query: URLSearchParams) => void>
  >;
  /** Paths that become raw streams once their handler has answered the upgrade; it owns the stream. */
  readonly tunnels?: Readonly<Record<string, (stream: Duplex, head: Buffer) => void>>;
  /** Socket paths on which each identity has one connection: a newer one ends the older. */
  readonly oneEach?: readonly string[];
  /** Whether this identity may use this path at all. */
  readonly allows: (identity: Identity, path: string) => boolean;
}

/** What a server allows beside `agentApiLimits`, or instead of them. */
export interface ServerLimits {
  readonly connections?: number;
  readonly handshakeMs?: number;
  readonly headersTimeoutMs?: number;
  readonly socketPingMs?: number;
  readonly socketSilentMs?: number;
}

/** The agent's HTTPS and WebSocket server: mutual TLS 1.3, exact paths, bounded bodies, frames and rates. */
export async function startAgentServer(
  side: TlsSide,
  listen: { address: string; port: number },
  routes: AgentRoutes,
  changed: ServerLimits = {},
): Promise<{ close(): Promise<void> }> {
  const limits = { ...agentApiLimits, ...changed };
  const server = createServer({
    ...serverTls(side.credentials),
    handshakeTimeout: limits.handshakeMs,
    maxHeaderSize: 8 * 1024,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: 2 * limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.headersTimeoutMs / 2,
    keepAliveTimeout: 30_000,
    keepAlive: true,
    keepAliveInitialDelay: limits.socketPingMs,
  });
  acceptCallers(server, side);
  shareConnections(server, limits.connections);
  const sockets = new OpenSockets({ pingMs: limits.socketPingMs, silentMs: limits.socketSilentMs });
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: agentApiLimits.frameBytes,
    perMessageDeflate: false,
  });
  const allowed = rateLimiter(agentApiLimits.requestsPerSecond);
  server.on('request', (request, response) => {
    answer(routes, allowed, request, response).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const caller = callerOf(request.socket);
    const target = requestTarget(request.url);
    if (target === null) return turnAway(socket, '400 Bad Request');
    const { path, query } = target;
    if (caller.kind === 'out-of-time') return turnAway(socket, '401 Unauthorized');
    if (caller.kind === 'nobody') return turnAway(socket, '403 Forbidden');
    const { identity } = caller;
    if (!routes.allows(identity, path)) return turnAway(socket, '403 Forbidden');
    if (routes.tunnels !== undefined && Object.hasOwn(routes.tunnels, path)) {
      // Where it leads is not the caller's to say.
      const plain = request.headers.upgrade === tunnelProtocol && query.size === 0;
      return plain ? routes.tunnels[path]!(socket, head) : turnAway(socket, '400 Bad Request');
    }
    const handler = Object.hasOwn(routes.sockets, path) ? routes.sockets[path] : undefined;
    if (handler === undefined) return turnAway(socket, '403 Forbidden');
    upgrader.handleUpgrade(request, socket, head, (opened) => {
      (request.socket as TLSSocket).setNoDelay(true);
      opened.on('error', () => opened.terminate());
      const one = routes.oneEach?.includes(path) === true;
      sockets.admit(opened, one ? `${path} ${identityUri(identity)}` : null);
      handler(opened, identity, query);
    });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await listening(server, listen);
  return { close: () => closed(server, sockets) };
}

function closed(server: Server, sockets: OpenSockets): Promise<void> {
  return new Promise((resolve) => {
    sockets.close();
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Refuses an upgrade. A caller that does not take the answer is not waited for. */
function turnAway(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

function listening(server: Server, listen: { address: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.address, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}

async function answer(
  routes: AgentRoutes,
  allowed: (who: string) => boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await replyTo(routes, allowed, request).catch((error: unknown): AgentReply => ({
    status: 500,
    json: productError('internal', `The agent made a mistake: ${String(error)}`),
  }));
  const body = reply.text ?? JSON.stringify(reply.json ?? {});
  response.writeHead(reply.status, {
    'content-type': reply.text === undefined ? 'application/json' : 'text/plain; version=0.0.4',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(body);
}

async function replyTo(
  routes: AgentRoutes,
  allowed: (who: string) => boolean,
  request: IncomingMessage,
): Promise<AgentReply> {
  const caller = callerOf(request.socket);
  if (caller.kind === 'out-of-time') {
    const said = `${timeFaultWords(caller.identity, caller.fault)}, by the clock of this server.`;
    return refusal(401, productError('agent.foreign', said, [], renewalNext));
  }
  if (caller.kind === 'nobody')
    return refusal(403, productError('agent.foreign', 'The certificate names nobody of this site.'));
  const { identity } = caller;
  const target = requestTarget(request.url);
  if (target === null)
    return refusal(400, productError('request.invalid', 'The address of the request is not a path.'));
  const { path, query } = target;
  if (!allowed(JSON.stringify(identity)))
    return refusal(429, productError('request.invalid', 'Too many requests in one second.'));
  const table = request.method === 'GET' ? routes.get : request.method === 'POST' ? routes.post : {};
  const handler = Object.hasOwn(table, path) ? table[path] : undefined;
  if (handler === undefined) {
    return refusal(
      404,
      productError(
        'request.invalid',
        `${request.method ?? ''} ${path.slice(0, 80)} is not part of this agent's contract.`,
      ),
    );
  }
  if (!routes.allows(identity, path)) {
    return refusal(403, productError('command.forbidden', `This certificate may not use ${path}.`));
  }
  const body = request.method === 'POST' ? await readJson(request) : undefined;
  if (body instanceof BodyRefused) return refusal(400, productError('request.invalid', body.why));
  return handler({ identity, query, body });
}

export function refusal(status: number, error: ProductError): AgentReply {
  return { status, json: { error } };
}

class BodyRefused {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > agentApiLimits.bodyBytes)
      return new BodyRefused(`The body is larger than ${agentApiLimits.bodyBytes} bytes.`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return new BodyRefused('The body is not JSON.');
  }
}

/** At most `perSecond` calls of one caller in each second of the monotonic clock. */
function rateLimiter(perSecond: number): (who: string) => boolean {
  let window = 0;
  let counts = new Map<string, number>();
  return (who) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== window) {
      window = now;
      counts = new Map();
    }
    const count = (counts.get(who) ?? 0) + 1;
    counts.set(who, count);
    return count <= perSecond;
  };
}
