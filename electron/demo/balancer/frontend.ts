import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Frontend } from './balancer-config.ts';
import type { ClusterRoute } from './cluster-route.ts';

/** A server on the same site that accepts no connection within this time is not tried any longer. */
const connectLimitMs = 1_000;

/** Opens one listening port. A connection goes to the server in use; with none it is closed at once. */
export function openFrontend(frontend: Frontend, clusterRoute: ClusterRoute): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    client.on('error', () => undefined);
    const to = clusterRoute.sendsTo();
    const backend = frontend.backends.find((candidate) => candidate.server === to);
    if (backend === undefined) {
      client.resetAndDestroy();
      return;
    }
    join(client, backend, clusterRoute);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(frontend.listen.port, frontend.listen.address, () => resolve(server));
  });
}

function join(client: Socket, backend: Frontend['backends'][number], clusterRoute: ClusterRoute): void {
  const engine = connect({
    host: backend.address,
    port: backend.port,
    noDelay: true,
    allowHalfOpen: true,
  });
  const shut = () => {
    client.resetAndDestroy();
    engine.resetAndDestroy();
  };
  const session = clusterRoute.hold(backend.server, shut);
  const limit = setTimeout(shut, connectLimitMs);
  engine.once('connect', () => clearTimeout(limit));
  engine.on('error', () => undefined);
  for (const [one, other] of [
    [client, engine],
    [engine, client],
  ] as const) {
    one.pipe(other);
    one.on('close', (failed) => {
      clearTimeout(limit);
      session.release();
      if (failed) other.destroy();
      else other.destroySoon();
    });
  }
}
