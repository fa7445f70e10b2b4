import { Agent, request } from 'node:http';
import { fail, succeed, type Result } from '../../shared/result.ts';

const bodyLimit = 4 * 1024 * 1024;

export type EngineHttp = ReturnType<typeof openEngineHttp>;

/** HTTP to an engine on this server: form posts, one deadline over the whole exchange, bounded answers. */
export function openEngineHttp(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return {
    post(
      path: string,
      form: Record<string, string>,
      cookie: string,
      limitMs: number,
    ): Promise<Result<{ text: string; cookie: string | null }, string>> {
      return new Promise((resolve) => {
        const body = new URLSearchParams(form).toString();
        const call = request(
          {
            agent,
            host: '127.0.0.1',
            port,
            path,
            method: 'POST',
            signal: AbortSignal.timeout(limitMs),
            headers: {
              'content-type': 'application/x-www-form-urlencoded',
              'content-length': Buffer.byteLength(body),
              ...(cookie === '' ? {} : { cookie }),
            },
          },
          (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (part: string) => {
              text += part;
              if (text.length > bodyLimit) call.destroy(new Error('the answer is too large'));
            });
            response.on('error', (error) => resolve(fail(sentence(error, limitMs))));
            response.on('end', () => {
              const set = response.headers['set-cookie']?.[0]?.split(';')[0] ?? null;
              resolve(succeed({ text, cookie: set }));
            });
          },
        );
        call.on('error', (error) => resolve(fail(sentence(error, limitMs))));
        call.end(body);
      });
    },
  };
}

function sentence(error: Error, limitMs: number): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `its API did not answer within ${limitMs / 1000} s`;
  if (code === 'ECONNREFUSED') return 'its API port is closed';
  return `its API failed: ${code ?? error.message}`;
}
