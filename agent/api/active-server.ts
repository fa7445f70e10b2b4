import { createServer } from 'node:http';
import { shareConnections } from './share-connections.ts';

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
  const server = createServer({
    maxHeaderSize: 4096,
    headersTimeout: 3000,
    requestTimeout: 3000,
    connectionsCheckingInterval: 1000,
    keepAlive: true,
    keepAliveInitialDelay: 10_000,
    keepAliveTimeout: 5000,
  });
  shareConnections(server, 128);
  server.on('request', (request, response) => {
    const path = request.url ?? '';
    const known =
      (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') &&
      Object.hasOwn(paths, path);
    const status = !known ? 404 : paths[path]?.() ? 200 : 503;
    if (known) state.asked(path, status);
    const text = `${status === 200 ? 'yes' : status === 503 ? 'no' : 'not here'}\n`;
    response.writeHead(status, {
      'content-type': 'text/plain',
      'content-length': text.length,
      'cache-control': 'no-store',
    });
    response.end(text);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.address, resolve);
  });
  server.on('error', () => undefined);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
