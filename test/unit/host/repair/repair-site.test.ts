import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  differenceLines,
  lookAtDifferences,
  repairSite,
} from '../../../../electron/host/repair/repair-site.ts';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { writeMove } from '../../../../electron/host/move-store/move-record.ts';
import { renewSite } from '../../../../electron/host/repair/renew-site.ts';
import { installedMemorySite, shortLimits, type MemorySite } from '../upgrade/memory-site.ts';

/** Goal: exactly what differs is mended, without a moment in which a fault would be fatal. Method: an installed site on servers in memory, spoiled in one place each time. */
const version = '1.0.0-abc';
const everything = { server: undefined, unprotected: [] };
let folder: string;
let site: MemorySite;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-repair-'));
  site = await installedMemorySite(folder, version);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const repair = (choice = {}) => repairSite(site.inputs(version), { ...everything, ...choice }, shortLimits);
const look = () => lookAtDifferences(site.inputs(version), everything);
const codeOf = (result: Awaited<ReturnType<typeof repair>>) => (result.ok ? 'ok' : result.error[0]!.code);
const allChanges = () => Object.values(site.servers).flatMap(({ changes }) => changes);
const north = () => site.servers.north;

/** What was found on the north server alone, by a look and by the repair that follows. */
async function found(): Promise<readonly string[]> {
  const looked = await look();
  expect(allChanges()).toEqual([]);
  const repaired = await repair();
  if (!looked.ok || !repaired.ok) throw new Error(JSON.stringify([looked, repaired]));
  expect(repaired.value.toSorted((a, b) => a.server.localeCompare(b.server))).toEqual(
    looked.value.toSorted((a, b) => a.server.localeCompare(b.server)),
  );
  expect(
    looked.value.filter(({ server, differences }) => server !== 'north' && differences.length > 0),
  ).toEqual([]);
  return looked.value.find(({ server }) => server === 'north')!.differences;
}

async function expectWhole(): Promise<void> {
  site.forgetChanges();
  const again = await repair();
  expect(again.ok && again.value.every(({ differences }) => differences.length === 0)).toBe(true);
  expect(allChanges()).toEqual([]);
}

describe('repairing a site', () => {
  it('finds a whole site whole and changes nothing', async () => {
    const looked = await look();
    expect(looked.ok && differenceLines(looked.value)).toEqual([
      'third: whole',
      'north: whole',
      'south: whole',
      'lb: whole',
    ]);
    await expectWhole();
  });

  it('puts back a file with other content and restarts only what reads it', async () => {
    const path = '/etc/ixha/WK2/member.json';
    north().files.set(path, { ...north().files.get(path)!, content: '{}' });
    expect(await found()).toEqual([`${path} has other content`]);
    expect(site.restartsOn('north')).toEqual(['ixha-agent@WK2.service']);
    expect(north().changes.filter((change) => change.startsWith('upload'))).toEqual([`upload ${path}`]);
    await expectWhole();
  });

  it('puts back modes, owners and what is missing', async () => {
    const environment = '/etc/ixha/WK1/guard.env';
    north().files.set('/usr/bin/ixha', { ...north().files.get('/usr/bin/ixha')!, mode: '0777' });
    north().folders.set('/etc/ixha/WK1', { mode: '0750', owner: 'nobody:root' });
    north().files.delete(environment);
    expect(await found()).toEqual([
      '/etc/ixha/WK1 belongs to nobody:root instead of root:root',
      '/usr/bin/ixha has the mode 0777 instead of 0755',
      `${environment} is missing`,
    ]);
    expect(site.restartsOn('north')).toEqual(['ixha-guard-1@WK1.service', 'ixha-guard-2@WK1.service']);
    await expectWhole();
  });

  it('has every unit run a mended file of the program, one after the other', async () => {
    const path = `/usr/lib/ixha/${version}/scripts/guard.sh`;
    north().files.set(path, { ...north().files.get(path)!, content: '#!/bin/sh\n' });
    expect(await found()).toEqual([`${path} has other content`]);
    expect(site.restartsOn('north')).toHaveLength(6);
    await expectWhole();
  });

  it('starts guards and agents that do not run, also while nobody could take over', async () => {
    for (const unit of ['ixha-guard-2@WK1.service', 'ixha-agent@WK2.service']) {
      north().units.set(unit, { active: 'inactive', enabled: false });
    }
    site.unfit.add('WK2/south');
    expect(await found()).toEqual([
      'ixha-guard-2@WK1.service does not run',
      'ixha-guard-2@WK1.service is not started with the server',
      'ixha-agent@WK2.service does not run',
      'ixha-agent@WK2.service is not started with the server',
    ]);
    expect(site.restartsOn('north')).toEqual([]);
    await expectWhole();
  });

  it('starts no agent before its guards run and a kill is proven', async () => {
    for (const unit of ['ixha-agent@WK1.service', 'ixha-guard-1@WK1.service', 'ixha-guard-2@WK1.service'])
      north().units.set(unit, { active: 'inactive', enabled: false });
    north().units.set('engine-WK1.service', { active: 'inactive', enabled: false });
    north().files.delete('/etc/ixha/WK1/guard-proof.json');
    expect((await repair()).ok).toBe(true);
    const { changes } = north();
    const agent = changes.findIndex((change) => /(start|enable).* ixha-agent@WK1/.test(change));
    const proof = changes.findIndex((change) => change.includes('guard-proof'));
    const guards = changes.findLastIndex((change) => /(start|enable).* ixha-guard-.@WK1/.test(change));
    expect([guards >= 0, proof > guards, agent > proof]).toEqual([true, true, true]);
    await expectWhole();
  });

  it('gives a member whose certificate is gone a new one', async () => {
    const path = '/etc/ixha/WK1/certificates/certificate.pem';
    north().files.set(path, { ...north().files.get(path)!, content: 'nonsense' });
    expect(await found()).toEqual([`${path} is missing or no certificate`]);
    expect(site.restartsOn('north')).toEqual(['ixha-agent@WK1.service']);
    await expectWhole();
  });

  it('never touches an engine', async () => {
    const gate = '/etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf';
    north().files.delete(gate);
    expect(await found()).toEqual([`${gate} is missing`]);
    expect(allChanges().filter((change) => /systemctl (start|stop|restart) engine/.test(change))).toEqual([]);
    await expectWhole();
  });

  it('does not restart an agent while nobody could take over, and goes on the next time', async () => {
    const path = '/etc/ixha/WK1/member.json';
    north().files.set(path, { ...north().files.get(path)!, content: '{}' });
    site.unfit.add('WK1/south');
    expect(codeOf(await repair())).toBe('upgrade.unprotected');
    expect(site.restartsOn('north')).toEqual([]);
    site.unfit.clear();
    expect(codeOf(await repair())).toBe('ok');
    expect(site.restartsOn('north')).toEqual(['ixha-agent@WK1.service']);
    await expectWhole();
  });

  it('goes on after an interruption at any change', async () => {
    const path = '/etc/ixha/WK1/member.json';
    const spoil = () => {
      north().files.set(path, { ...north().files.get(path)!, content: '{}' });
      north().units.set('ixha-guard-1@WK1.service', { active: 'inactive', enabled: true });
    };
    spoil();
    await repair();
    const changes = [...new Set(north().changes)];
    expect(changes.length).toBeGreaterThan(3);
    for (const change of changes) {
      spoil();
      // What the server is told names its units behind two dashes.
      north().breaksAt = change.replace(/^systemctl (\S+) (?=\S+\.service)/, 'systemctl $1 -- ');
      expect([change, codeOf(await repair())]).not.toEqual([change, 'ok']);
      expect([change, codeOf(await repair())]).toEqual([change, 'ok']);
      await expectWhole();
    }
  });
});

