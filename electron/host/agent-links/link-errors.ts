import { productError, type ProductError } from '../../../shared/errors.ts';
import type { AgentEndpoint } from './agent-endpoint.ts';
import { NoWayError } from './agent-way.ts';

const refusedCertificate = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_PURPOSE',
  'CERT_UNTRUSTED',
  'IXHA_FOREIGN',
]);
const noWay = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'ETIMEDOUT']);

/** Members and lease store excuse one another's time; a console neither excuses nor is excused. */
const renewal =
  'Members and lease store go on with one another. Check the clocks, then install the site again, which renews its certificates.';

/** What a broken connection to an agent means, in the product's words. Codes are Node's and OpenSSL's. */
export function connectionError(cause: unknown, endpoint: AgentEndpoint): ProductError {
  if (cause instanceof NoWayError) return cause.error;
  const where = `${endpoint.name} at ${endpoint.address}:${endpoint.port}`;
  const { code, message } = codeAndMessage(cause);
  if (refusedCertificate.has(code)) {
    return productError('agent.foreign', `${where} is not who it should be.`, [message]);
  }
  if (code === 'IXHA_REVOKED') {
    return productError('agent.revoked', `${where} shows a certificate that the site has revoked.`, [
      message,
    ]);
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const said =
      code === 'CERT_HAS_EXPIRED'
        ? `The certificate of ${where} has ended by the clock of this workstation.`
        : `The certificate of ${where} is not valid yet by the clock of this workstation.`;
    return productError('agent.foreign', said, [message], renewal);
  }
  if (/ALERT|alert/.test(`${code} ${message}`)) {
    return productError('agent.foreign', `${where} refuses this console's certificate.`, [message]);
  }
  if (/unsupported protocol|wrong version number|EPROTO/i.test(`${code} ${message}`)) {
    return productError('agent.nonsense', `${where} does not speak TLS 1.3.`, [message]);
  }
  const answered = /Unexpected server response: (\d+)/.exec(message)?.[1];
  if (answered === '401') {
    const said = `${where} refuses this console: its certificate is not valid by the clock of that server.`;
    return productError('agent.foreign', said, [], renewal);
  }
  if (answered === '403') {
    return productError('agent.foreign', `${where} refuses this console (HTTP ${answered}).`);
  }
  if (answered !== undefined) {
    return productError('agent.nonsense', `${where} answered HTTP ${answered} instead of a stream.`);
  }
  if (code === 'ECONNREFUSED') {
    return productError('agent.unreachable', `Nothing listens for ${where}.`);
  }
  if (noWay.has(code)) return productError('server.unreachable', `There is no way to ${where} (${code}).`);
  return productError('agent.unreachable', `The connection to ${where} ended.`, [message]);
}

/** No connection, or no answer to its beginning, within the time limit. */
export function noAnswer(endpoint: AgentEndpoint, limitMs: number): ProductError {
  const where = `${endpoint.name} at ${endpoint.address}:${endpoint.port}`;
  return productError('agent.unreachable', `${where} did not answer within ${limitMs / 1000} s.`);
}

function codeAndMessage(cause: unknown): { code: string; message: string } {
  if (!(cause instanceof Error)) return { code: '', message: String(cause) };
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return { code, message: cause.message.split('\n')[0]?.slice(0, 300) ?? '' };
}
