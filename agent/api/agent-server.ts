import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { identityOfSocket, serverTls, type Credentials } from '../tls/credentials.ts';

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
  /** Paths that become WebSockets; the handler owns the socket. Returning a reply refuses the upgrade. */
  readonly sockets: Readonly<
    Record<string, (socket: WebSocket, identity: Identity, query: URLSearchParams) => void>
  >;
  /** Whether this identity may use this path at all. */
  readonly allows: (identity: Identity, path: string) => boolean;
}

/** The agent's HTTPS and WebSocket server: mutual TLS 1.3, exact paths, bounded bodies, frames and rates. */
export async function startAgentServer(
  credentials: Credentials,
  listen: { address: string; port: number },
  routes: AgentRoutes,
): Promise<{ close(): Promise<void> }> {
  const server = createServer({
    ...serverTls(credentials),
    maxHeaderSize: 8 * 1024,
    headersTimeout: agentApiLimits.headersTimeoutMs,
    requestTimeout: 2 * agentApiLimits.headersTimeoutMs,
    keepAliveTimeout: 30_000,
  });
  server.maxConnections = agentApiLimits.connections;
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: agentApiLimits.frameBytes,
    perMessageDeflate: false,
  });
  const allowed = rateLimiter(agentApiLimits.requestsPerSecond);
  server.on('request', (request, response) => {
    void answer(credentials, routes, allowed, request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const identity = identityOfSocket(request.socket as TLSSocket, credentials.identity.site);
    const url = new URL(request.url ?? '/', 'https://agent');
    const handler = routes.sockets[url.pathname];
    if (identity === undefined || handler === undefined || !routes.allows(identity, url.pathname)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    upgrader.handleUpgrade(request, socket, head, (opened) => {
      (request.socket as TLSSocket).setNoDelay(true);
      opened.on('error', () => opened.terminate());
      handler(opened, identity, url.searchParams);
    });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await listening(server, listen);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const open of upgrader.clients) open.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
  credentials: Credentials,
  routes: AgentRoutes,
  allowed: (who: string) => boolean,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await replyTo(credentials, routes, allowed, request).catch((error: unknown): AgentReply => ({
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
  credentials: Credentials,
  routes: AgentRoutes,
  allowed: (who: string) => boolean,
  request: IncomingMessage,
): Promise<AgentReply> {
  const identity = identityOfSocket(request.socket as TLSSocket, credentials.identity.site);
  if (identity === undefined)
    return refusal(403, productError('agent.foreign', 'The certificate names nobody of this site.'));
  const url = new URL(request.url ?? '/', 'https://agent');
  if (!allowed(JSON.stringify(identity)))
    return refusal(429, productError('request.invalid', 'Too many requests in one second.'));
  const table = request.method === 'GET' ? routes.get : request.method === 'POST' ? routes.post : {};
  const handler = Object.hasOwn(table, url.pathname) ? table[url.pathname] : undefined;
  if (handler === undefined) {
    return refusal(
      404,
      productError(
        'request.invalid',
        `${request.method ?? ''} ${url.pathname.slice(0, 80)} is not part of this agent's contract.`,
      ),
    );
  }
  if (!routes.allows(identity, url.pathname)) {
    return refusal(403, productError('command.forbidden', `This certificate may not use ${url.pathname}.`));
  }
  const body = request.method === 'POST' ? await readJson(request) : undefined;
  if (body instanceof BodyRefused) return refusal(400, productError('request.invalid', body.why));
  return handler({ identity, query: url.searchParams, body });
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
