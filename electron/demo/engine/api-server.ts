import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { closedCalls, openCalls, type ApiContext } from './api-calls.ts';
import { readParameters, textOf, type ApiParameters } from './api-request.ts';
import type { ApiSessions } from './api-sessions.ts';
import { FaultRequest } from './faults.ts';

export interface ApiOptions {
  readonly address: string;
  readonly port: number;
  readonly context: ApiContext;
  readonly sessions: ApiSessions;
  /** Switches a fault; the failure is a sentence. */
  readonly setFault: (request: FaultRequest) => Result<void, string>;
  /** What `/standin/state` tells. */
  readonly state: () => object;
}

/**
 * The engine's HTTP API with the habits of the product it stands in for: everything is answered with
 * status 200, failures as `{"success":false,"error":…}`, unknown paths with a page.
 */
export class ApiServer {
  readonly #options: ApiOptions;
  #server: Server | undefined;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  async open(): Promise<Result<void, string>> {
    const { address, port } = this.#options;
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    try {
      server.listen(port, address);
      await once(server, 'listening');
    } catch (error) {
      return fail(
        `port ${address}:${port} cannot be used (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      );
    }
    this.#server = server;
    return succeed(undefined);
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine');
    const read = await readParameters(request, url);
    const parameters = read.ok ? read.value : {};
    if (url.pathname.startsWith('/standin/'))
      return this.#standin(url.pathname, request, response, parameters);
    const { faults } = this.#options.context;
    if (faults.is('hang-api') || faults.is('hang-all')) return;
    if (faults.is('html-200')) return sendPage(response);
    if (faults.is('wrong-json')) return sendJson(response, { success: true, answer: [null] });
    if (!read.ok) return sendJson(response, { success: false, error: read.error });
    if (url.pathname === '/os') return sendText(response, process.platform);
    if (url.pathname === '/session/login') return this.#logIn(response, parameters);
    this.#call(url.pathname, request, response, parameters);
  }

  #call(path: string, request: IncomingMessage, response: ServerResponse, parameters: ApiParameters): void {
    const { context, sessions } = this.#options;
    const open = Object.hasOwn(openCalls, path) ? openCalls[path] : undefined;
    const closed = Object.hasOwn(closedCalls, path) ? closedCalls[path] : undefined;
    const call = open ?? closed;
    if (!call) return sendPage(response);
    if (!open && !sessions.isLoggedIn(request.headers.cookie)) {
      return sendJson(response, { success: false, error: 'Not authenticated' });
    }
    const answer = call(context, parameters);
    sendJson(
      response,
      answer.ok ? { success: true, data: answer.value } : { success: false, error: answer.error },
    );
  }

  #logIn(response: ServerResponse, parameters: ApiParameters): void {
    const { sessions } = this.#options;
    const token = sessions.logIn(textOf(parameters, 'username'), textOf(parameters, 'password'));
    if (token === undefined) {
      return sendJson(response, { success: false, error: 'Invalid username or password' });
    }
    response.setHeader('Set-Cookie', `${sessions.cookieName}=${token}; Path=/; HttpOnly`);
    sendJson(response, { success: true, data: {} });
  }

  /** The switches of the stand-in itself: no login, but only from this machine and not from a page. */
  #standin(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    parameters: ApiParameters,
  ): void {
    const local = /^(::ffff:)?127\.|^::1$/.test(request.socket.remoteAddress ?? '');
    if (!local || request.headers.origin !== undefined) {
      return sendJson(response, { success: false, error: 'Only from this machine.' });
    }
    if (path === '/standin/state') return sendJson(response, this.#options.state());
    if (path !== '/standin/fault' || request.method !== 'POST') return sendPage(response);
    const asked = FaultRequest.safeParse(parameters);
    if (!asked.success) {
      return sendJson(response, { success: false, error: 'Unknown fault, or a value that fits no fault.' });
    }
    const set = this.#options.setFault(asked.data);
    sendJson(response, set.ok ? { success: true } : { success: false, error: set.error });
  }
}

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}

function sendText(response: ServerResponse, body: string): void {
  response.setHeader('Content-Type', 'text/plain');
  response.end(body);
}

function sendPage(response: ServerResponse): void {
  response.setHeader('Content-Type', 'text/html');
  response.end(
    '<!doctype html><title>IguanaX stand-in</title><p>This is the page for everything else.</p>\n',
  );
}
