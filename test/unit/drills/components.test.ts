import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepVerification } from '../../../electron/host/balancer/kept-verification.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { drillIn } from './drill-world.ts';

const hourMs = 3_600_000;
let profile = '';
beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), 'components-drill-'));
});
afterAll(() => rm(profile, { recursive: true, force: true }));

/** What the drill says of a balancer that tells nothing itself, last looked at from outside at `wallTime`. */
async function balancerLine(wallTime: string) {
  const seen = fixtures.healthy();
  const wk1 = seen.site!.clusters[0]!;
  wk1.balancer = null;
  // Active since 23:00.
  wk1.members.find(({ server }) => server === 'ig-north')!.snapshot!.role.sinceMs = hourMs;
  const found = { verdict: 'proven', server: 'ig-north', finding: 'ig-north answers', remedy: null } as const;
  const check = { cluster: 'WK1', listener: 'ADT', address: 'lb-1:6661', ...found };
  await keepVerification(profile, { wallTime, checks: [check] });
  const { record } = await drillIn('components', { seen }, profile);
  return record.lines.find(({ id }) => id === 'balancer');
}

/** Goal: a balancer is said to send to the Active only where that was seen of now. Method: looks before and after the last move. */
describe('a balancer that was looked at from outside', () => {
  it('is as expected where nothing has moved since', async () => {
    expect((await balancerLine('2026-03-13T23:30:00.000Z'))?.verdict).toBe('met');
  });

  it('is not known where the cluster may have moved since, or nobody knows when the look was', async () => {
    const old = await balancerLine('2026-03-13T22:30:00.000Z');
    expect(old).toMatchObject({ verdict: 'not-known' });
    expect(old?.happened).toContain('not known to be after the last move');
    expect((await balancerLine('some day'))?.verdict).toBe('not-known');
  });
});
