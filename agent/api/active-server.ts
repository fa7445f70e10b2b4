import { createServer } from 'node:http';
import { ActiveAnswers, type BalancerState } from './active-answers.ts';
import { answerPlainChecks } from './answer-plain-checks.ts';
import { shareConnections } from './share-connections.ts';

/** How long a connection may say nothing, or not end. */
const silentMs = 3_000;
/** How long a check that would rather wait is held at most: `haproxy-config.ts` allows a little more for its answer. */
const heldMs = 900;

/** The port for load balancers, without a certificate: three GET paths and nothing else. */
export async function startActiveServer(
  listen: { address: string; port: number },
  state: BalancerState,
  holdMs = heldMs,
): Promise<{ close(): Promise<void> }> {
  const answers = new ActiveAnswers(state, () => performance.now());
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
    const { status, text } = answers.give(request.method ?? '', request.url ?? '');
    response.writeHead(status, {
      'content-type': 'text/plain',
      'content-length': text.length,
      'cache-control': 'no-store',
    });
    response.end(text);
  });
  const endWaiting = answerPlainChecks(server, answers, { silentMs, holdMs });
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
