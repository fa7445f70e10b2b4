import { serveJson } from '../json-http/json-http.ts';
import { configFromCommandLine } from '../server/config-file.ts';
import { BalancerConfig } from './balancer-config.ts';
import { startClusterRoute } from './cluster-route.ts';
import { openFrontend } from './frontend.ts';

/**
 * The demo's load balancer: it obeys `/active` as any real one is set up to, sends every new connection
 * to the one server that answers 200, and shuts the sessions of a server that no longer does.
 * `GET /view` shows what it does.
 */
async function main(): Promise<void> {
  const config = configFromCommandLine(BalancerConfig, process.argv);
  const clusters = [...new Set(config.frontends.map((frontend) => frontend.cluster))];
  const routes = new Map(
    clusters.map((cluster) => {
      const backends = config.frontends
        .filter((frontend) => frontend.cluster === cluster)
        .flatMap((frontend) => frontend.backends);
      const once = backends.filter(
        ({ server }, index) => backends.findIndex((other) => other.server === server) === index,
      );
      return [cluster, startClusterRoute(cluster, once, config)];
    }),
  );
  await Promise.all(
    config.frontends.map((frontend) => openFrontend(frontend, routes.get(frontend.cluster)!)),
  );
  await serveJson({
    ...config.control,
    routes: {
      'GET /view': () => ({
        status: 200,
        body: [...routes.values()].map((clusterRoute) => clusterRoute.view()),
      }),
    },
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
