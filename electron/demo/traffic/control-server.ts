import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { clusterCounters, type StreamFigures } from './cluster-counters.ts';
import type { Traffic } from './traffic.ts';

const bodyLimitBytes = 4096;

/** The counters over HTTP, for the demo and for tests. */
export async function openControl(
  traffic: Traffic,
  where: { address: string; port: number },
  bootMs: () => number,
): Promise<Result<Server, string>> {
  const server = createServer((request, response) => {
    answer(traffic, bootMs, request).then(
      ({ status, body }) => send(response, status, body),
      () => response.destroy(),
    );
  });
  try {
    server.listen(where.port, where.address);
    await once(server, 'listening');
    return succeed(server);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail(`The control port ${where.address}:${where.port} cannot be used (${code}).`);
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(traffic: Traffic, bootMs: () => number, request: IncomingMessage): Promise<Answer> {
  // A page in a browser always says where it comes from; nothing here is for pages.
  if (request.headers.origin !== undefined) return refusal(403, 'Not for pages.');
  const figures = traffic.figures();
  switch (`${request.method} ${request.url}`) {
    case 'GET /counters':
      return found({ at: bootMs(), clusters: clusterCounters(figures) });
    case 'GET /streams':
      return found({ at: bootMs(), foreign: traffic.foreign, streams: figures });
    case 'GET /verdict':
      return found({
        at: bootMs(),
        clusters: clusterCounters(figures).map((cluster) => judged(cluster, figures)),
      });
    case 'POST /reset':
      traffic.resetGaps();
      return found({ ok: true });
    case 'POST /hurry':
      traffic.hurry();
      return found({ ok: true });
    case 'POST /stop':
      return stopStream(traffic, await readBody(request));
    default:
      return refusal(404, 'No such call.');
  }
}

/** A cluster with what speaks against it, by stream. */
function judged(
  cluster: ReturnType<typeof clusterCounters>[number],
  figures: readonly StreamFigures[],
): object {
  const own = figures.filter((figure) => figure.cluster === cluster.cluster);
  const unexplained = cluster.duplicates - cluster.resentDuplicates;
  return {
    ...cluster,
    unexplainedDuplicates: unexplained,
    clean: cluster.lost === 0 && cluster.outOfOrder === 0 && unexplained === 0,
    streams: own.map(({ stream, kind, verdict }) => ({
      stream,
      kind,
      lost: verdict.firstLost,
      outOfOrder: verdict.firstOutOfOrder,
      unexplainedDuplicates: verdict.firstUnexplained,
    })),
  };
}

function stopStream(traffic: Traffic, body: string): Answer {
  let stream: unknown;
  try {
    stream = (JSON.parse(body) as { stream?: unknown }).stream;
  } catch {
    return refusal(400, 'The body is not JSON.');
  }
  if (typeof stream !== 'string' || !traffic.stopStream(stream)) return refusal(404, 'No such stream.');
  return found({ ok: true });
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) {
    text += String(part);
    if (text.length > bodyLimitBytes) throw new Error('the body is too large');
  }
  return text;
}

function found(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
