import { describe, expect, it } from 'vitest';
import { showRecipe } from '../../../../electron/host/site-command/balancer-verbs.ts';
import { sampleSite } from '../install/install-samples.ts';

describe('site balancer', () => {
  it('prints the recipe of the kind that is asked for, with its costs and what is never at stake', () => {
    const result = showRecipe(sampleSite(), 'f5');
    const text = result.ok ? result.value.join('\n') : '';
    expect(text).toContain('ltm virtual /Common/ixha-WK1-1');
    expect(text).toMatch(/What is not promised with it:\n {2}- It asks once a second/);
    expect(text).toContain('Never at stake');
  });

  it('takes the kind of the site document where none is asked for', () => {
    const site = sampleSite();
    site.loadBalancer = { kind: 'nginx', addresses: { WK1: '192.0.2.101', WK2: '192.0.2.101' } };
    const result = showRecipe(site, undefined);
    expect(result.ok && result.value.join('\n')).toContain('listen 192.0.2.101:7011');
  });

  it('refuses what this kind cannot do, with every reason', () => {
    const result = showRecipe(sampleSite(), 'keepalived');
    expect(!result.ok && result.error[0]!.code).toBe('site.unsafe');
    const reasons = result.ok ? [] : (result.error[0]!.details ?? []);
    expect(reasons.join('\n')).toMatch(/virtual address 192\.0\.2\.14 is used twice/);
    expect(reasons.join('\n')).toMatch(/WK1: keepalived moves an address and translates no ports/);
  });
});
