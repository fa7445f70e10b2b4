import { afterEach, expect, test, vi } from 'vitest';
import { certificateTold } from '../../../agent/tls/tls-side.ts';
import { sideOf } from '../../integration/tls-side.ts';
import { createIdentity, createSiteAuthority } from '../../../electron/host/authority/site-authority.ts';

const dayMs = 24 * 3_600_000;
afterEach(() => void vi.useRealTimers());

test('the time of a certificate is counted by the wall clock, below zero once it has expired', async () => {
  const authority = await createSiteAuthority('hospital');
  const identity = { kind: 'witness', site: 'hospital', server: 'wit' } as const;
  const { certificatePem, privateKeyPem: key } = await createIdentity(authority, { identity, days: 30 });
  const credentials = { authority: authority.certificatePem, certificate: certificatePem, key, identity };
  const time = certificateTold(sideOf(credentials));
  const issuedMs = Date.now();
  const after = (days: number) => {
    vi.useFakeTimers({ now: issuedMs + days * dayMs, toFake: ['Date'] });
    return time();
  };
  expect(after(0).certificateEndsInMs / dayMs).toBeCloseTo(30, 2);
  expect(after(0)).not.toHaveProperty('certificateBeginsInMs');
  expect(after(30.5).certificateEndsInMs / dayMs).toBeCloseTo(-0.5, 2);
  expect(after(-3).certificateBeginsInMs! / dayMs).toBeCloseTo(2, 2);
});