describe('a repair is refused in words', () => {
  const message = async (choice = {}) => {
    const result = await repair(choice);
    expect(allChanges()).toEqual([]);
    return result.ok ? 'ok' : result.error.map((error) => error.message).join(' ');
  };

  it('where nothing is installed, and where another version is', async () => {
    north().files.clear();
    north().link = '';
    expect(await message()).toContain('Nothing of the product is on ig-north');
    site.servers.south.link = '0.9.0-old';
    expect(await message({ server: 'south' })).toContain('ig-south has version 0.9.0-old');
  });

  it('where the agent is that of another site', async () => {
    north().files.set('/etc/ixha/site', { ...north().files.get('/etc/ixha/site')!, content: 'elsewhere\n' });
    expect(await message()).toContain('elsewhere');
  });

  it('where an upgrade was interrupted, and for a server that is none', async () => {
    north().kept = { record: '1.0.0-abc 1.1.0-def', files: new Map() };
    expect(await message()).toContain('An upgrade of ig-north was interrupted');
    expect(await message({ server: 'nowhere' })).toContain('This is not for nowhere');
  });

  it('where a move of the lease store has not ended, as an installation and a renewal are', async () => {
    const inputs = site.inputs(version);
    const end = { site: inputs.document.site, ways: { access: {} } };
    const move = { schema: 1 as const, from: end, to: end, begunAt: '2026-03-01T02:00:00.000Z', lines: [] };
    await writeMove(inputs.profileDirectory, { ...move, endedAt: null });
    expect(await message()).toContain('A move of the lease store');
    for (const other of [await installSite(inputs), await renewSite(inputs, everything, shortLimits)])
      expect(other).toMatchObject({ error: [{ code: 'move.refused' }] });
    expect(allChanges()).toEqual([]);
    await writeMove(inputs.profileDirectory, { ...move, endedAt: move.begunAt });
    expect(await message()).toBe('ok');
  });

  it('as an installation and a renewal are where an upgrade was interrupted', async () => {
    north().kept = { record: '1.0.0-abc 1.1.0-def', files: new Map() };
    const inputs = site.inputs(version);
    for (const other of [await installSite(inputs), await renewSite(inputs, everything, shortLimits)])
      expect(other).toMatchObject({ error: [{ code: 'upgrade.refused' }] });
    expect(allChanges()).toEqual([]);
  });

  it.each([
    ['with its gate taken off, as by hand', true],
    ['with its gate in place, as after a removal that was cut off', false],
  ])('where an engine runs and no agent holds a deadline for it, %s', async (_what, gateOff) => {
    for (const unit of ['ixha-agent@WK1.service', 'ixha-guard-1@WK1.service', 'ixha-guard-2@WK1.service'])
      north().units.set(unit, { active: 'inactive', enabled: false });
    north().units.set('engine-WK1.service', { active: 'active', enabled: false });
    if (gateOff) north().files.delete('/etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf');
    expect(codeOf(await repair())).toBe('install.engine-running');
    expect(await installSite(site.inputs(version))).toMatchObject({
      error: [{ code: 'install.engine-running' }],
    });
    expect(allChanges()).toEqual([]);
  });

  it('but a half-removed agent is put back', async () => {
    for (const path of [...north().files.keys()])
      if (path.startsWith('/etc/systemd/system/ixha')) north().files.delete(path);
    for (const unit of [...north().units.keys()])
      north().units.set(unit, { active: 'inactive', enabled: false });
    const result = await repair();
    expect(
      result.ok && result.value.find(({ server }) => server === 'north')!.differences.length,
    ).toBeGreaterThan(10);
    await expectWhole();
  });
});
