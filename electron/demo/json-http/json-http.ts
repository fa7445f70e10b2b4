import { createServer, type IncomingMessage, type Server } from 'node:http';

const bodyLimit = 4096;

/** What a route answers: a status and a value that is sent as JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}
/** Routes by `METHOD /path`; the handler gets the parsed body, `undefined` when there is none or it is no JSON. */
export type JsonRoutes = Readonly<Record<string, (body: unknown) => JsonAnswer | Promise<JsonAnswer>>>;

export interface JsonServerOptions {
  readonly address: string;
  readonly port: number;
  readonly routes: JsonRoutes;
  /** When given, a request without `Authorization: Bearer <token>` is refused. */
  readonly token?: string;
}

/**
 * A small HTTP server for one local caller. Requests that name another host are refused, so that a web
 * page cannot reach it by a name of its own. Resolves when it listens.
 */
export function serveJson(options: JsonServerOptions): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, options)
      .catch((error: unknown) => ({ status: 500, body: { error: String(error) } }))
      .then(
        ({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
          response.end(`${JSON.stringify(body)}\n`);
        },
        () => response.destroy(),
      );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.address, () => resolve(server));
  });
}

async function answer(request: IncomingMessage, options: JsonServerOptions): Promise<JsonAnswer> {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (name !== options.address) return { status: 403, body: { error: 'another host is named' } };
  if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
    return { status: 401, body: { error: 'the token is missing or wrong' } };
  }
  const route = options.routes[`${request.method} ${request.url}`];
  if (!route) return { status: 404, body: { error: 'there is nothing here' } };
  const text = await readBody(request);
  if (text === undefined) return { status: 413, body: { error: 'the request is too long' } };
  return route(parse(text));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyLimit) return undefined;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
