import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { haproxyConfig, haproxyMark, haproxySections } from '../../../shared/balancer/haproxy-config.ts';
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

  it('asks the members of a cluster for its first listener only', () => {
    const site = sampleSite();
    site.clusters[0]!.listeners.push({ name: 'ORU in', port: 6662, frontendPort: 7002 });
    for (const [text, prefix] of [
      [haproxyConfig(site), ''],
      [haproxySections(site), 'ixha-'],
    ] as const) {
      expect(text).toContain('server north 192.0.2.11:6661 check port 7671');
      expect(text).toContain(`server north 192.0.2.11:6662 track ${prefix}WK1-1/north`);
      expect(text.match(/httpchk/g)).toHaveLength(2);
    }
  });

  const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;
  it.skipIf(!hasHaproxy)('is accepted by HAProxy itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ixha-haproxy-'));
    const file = join(folder, 'haproxy.cfg');
    const site = sampleSite();
    site.clusters[0]!.listeners.push({ name: 'ORU in', port: 6662, frontendPort: 7002 });
    writeFileSync(file, haproxyConfig(site));
    const check = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(`${check.stdout}${check.stderr}`).not.toMatch(/ALERT|WARNING/);
    expect(check.status).toBe(0);
  });
});
