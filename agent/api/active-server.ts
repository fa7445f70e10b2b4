import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { plainCheck, type PlainCheck } from './plain-check.ts';
import { shareConnections } from './share-connections.ts';

/** How long a connection may say nothing, or not end. */
const silentMs = 3_000;

/** What is asked, and answered when asked. */
interface Answer {
  readonly status: 200 | 404 | 503;
  readonly text: string;
}

/**
 * The port for load balancers, without a certificate: three GET paths and nothing else. The answers are made
 * when asked, from the clock of that moment, so that a thawed agent never answers for a lease that has ended.
 */
export async function startActiveServer(
  listen: { address: string; port: number },
  state: {
    active: () => boolean;
    passive: () => boolean;
    healthy: () => boolean;
    asked: (path: string, status: number) => void;
  },
): Promise<{ close(): Promise<void> }> {
  const paths: Record<string, () => boolean> = {
    '/active': state.active,
    '/passive': state.passive,
    '/healthy': state.healthy,
  };
  const answer = (method: string, path: string): Answer => {
    const known =
      (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') && Object.hasOwn(paths, path);
    const status = !known ? 404 : paths[path]?.() ? 200 : 503;
    if (known) state.asked(path, status);
    return { status, text: `${status === 200 ? 'yes' : status === 503 ? 'no' : 'not here'}\n` };
  };
  const server = createServer({
    maxHeaderSize: 4096,
    headersTimeout: silentMs,
    requestTimeout: silentMs,
    // Each look for silent connections wakes the agent.
    connectionsCheckingInterval: silentMs,
    noDelay: false,
    keepAliveTimeout: 5000,
  });
  server.on('request', (request, response) => {
    const { status, text } = answer(request.method ?? '', request.url ?? '');
    response.writeHead(status, {
      'content-type': 'text/plain',
      'content-length': text.length,
      'cache-control': 'no-store',
    });
    response.end(text);
  });
  const endWaiting = answerPlainChecks(server, answer);
  shareConnections(server, 128);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.address, resolve);
  });
  server.on('error', () => undefined);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        endWaiting();
        server.closeAllConnections();
      }),
  };
}

/**
 * Balancers ask several times a second, each time on a new connection, which costs more than anything else that an idle
 * agent does. A check of the simplest form is answered without an HTTP parser; whatever is not, Node's own server gets
 * from its first byte on.
 */
function answerPlainChecks(server: Server, answer: (method: string, path: string) => Answer): () => void {
  const byNode = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  const waiting = new Set<Socket>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    waiting.add(socket);
    const destroy = () => void socket.destroy();
    const end = () => void socket.end();
    const first = (part: Buffer) => {
      const check = plainCheck(part);
      if (check !== null) {
        socket.write(plainAnswer(check, answer(check.method, check.path)), 'latin1');
        // Before the balancer ends it: what it does then would only be one more event. An answer that the system has
        // taken whole is sent all the same, and the rest of a slow ending is not gone through for it.
        return socket.writableLength === 0 ? socket.destroy() : socket.destroySoon();
      }
      socket.off('end', end).off('timeout', destroy).off('error', destroy).off('close', gone);
      gone();
      socket.setTimeout(0);
      socket.pause();
      for (const listener of byNode) listener.call(server, socket);
      socket.unshift(part);
      socket.resume();
    };
    const gone = () => void waiting.delete(socket);
    socket.once('data', first);
    socket.on('end', end).on('timeout', destroy).on('error', destroy).on('close', gone);
    socket.setTimeout(silentMs);
  });
  return () => {
    for (const socket of waiting) socket.destroy();
  };
}

function plainAnswer({ method }: PlainCheck, { status, text }: Answer): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r
content-type: text/plain\r
content-length: ${text.length}\r
cache-control: no-store\r
date: ${new Date().toUTCString()}\r
connection: close\r
\r
${method === 'HEAD' ? '' : text}`;
}
