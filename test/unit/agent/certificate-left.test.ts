import { expect, test } from 'vitest';
import { certificateLeft } from '../../../agent/tls/credentials.ts';
import { createIdentity, createSiteAuthority } from '../../../electron/host/authority/site-authority.ts';

const dayMs = 24 * 3_600_000;

test('what is left of a certificate is counted by the wall clock, below zero once it has expired', async () => {
  const authority = await createSiteAuthority('hospital');
  const identity = { kind: 'witness', site: 'hospital', server: 'wit' } as const;
  const left = async (days: number) => {
    const { certificatePem } = await createIdentity(authority, { identity, days });
    return certificateLeft({ certificate: certificatePem })() / dayMs;
  };
  expect(await left(30)).toBeCloseTo(30, 2);
  expect(await left(-0.5)).toBeCloseTo(-0.5, 2);
});
