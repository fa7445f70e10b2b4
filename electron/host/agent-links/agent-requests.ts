import { request } from 'node:https';
import * as z from 'zod/mini';
import { productError, ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fieldsInError } from '../zod-fields.ts';
import type { AgentEndpoint } from './agent-endpoint.ts';
import { agentTlsOptions, type ConsoleCredentials } from './agent-tls.ts';
import { overWay, type AgentWay } from './agent-way.ts';
import { connectionError } from './link-errors.ts';

/** Upper bound of an answer: a full journal page, with room. */
const answerBytes = 2 * 1024 * 1024;

export interface AgentRequest<Schema extends z.core.$ZodType> {
  readonly path: string;
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly body?: unknown;
  readonly schema: Schema;
  readonly withinMs: number;
}

/** Sends one request to one agent. */
export type AskAgent = <Schema extends z.core.$ZodType>(
  endpoint: AgentEndpoint,
  ask: AgentRequest<Schema>,
) => Promise<Result<z.infer<Schema>, ProductError>>;

/**
 * One HTTPS request with a time limit and a size limit, its answer parsed. Failures before anything was
 * sent are `agent.*` or `server.unreachable`; a time limit that passes is `server.timeout`, because
 * what was asked may have happened.
 */
export function createAskAgent(credentials: ConsoleCredentials, way?: AgentWay): AskAgent {
  return async (endpoint, ask) => {
    const answer = await exchange(endpoint, credentials, ask, way);
    if (!answer.ok) return answer;
    const value = parseJson(answer.value.text);
    const parsed = z.safeParse(ask.schema, value);
    if (parsed.success) return succeed(parsed.data);
    const refusal = z.safeParse(z.object({ error: ProductError }), value);
    if (refusal.success) return fail(refusal.data.error);
    const said = `${endpoint.name} answered HTTP ${answer.value.status} outside the contract.`;
    return fail(productError('agent.nonsense', said, fieldsInError(parsed.error)));
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function exchange(
  endpoint: AgentEndpoint,
  credentials: ConsoleCredentials,
  ask: AgentRequest<z.core.$ZodType>,
  way: AgentWay | undefined,
): Promise<Result<Answer, ProductError>> {
  const body = ask.body === undefined ? undefined : JSON.stringify(ask.body);
  return new Promise((resolve) => {
    const outgoing = request({
      ...agentTlsOptions(credentials, endpoint.identity),
      host: endpoint.address,
      port: endpoint.port,
      path: ask.path,
      method: body === undefined ? 'GET' : 'POST',
      headers:
        body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
      // A fresh agent per request: no session is resumed, so the identity is checked every time. A way of
      // its own takes the place of the agent.
      ...(way?.leadsTo(endpoint) ? overWay(way, endpoint, credentials) : { agent: false }),
    });
    const deadline = setTimeout(() => {
      const said = `${endpoint.name} did not answer within ${ask.withinMs / 1000} s.`;
      resolve(fail(productError('server.timeout', said)));
      outgoing.destroy();
    }, ask.withinMs);
    const settle = (result: Result<Answer, ProductError>) => {
      clearTimeout(deadline);
      resolve(result);
      outgoing.destroy();
    };
    let proven = false;
    outgoing.on('socket', (socket) => socket.once('secureConnect', () => (proven = true)));
    const broken = (cause: unknown) =>
      settle(fail(connectionBroke(cause, endpoint, proven && body !== undefined)));
    outgoing.on('error', broken);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > answerBytes) {
          settle(
            fail(productError('agent.nonsense', `${endpoint.name} sent more than ${answerBytes} bytes.`)),
          );
        }
      });
      incoming.on('end', () =>
        settle(succeed({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })),
      );
      incoming.on('error', broken);
    });
    outgoing.end(body);
  });
}

/** A connection that broke after a command may have gone out leaves its outcome unknown. */
function connectionBroke(cause: unknown, endpoint: AgentEndpoint, maySent: boolean): ProductError {
  const error = connectionError(cause, endpoint);
  if (!maySent || error.code === 'agent.foreign') return error;
  return productError('server.timeout', `The connection to ${endpoint.name} broke before its answer came.`);
}
