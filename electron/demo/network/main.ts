import * as z from 'zod/mini';
import { serveJson, type JsonAnswer } from '../json-http/json-http.ts';
import { configFromCommandLine } from '../server/config-file.ts';
import { openLink, type Link } from './link.ts';
import { NetworkConfig } from './network-config.ts';

/**
 * The network between the demo's servers: one TCP relay per directed link. `GET /links` shows them,
 * `POST /cut {"a","b"}` cuts everything between two servers in both directions, `POST /heal` ends all cuts.
 */
const CutRequest = z.strictObject({ a: z.string(), b: z.string() });

async function main(): Promise<void> {
  const config = configFromCommandLine(NetworkConfig, process.argv);
  const links = await Promise.all(config.links.map((link) => openLink(link)));
  await serveJson({
    ...config.control,
    routes: {
      'GET /links': () => ({ status: 200, body: links.map(view) }),
      'POST /cut': (body) => cut(links, body),
      'POST /heal': () => {
        for (const link of links) link.heal();
        return { status: 200, body: links.map(view) };
      },
    },
  });
}

function cut(links: readonly Link[], body: unknown): JsonAnswer {
  const request = z.safeParse(CutRequest, body);
  if (!request.success) return { status: 400, body: { error: 'two servers a and b are needed' } };
  const { a, b } = request.data;
  const between = links.filter(
    ({ config }) => (config.from === a && config.to === b) || (config.from === b && config.to === a),
  );
  if (between.length === 0) return { status: 404, body: { error: `there is no link between ${a} and ${b}` } };
  for (const link of between) link.cut();
  return { status: 200, body: between.map(view) };
}

function view(link: Link) {
  const { id, from, to } = link.config;
  return { id, from, to, cut: link.isCut(), connections: link.connections() };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
