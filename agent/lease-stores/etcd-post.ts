import { Agent, request, type RequestOptions } from 'node:https';
import type { EtcdEndpoint } from '../../shared/site/site-document.ts';
import type { EtcdPost, HttpAnswer } from './etcd-client.ts';
import { largestAnswer } from './etcd-messages.ts';
import { networkWords } from '../api/network-words.ts';

export interface EtcdTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface EtcdHttp {
  readonly post: EtcdPost;
  /** For what is no request of the gateway, such as the version. */
  readonly get: (endpoint: number, path: string, signal: AbortSignal) => Promise<HttpAnswer>;
  close(): void;
}

/** Requests over kept connections, one pool per endpoint, to addresses: no name is looked up. */
export function openEtcdHttp(endpoints: readonly EtcdEndpoint[], tls: EtcdTls): EtcdHttp {
  const agents = endpoints.map(
    () => new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 2, maxCachedSessions: 4 }),
  );
  const to = (at: number, path: string, signal: AbortSignal): RequestOptions => {
    const { address, port, certificateName } = endpoints[at]!;
    return {
      ...tls,
      agent: agents[at],
      host: address,
      port,
      path,
      signal,
      minVersion: 'TLSv1.2',
      // Without a name of its own the certificate must carry the address.
      ...(certificateName === undefined ? {} : { servername: certificateName }),
    };
  };
  return {
    post: (at, path, body, token, signal) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...(token === null ? {} : { authorization: token }),
      };
      return send({ ...to(at, path, signal), method: 'POST', headers }, body);
    },
    get: (at, path, signal) => send({ ...to(at, path, signal), method: 'GET' }, ''),
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
}

function send(options: RequestOptions, body: string): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(options, (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        length += part.length;
        parts.push(part);
        if (length > largestAnswer) call.destroy(new Error('its answer is larger than any that is expected'));
      });
      response.on('error', (error) => reject(new Error(words(error))));
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (!response.complete) return reject(new Error('its answer ended in the middle'));
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    call.on('error', (error) => reject(new Error(words(error))));
    call.end(body);
  });
}

function words(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another name or address';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'CERT_SIGNATURE_FAILURE':
      return 'its certificate is not of the authority that was configured for etcd';
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE':
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
      return 'etcd refuses the certificate of this member';
    default:
      return networkWords(code) ?? error.message;
  }
}
