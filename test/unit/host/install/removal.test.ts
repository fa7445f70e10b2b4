import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { uninstallSite } from '../../../../electron/host/install/uninstall-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';
import type { SiteDocument } from '../../../../shared/site/site-document.ts';
import { installedMemorySite, type MemorySite, type MemoryServerId } from '../upgrade/memory-site.ts';

/**
 * Goal: a removal goes by what lies on the servers. A guard that is left while its deadline is removed kills its engine,
 * and a gate that is left refuses every start. Method: an installed site on servers in memory, and a document that names
 * less than they carry.
 */
const version = '1.0.0-abc';
let folder: string;
let site: MemorySite;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-removal-'));
  site = await installedMemorySite(folder, version);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const whole = () => site.inputs(version).document.site;
const inputs = (document: SiteDocument, change: Partial<InstallInputs> = {}): InstallInputs => {
  const usual = site.inputs(version);
  return { ...usual, document: { ...usual.document, site: document }, ...change };
};
const withoutWk2 = (): SiteDocument => ({
  ...whole(),
  clusters: whole().clusters.filter(({ id }) => id !== 'WK2'),
});
const changes = () => Object.values(site.servers).flatMap((server) => server.changes);
const left = (id: MemoryServerId) =>
  [...site.servers[id].files.keys(), ...site.servers[id].folders.keys()].filter((path) =>
    path.includes('ixha'),
  );
const errorsOf = (result: Awaited<ReturnType<typeof uninstallSite>>) => (result.ok ? [] : result.error);

/** Ends every agent and guard of WK2, as a person at the servers can. */
function endWk2(): void {
  for (const server of [site.servers.north, site.servers.south]) {
    for (const unit of server.units.keys())
      if (unit.includes('WK2')) server.units.set(unit, { active: 'inactive', enabled: true });
  }
}

describe('a cluster that the document does not name', () => {
  it.each(['keep', 'stop'] as const)(
    'is not touched while it is at work, whatever was said of engines: %s',
    async (word) => {
      const [error, ...others] = errorsOf(await uninstallSite(inputs(withoutWk2()), word));
      expect(others).toEqual([]);
      expect(error).toMatchObject({ code: 'install.leaving' });
      expect(error!.message).toContain('carry more than this site document names: WK2');
      expect(error!.details).toContain('engine-WK2.service of WK2 runs on ig-south');
      expect(error!.details).toContain('agent or guards of WK2 run on ig-north');
      expect(error!.next).toContain('Take over what the servers carry');
      expect(changes()).toEqual([]);
    },
  );

  it('is found by its running guards alone, where none of its files is left', async () => {
    for (const server of [site.servers.north, site.servers.south]) {
      server.units.set('engine-WK2.service', { active: 'inactive', enabled: false });
      for (const path of [...server.files.keys(), ...server.folders.keys()]) {
        if (path.includes('WK2')) server.files.delete(path);
        if (path.includes('WK2')) server.folders.delete(path);
      }
    }
    const [error] = errorsOf(await uninstallSite(inputs(withoutWk2()), 'keep'));
    expect(error).toMatchObject({ code: 'install.leaving' });
    expect(error!.message).toContain('WK2');
    expect(changes()).toEqual([]);
  });

  it('goes with the others when nothing of it runs, with its gates', async () => {
    endWk2();
    expect(await uninstallSite(inputs(withoutWk2()), 'keep')).toMatchObject({ ok: true });
    expect(left('north')).toEqual([]);
    expect(left('south')).toEqual([]);
    expect(site.servers.north.units.get('engine-WK1.service')?.active).toBe('active');
    expect([...site.servers.south.marks.keys()]).toEqual([]);
  });
});

describe('a member that the document no longer has on its server', () => {
  /** South is out of the document, with another server in its place, and was never cleaned up. */
  const withoutSouth = (): SiteDocument => ({
    ...whole(),
    loadBalancer: { kind: 'f5', addresses: {} },
    servers: whole().servers.filter(({ id }) => id !== 'south'),
    clusters: whole().clusters.map((cluster) => ({
      ...cluster,
      members: cluster.members.map((one) => (one.server === 'south' ? { ...one, server: 'lb' } : one)),
    })),
  });

  it('is asked for when its engine runs there, and then goes too', async () => {
    const known = { targetBy: site.inputs(version).target };
    const [error] = errorsOf(await uninstallSite(inputs(withoutSouth(), known), undefined));
    expect(error).toMatchObject({ code: 'command.refused' });
    expect(error!.details).toEqual([
      'engine-WK1.service runs on ig-north',
      'engine-WK2.service runs on ig-south',
    ]);
    expect(changes()).toEqual([]);
    expect(await uninstallSite(inputs(withoutSouth(), known), 'keep')).toMatchObject({ ok: true });
    expect(left('south')).toEqual([]);
    expect(site.servers.south.units.get('ixha-guard-1@WK2.service')?.active).toBe('inactive');
    expect(site.servers.south.units.get('engine-WK2.service')?.active).toBe('active');
  });
});

describe('a server that is not reached', () => {
  const cut = (): InstallInputs => {
    const usual = site.inputs(version);
    const connect: InstallInputs['connect'] = (target) =>
      target.address === '192.0.2.12'
        ? Promise.resolve(fail(productError('server.unreachable', 'no way to ig-south')))
        : usual.connect(target);
    return { ...usual, connect };
  };

  it('is waited for, and the error tells how to go on without it', async () => {
    const [error] = errorsOf(await uninstallSite(cut(), 'stop'));
    expect(error).toMatchObject({ code: 'install.leaver-silent' });
    expect(error!.next).toContain('--gone south');
    expect(changes()).toEqual([]);
    const leaving = { engines: undefined, gone: ['south'] };
    expect(await uninstallSite({ ...cut(), leaving }, 'stop')).toMatchObject({ ok: true });
    expect(left('north')).toEqual([]);
    expect(left('third')).toEqual([]);
    expect(site.servers.south.changes).toEqual([]);
  });

  it('is not left alone either when only another workstation has installed it', async () => {
    const names = ['site.json', 'access.json', 'configuration.txt'].map((name) =>
      join(folder, 'profile', name),
    );
    const before: SiteDocument = { ...whole(), loadBalancer: { kind: 'f5', addresses: {} } };
    site.servers.lb.units.set('haproxy.service', { active: 'active', enabled: true });
    expect(await installSite(inputs(before))).toMatchObject({ ok: true });
    const kept = names.map((name) => readFileSync(name));
    expect(await installSite(inputs(whole()))).toMatchObject({ ok: true });
    names.forEach((name, index) => writeFileSync(name, kept[index]!));
    site.forgetChanges();
    const [error] = errorsOf(await uninstallSite(inputs(before), 'keep'));
    expect(error).toMatchObject({ code: 'site.newer' });
    expect(error!.message).toContain('also uses lb');
    expect(changes()).toEqual([]);
  });
});
