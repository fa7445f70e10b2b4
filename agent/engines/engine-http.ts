import { Agent, request, type IncomingMessage } from 'node:http';
import { engineTrouble, type EngineTrouble } from '../../shared/engine/engine-trouble.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';

const bodyLimit = 4 * 1024 * 1024;

export interface EngineReply {
  readonly text: string;
  /** `name=value` of the first cookie that was set. */
  readonly cookie: string | null;
}

export interface EngineRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent in the body of a POST, never in the address: addresses end up in logs. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

export interface EngineHttp {
  ask(asked: EngineRequest): Promise<Result<EngineReply, EngineTrouble>>;
}

/** HTTP to an engine on this server: one limit over the whole exchange, bounded answers, failures by name. */
export function openEngineHttp(port: number): EngineHttp {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    ask: ({ method, path, form, headers, limitMs }) =>
      new Promise((resolve) => {
        const body = method === 'POST' ? new URLSearchParams(form).toString() : '';
        const end = (result: Result<EngineReply, EngineTrouble>) => {
          clearTimeout(limit);
          resolve(result);
        };
        const failed = (error: Error) => end(fail(troubleOf(error)));
        const call = request(
          {
            agent,
            host: '127.0.0.1',
            port,
            path,
            method,
            headers: { ...headers, ...(method === 'POST' ? formHeaders(body) : {}) },
          },
          (response) => {
            response.on('error', failed);
            collect(response, () => call.destroy(new TooLarge()), end);
          },
        );
        // A timer of its own: a signal with a limit costs as much as the rest of the call.
        const limit = setTimeout(() => {
          end(fail(engineTrouble('api-silent', `its API did not answer within ${limitMs / 1000} s`)));
          call.destroy();
        }, limitMs);
        call.on('error', failed);
        call.end(body);
      }),
  };
}

class TooLarge extends Error {}

function formHeaders(body: string): Record<string, string | number> {
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
}

function collect(
  response: IncomingMessage,
  tooLarge: () => void,
  resolve: (result: Result<EngineReply, EngineTrouble>) => void,
): void {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    text += part;
    if (text.length > bodyLimit) tooLarge();
  });
  response.on('end', () => {
    const status = response.statusCode ?? 0;
    if (status !== 200)
      return resolve(fail(engineTrouble('http-status', `its API answers status ${status}`)));
    resolve(succeed({ text, cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? null }));
  });
}

function troubleOf(error: Error): EngineTrouble {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof TooLarge)
    return engineTrouble('answer-too-large', 'its API failed: the answer is too large');
  if (code === 'ECONNREFUSED') return engineTrouble('port-closed', 'its API port is closed');
  // The parser's codes: what listens there does not speak HTTP.
  if (code?.startsWith('HPE_')) return engineTrouble('not-json', `its API does not speak HTTP (${code})`);
  return engineTrouble('connection-lost', `its API failed: ${code ?? error.message}`);
}
