import { expect, test } from 'vitest';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import { connectionError } from '../../../../electron/host/agent-links/link-errors.ts';
import { sampleSite } from '../samples.ts';

const north = agentEndpoints(sampleSite())[0]!;
const failed = (code: string, message = code) => Object.assign(new Error(message), { code });

test.each([
  [failed('ECONNREFUSED'), 'agent.unreachable'],
  [failed('ECONNRESET'), 'agent.unreachable'],
  [failed('EHOSTUNREACH'), 'server.unreachable'],
  [failed('ETIMEDOUT'), 'server.unreachable'],
  [failed('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'agent.foreign'],
  [failed('DEPTH_ZERO_SELF_SIGNED_CERT'), 'agent.foreign'],
  [failed('IXHA_FOREIGN'), 'agent.foreign'],
  [failed('CERT_HAS_EXPIRED'), 'agent.foreign'],
  [failed('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca'), 'agent.foreign'],
  [failed('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number'), 'agent.nonsense'],
  [new Error('Unexpected server response: 403'), 'agent.foreign'],
  [new Error('Unexpected server response: 200'), 'agent.nonsense'],
  [new Error('Unexpected server response: 401'), 'agent.foreign'],
  ['not even an error', 'agent.unreachable'],
])('tells %s as what it means', (cause, code) => {
  const error = connectionError(cause, north);
  expect(error.code).toBe(code);
  expect(error.message).toContain('ig-north (WK1) at 127.0.0.1:7670');
});

test.each([
  [failed('CERT_HAS_EXPIRED'), /has ended by the clock of this workstation/],
  [failed('CERT_NOT_YET_VALID'), /is not valid yet by the clock of this workstation/],
  [new Error('Unexpected server response: 401'), /refuses this console: .* by the clock of that server/],
])(
  'says of %s which clock judged, and that the certificates are renewed by an installation',
  (cause, words) => {
    const error = connectionError(cause, north);
    expect(error.message).toMatch(words);
    expect(error.next).toContain('install the site again');
  },
);
