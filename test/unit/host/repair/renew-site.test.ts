import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renewalLines, renewSite } from '../../../../electron/host/repair/renew-site.ts';
import { installedMemorySite, shortLimits, type MemorySite } from '../upgrade/memory-site.ts';

/** Goal: new certificates without a lost lease. Method: an installed site on servers in memory. */
const version = '1.0.0-abc';
const everything = { server: undefined, unprotected: [] };
let folder: string;
let site: MemorySite;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-renew-'));
  site = await installedMemorySite(folder, version);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const renew = (choice = {}) => renewSite(site.inputs(version), { ...everything, ...choice }, shortLimits);
const certificateAt = (id: 'north' | 'south' | 'third', part: string) =>
  new X509Certificate(
    String(site.servers[id].files.get(`/etc/ixha/${part}/certificates/certificate.pem`)!.content),
  );
const consoleSerial = () =>
  new X509Certificate(readFileSync(join(folder, 'profile/console/certificate.pem'))).serialNumber;

describe('renewing certificates', () => {
  it('gives every part a new certificate for the key that it has, and tells the days', async () => {
    const before = certificateAt('north', 'WK1');
    const consoleBefore = consoleSerial();
    const result = await renew();
    expect(result.ok && renewalLines(result.value)).toEqual([
      'console (this workstation): 364 days left before, 364 days left now',
      'third (lease store): 396 days left before, 396 days left now',
      'north (WK1): 396 days left before, 396 days left now',
      'north (WK2): 396 days left before, 396 days left now',
      'south (WK1): 396 days left before, 396 days left now',
      'south (WK2): 396 days left before, 396 days left now',
    ]);
    const after = certificateAt('north', 'WK1');
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(after.publicKey.equals(before.publicKey)).toBe(true);
    expect(consoleSerial()).not.toBe(consoleBefore);
  });

  it('restarts only what holds a certificate, the Passive of each server first', async () => {
    await renew();
    expect(site.restartsOn('third')).toEqual(['ixha-witness.service']);
    expect(site.restartsOn('north')).toEqual(['ixha-agent@WK2.service', 'ixha-agent@WK1.service']);
    expect(site.restartsOn('south')).toEqual(['ixha-agent@WK1.service', 'ixha-agent@WK2.service']);
  });

  it('restarts no agent while nobody could take over', async () => {
    site.unfit.add('WK1/south');
    const result = await renew({ server: 'north' });
    expect(!result.ok && result.error[0]!.code).toBe('upgrade.unprotected');
    expect(site.restartsOn('north')).toEqual(['ixha-agent@WK2.service']);
    expect((await renew({ server: 'north', unprotected: ['WK1'] })).ok).toBe(true);
  });

  it('needs no certificate that is still good: an unreadable one is replaced', async () => {
    const path = '/etc/ixha/WK1/certificates/certificate.pem';
    site.servers.north.files.set(path, { ...site.servers.north.files.get(path)!, content: 'nonsense' });
    const result = await renew({ server: 'north' });
    expect(result.ok && renewalLines(result.value)[1]).toContain(
      'none that could be read before, 396 days left now',
    );
  });
});
