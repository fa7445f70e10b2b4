import { expect, test } from 'vitest';
import { agentTlsOptions, identityFault } from '../../../../electron/host/agent-links/agent-tls.ts';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import { sampleSite } from '../samples.ts';

const expected = 'ixha://test-site/member/WK1/north';

test('accepts exactly the expected identity', () => {
  expect(identityFault({ subjectaltname: `URI:${expected}` }, expected)).toBeUndefined();
});

test.each([
  ['no name at all', undefined],
  ['a DNS name only', 'DNS:ig-north'],
  ['another server', 'URI:ixha://test-site/member/WK1/south'],
  ['another cluster', 'URI:ixha://test-site/member/WK2/north'],
  ['another site', 'URI:ixha://other-site/member/WK1/north'],
  ['a console', 'URI:ixha://test-site/console/admin/north'],
  ['two identities', `URI:${expected}, URI:ixha://test-site/witness/third`],
  ['something longer', `URI:${expected}/more`],
])('refuses a certificate with %s', (_what, subjectaltname) => {
  const fault = identityFault({ subjectaltname } as { subjectaltname: string }, expected);
  expect(fault?.code).toBe('IXHA_FOREIGN');
});

test('trusts the site authority alone, over TLS 1.3 alone', () => {
  const options = agentTlsOptions({ authority: 'A', certificate: 'C', key: 'K' }, expected);
  expect(options).toMatchObject({
    ca: ['A'],
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    rejectUnauthorized: true,
  });
});

test('names every agent of a site with its address, port and identity', () => {
  const endpoints = agentEndpoints(sampleSite());
  expect(endpoints.map(({ identity, address, port }) => `${identity} ${address}:${port}`)).toEqual([
    'ixha://test-site/member/WK1/north 127.0.0.1:7670',
    'ixha://test-site/member/WK1/south 127.0.0.2:7670',
    'ixha://test-site/member/WK2/north 127.0.0.1:7680',
    'ixha://test-site/member/WK2/south 127.0.0.2:7680',
    'ixha://test-site/witness/third 127.0.0.3:7660',
  ]);
});
