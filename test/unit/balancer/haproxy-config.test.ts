import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { haproxyConfig, haproxyMark } from '../../../shared/balancer/haproxy-config.ts';
import { sampleSite } from '../host/install/install-samples.ts';

describe('the HAProxy configuration of a site', () => {
  it('is the golden one', async () => {
    await expect(haproxyConfig(sampleSite())).toMatchFileSnapshot('golden/haproxy.cfg');
  });

  it('begins with the mark by which it is known as ours', () => {
    expect(haproxyConfig(sampleSite()).split('\n')[0]).toBe(haproxyMark);
  });

  it('keeps free text out of everything but comments', () => {
    const site = sampleSite();
    site.clusters[0]!.listeners[0]!.name = 'ADT\nlisten evil\n  bind *:1 é';
    const lines = haproxyConfig(site).split('\n');
    expect(lines.filter((line) => line.includes('evil')).every((line) => line.startsWith('#'))).toBe(true);
  });

  it('writes IPv6 addresses in brackets', () => {
    const site = sampleSite();
    site.servers[0]!.address = '2001:db8::11';
    site.servers[3]!.address = '2001:db8::14';
    expect(haproxyConfig(site)).toContain('server north [2001:db8::11]:6661 check port 7671');
    expect(haproxyConfig(site)).toContain('bind [::]:7001');
  });

  const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;
  it.skipIf(!hasHaproxy)('is accepted by HAProxy itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ixha-haproxy-'));
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, haproxyConfig(sampleSite()));
    const check = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(`${check.stdout}${check.stderr}`).not.toMatch(/ALERT|WARNING/);
    expect(check.status).toBe(0);
  });
});
