import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** One call of an agent. Without a body it sends none. */
export interface TextCall {
  readonly address: string;
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly withinMs: number;
  readonly answerBytes: number;
}

/** Makes one HTTPS call on a connection of its own and answers with the text. Rejects with what kept it from that. */
export function exchangeText(open: () => TLSSocket, asked: TextCall): Promise<string> {
  const { address: host, port, method, path, body, withinMs, answerBytes } = asked;
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const call = request(
      {
        createConnection: open,
        host,
        port,
        method,
        path,
        signal: AbortSignal.timeout(withinMs),
        headers:
          payload === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > answerBytes) call.destroy(new Error('the answer is too large'));
        });
        response.on('end', () => resolve(text));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(payload);
  });
}
