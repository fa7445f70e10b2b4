import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { contentSecurityPolicy, hardeningHeaders } from '../host/page-files/content-policy.ts';
import { servePageFile } from '../host/page-files/serve-page-file.ts';
import { openingPage, refusalText } from './plain-pages.ts';
import {
  addressRefusal,
  sessionCookie,
  sessionInCookie,
  type Refusal,
  type RequestFacts,
} from './request-guard.ts';
import type { Sessions } from './sessions.ts';

/** Bounds that keep one page, or a stranger on the loopback address, from exhausting the host. */
const limits = { frameBytes: 4 * 1024 * 1024, pages: 8, connections: 64, headersMs: 5000 } as const;

/** Where a window waits until its browser has the session; the only page without one. */
export const openingPath = '/opening';

export interface ConsoleServerOptions {
  readonly port: number;
  /** Folder with the built page. */
  readonly pageRoot: string;
  readonly sessions: Sessions;
  /** A page with a session opened its WebSocket. */
  readonly onPage: (socket: WebSocket) => void;
}

export interface ConsoleServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves the page and its WebSocket on the loopback address only. Fails with `port.taken`. */
export function startConsoleServer(
  options: ConsoleServerOptions,
): Promise<Result<ConsoleServer, ProductError>> {
  const server = createServer({ headersTimeout: limits.headersMs, requestTimeout: limits.headersMs });
  server.maxConnections = limits.connections;
  const pages = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
  });
  const port = () => (server.address() as AddressInfo).port;
  server.on('request', (request, response) => {
    answer(request, response, port(), options).catch(() => response.destroy());
  });
  server.on('upgrade', (request, socket, head) => {
    // From here on nobody else listens for a broken connection, and an unheard error ends the process.
    socket.on('error', () => socket.destroy());
    const refusal = upgradeRefusal(request, port(), options.sessions);
    if (refusal !== undefined) refuseUpgrade(socket, 403);
    else if (pages.clients.size >= limits.pages) refuseUpgrade(socket, 503);
    else {
      pages.handleUpgrade(request, socket, head, (page) => {
        page.on('error', () => page.terminate());
        options.onPage(page);
      });
    }
  });
  return new Promise((resolve) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const said = `The port ${options.port} of this machine could not be opened (${cause.code ?? cause.message}).`;
      resolve(fail(productError('port.taken', said)));
    });
    server.listen(options.port, '127.0.0.1', () =>
      resolve(succeed({ port: port(), stop: () => stopServer(server, pages) })),
    );
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  { sessions, pageRoot }: ConsoleServerOptions,
): Promise<void> {
  const facts = requestFacts(request);
  const refusal = addressRefusal(facts, port, { mustNameOrigin: false });
  if (refusal !== undefined) return refuse(response, refusal);
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
  const token = url.pathname === '/' ? url.searchParams.get('token') : null;
  const session = token === null ? undefined : sessions.redeem(token);
  if (session !== undefined) {
    const cookie = { 'set-cookie': sessionCookie(port, session) };
    return opening(response, { path: '/', afterSeconds: 0 }, cookie);
  }
  const known = hasSession(facts, port, sessions);
  if (url.pathname === openingPath) {
    return opening(
      response,
      known ? { path: '/', afterSeconds: 0 } : { path: openingPath, afterSeconds: 0.2 },
    );
  }
  if (!known) return refuse(response, 'session');
  // The raw path, not the one the URL parser has tidied: `..` must be seen to be refused.
  const served = await servePageFile(pageRoot, (request.url ?? '/').split('?')[0]!, "'self'");
  response.writeHead(served.status, { ...served.headers, 'content-length': served.body.byteLength });
  response.end(served.body);
}

function opening(
  response: ServerResponse,
  next: Parameters<typeof openingPage>[0],
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { ...plainHeaders('text/html; charset=utf-8'), ...headers });
  response.end(openingPage(next));
}

/** Why a WebSocket must not be opened; undefined when its page has a session with this console. */
function upgradeRefusal(
  request: IncomingMessage,
  port: number,
  sessions: Sessions,
): Refusal | 'path' | undefined {
  const facts = requestFacts(request);
  const refusal = addressRefusal(facts, port, { mustNameOrigin: true });
  if (refusal !== undefined) return refusal;
  if (request.url !== '/ipc') return 'path';
  return hasSession(facts, port, sessions) ? undefined : 'session';
}

function hasSession(facts: RequestFacts, port: number, sessions: Sessions): boolean {
  const session = sessionInCookie(facts.cookie, port);
  return session !== undefined && sessions.isOpen(session);
}

function requestFacts(request: IncomingMessage): RequestFacts {
  const { host, origin, cookie } = request.headers;
  return { method: request.method ?? '', host, origin, cookie };
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const status = { method: 405, host: 403, origin: 403, session: 401 }[refusal];
  response.writeHead(status, plainHeaders('text/plain; charset=utf-8'));
  response.end(refusalText(refusal));
}

function plainHeaders(contentType: string): Record<string, string> {
  return {
    ...hardeningHeaders,
    'content-security-policy': contentSecurityPolicy('none', "'self'"),
    'content-type': contentType,
  };
}

function refuseUpgrade(socket: Duplex, status: 403 | 503): void {
  const reason = status === 403 ? 'Forbidden' : 'Service Unavailable';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function stopServer(server: Server, pages: WebSocketServer): Promise<void> {
  return new Promise((resolve) => {
    for (const page of pages.clients) page.close(1001, 'the console closes');
    server.close(() => resolve());
    server.closeAllConnections();
    // A page that does not answer the farewell must not hold the host back.
    setTimeout(() => pages.clients.forEach((page) => page.terminate()), 200).unref();
  });
}
