import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  installRefusals,
  readInstallFile,
  type SiteInstallFile,
} from '../../../../electron/host/install/install-file.ts';
import { sampleFile } from './install-samples.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = sampleFile('/secrets/engine', '/secrets/key');

async function read(content: string) {
  const path = join(folder, 'site.json');
  writeFileSync(path, content);
  return readInstallFile(path);
}

function changed(change: (file: SiteInstallFile) => void): SiteInstallFile {
  const copy = structuredClone(good);
  change(copy);
  return copy;
}

describe('the site file', () => {
  it('is accepted when it is whole and safe', async () => {
    expect(await read(JSON.stringify(good))).toEqual({ ok: true, value: good });
  });

  it('says that it is not there', async () => {
    const result = await readInstallFile(join(folder, 'none.json'));
    expect(!result.ok && result.error.code).toBe('site.missing');
  });

  it.each([
    ['cut off', JSON.stringify(good).slice(0, -5)],
    ['empty', ''],
    ['a list', '[]'],
    ['with a field too many', JSON.stringify({ ...good, extra: 1 })],
    ['with a host name for an address', JSON.stringify(good).replaceAll('192.0.2.11', 'north.example')],
    [
      'with an algorithm nobody knows',
      JSON.stringify(good).replace('"sudo"', '"legacyAlgorithms":["rot13"],"sudo"'),
    ],
    ['with a key that is no fingerprint', JSON.stringify(good).replaceAll('SHA256:', 'MD5:')],
    [
      'with a unit that would be an option',
      JSON.stringify(good).replaceAll('engine-WK1.service', '--now.service'),
    ],
  ])('is refused as damaged when it is %s', async (_what, content) => {
    const result = await read(content);
    expect(!result.ok && result.error.code).toBe('site.damaged');
  });

  it('is never accepted with a byte cut out, and never throws', async () => {
    const text = JSON.stringify(good);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 1, max: 40 }), async (at, length) => {
        const result = await read(text.slice(0, at) + text.slice(at + length));
        if (result.ok) expect(installRefusals(result.value)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  const unsafe: [string, SiteInstallFile, string][] = [
    [
      'a server without a way to it',
      changed((file) => delete file.access['third']),
      'server third has no entry',
    ],
    [
      'access to a stranger',
      changed((file) => (file.access['other'] = file.access['lb']!)),
      'other is no server of the site',
    ],
    [
      'no means to log in',
      changed((file) => delete file.access['lb']!.identityFile),
      'needs identityFile, passwordFile or sshAgent',
    ],
    [
      'a user who is not root without sudo',
      changed((file) => (file.access['lb']!.user = 'admin')),
      'logs in as admin',
    ],
    [
      'sudo with a password from nowhere',
      changed((file) => (file.access['lb']!.sudo = 'password')),
      'needs sudoPasswordFile',
    ],
    [
      'a jump host that has no entry',
      changed((file) => (file.access['lb']!.jump = 'bastion')),
      'goes through the jump host bastion',
    ],
    [
      'a jump host that nobody can log in to',
      changed((file) => (file.jumpHosts = { bastion: { user: 'hop', port: 22, address: 'bastion' } })),
      'jump host bastion needs identityFile',
    ],
    [
      'the lease store on a member',
      changed((file) => (file.site.leaseStore = { kind: 'witness', server: 'north', port: 7660 })),
      'it must be a third machine',
    ],
    [
      'one engine in two clusters',
      changed((file) => {
        file.site.clusters[1]!.members[0]!.engine.service.unit = 'engine-WK1.service';
      }),
      'used by two clusters',
    ],
    [
      'the balancer of the demo',
      changed((file) => (file.site.loadBalancer = { kind: 'demo', address: '127.0.0.1' })),
      'cannot be installed',
    ],
  ];
  it.each(unsafe)('is refused as unsafe with %s', async (_what, file, sentence) => {
    const result = await read(JSON.stringify(file));
    expect(!result.ok && result.error.code).toBe('site.unsafe');
    expect(!result.ok && result.error.details?.join('\n')).toContain(sentence);
  });
});
