import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';
import { upgradeSite } from '../../../../electron/host/upgrade/upgrade-site.ts';

import { installedMemorySite, shortLimits, type MemoryServerId, type MemorySite } from './memory-site.ts';

const older = '1.0.0-abc';
const newer = '1.1.0-def';
type Id = MemoryServerId;
const limits = shortLimits;
const everything = { server: undefined, unprotected: [] };

let folder: string;
let site: MemorySite;
let servers: MemorySite['servers'];
let unfit: MemorySite['unfit'];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-upgrade-'));
  site = await installedMemorySite(folder, older);
  ({ servers, unfit } = site);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inputs = (version: string) => site.inputs(version);
const upgrade = (choice = {}, version = newer) =>
  upgradeSite(inputs(version), { ...everything, ...choice }, limits);
const errorOf = (result: Awaited<ReturnType<typeof upgrade>>) => (result.ok ? undefined : result.error[0]);
const restartsOn = (id: Id) => site.restartsOn(id);
const versionsOf = (id: Id) =>
  [...servers[id].folders.keys()].flatMap((path) => /^\/usr\/lib\/ixha\/([^/]+)$/.exec(path)?.[1] ?? []);
const agents: Id[] = ['third', 'north', 'south'];

/** Every unit of a server runs this version, and nothing is left of a change of version. */
function expectWholly(id: Id, version: string): void {
  const server = servers[id];
  const ran = [...server.runs].map(([unit]) => [unit, server.runningVersion(unit)]);
  expect(ran, id).toEqual(ran.map(([unit]) => [unit, version]));
  expect({ link: server.link, kept: server.kept, needsReload: server.needsReload }, id).toEqual({
    link: version,
    kept: undefined,
    needsReload: false,
  });
}

/** Goal: a site gets a new version without a moment in which a fault would be fatal. Method: servers in memory, each step failing once. */
describe('upgrading a site', () => {
  it('brings every server with agents to the new version, and has nothing to do the second time', async () => {
    const result = await upgrade();
    expect(result.ok && result.value.map(({ server, changed }) => [server, changed])).toEqual([
      ['third', true],
      ['north', true],
      ['south', true],
    ]);
    for (const id of agents) expectWholly(id, newer);
    for (const server of Object.values(servers)) server.changes.length = 0;
    const again = await upgrade();
    expect(again.ok && again.value.every(({ changed }) => !changed)).toBe(true);
    expect(agents.flatMap(restartsOn)).toEqual([]);
  });

  it('restarts on each server the Passive agents, then the Active ones, then one guard of each and then the other', async () => {
    await upgrade();
    expect(restartsOn('third')).toEqual(['ixha-witness.service']);
    expect(restartsOn('north')).toEqual([
      'ixha-agent@WK2.service',
      'ixha-agent@WK1.service',
      'ixha-guard-1@WK2.service',
      'ixha-guard-1@WK1.service',
      'ixha-guard-2@WK2.service',
      'ixha-guard-2@WK1.service',
    ]);
    expect(restartsOn('south').slice(0, 2)).toEqual(['ixha-agent@WK1.service', 'ixha-agent@WK2.service']);
  });

  it('leaves engines, balancer and the members’ memories alone', async () => {
    await upgrade();
    const changes = agents.flatMap((id) => servers[id].changes);
    expect(
      changes.filter((change) => /systemctl \S+ (engine|haproxy)|upload.*memory|seed/.test(change)),
    ).toEqual([]);
    expect(servers.lb.changes).toEqual([]);
  });

  it('keeps the version before, and removes what is older', async () => {
    await upgrade();
    expect(versionsOf('north').sort()).toEqual([older, newer]);
    expect((await upgrade({}, '1.2.0-ghi')).ok).toBe(true);
    expect(versionsOf('north').sort()).toEqual([newer, '1.2.0-ghi']);
  });

  it('touches one server only when asked to, but none before the lease store', async () => {
    expect(errorOf(await upgrade({ server: 'north' }))?.message).toContain('Upgrade third first');
    expect((await upgrade({ server: 'third' })).ok).toBe(true);
    expect((await upgrade({ server: 'south' })).ok).toBe(true);
    expectWholly('south', newer);
    expectWholly('north', older);
  });

  it('refuses an older version, another site file, and names that the site does not have', async () => {
    expect(errorOf(await upgrade({}, '0.9.0-old'))?.code).toBe('upgrade.refused');
    expect(errorOf(await upgrade({ server: 'lb' }))?.message).toContain('This is not for lb');
    expect(errorOf(await upgrade({ unprotected: ['WK9'] }))?.message).toContain('no cluster WK9');
    writeFileSync(join(folder, 'profile/site.json'), '{}');
    expect(errorOf(await upgrade())?.message).toContain('differs from what is installed');
    rmSync(join(folder, 'profile/site.json'));
    expect(errorOf(await upgrade())?.message).toContain('not the profile folder');
    expect(agents.flatMap((id) => servers[id].changes)).toEqual([]);
  });

  it('is what an installation over another version at work points to', async () => {
    const result = await installSite(inputs(newer));
    expect(!result.ok && result.error.map(({ code }) => code)).toEqual(agents.map(() => 'upgrade.refused'));
    expect(agents.flatMap(restartsOn)).toEqual([]);
  });
});

describe('a cluster without a fit Passive', () => {
  beforeEach(() => unfit.add('WK1/south'));

  it('keeps every server as it is, and says why', async () => {
    const error = errorOf(await upgrade());
    expect(error?.code).toBe('upgrade.unprotected');
    expect(error?.message).toContain('ig-south (WK1): Its storage is not proven');
    expect(agents.flatMap(restartsOn)).toEqual([]);
    for (const id of agents) expectWholly(id, older);
  });

  it('is upgraded when a person says so by its name', async () => {
    expect((await upgrade({ unprotected: ['WK2'] })).ok).toBe(false);
    expect((await upgrade({ unprotected: ['WK1'] })).ok).toBe(true);
    for (const id of agents) expectWholly(id, newer);
  });
});

describe('an upgrade that fails', () => {
  it('touches nothing when the new program does not even start', async () => {
    for (const id of agents) servers[id].broken.add(newer);
    expect(errorOf(await upgrade())?.code).toBe('ssh.command-failed');
    expect(agents.flatMap(restartsOn)).toEqual([]);
    for (const id of agents) expectWholly(id, older);
  });

  it('goes back by itself at the first Passive whose agent ends, and touches no server after it', async () => {
    const run = servers.north.run;
    servers.north.run = async (argv, options) => {
      if (argv[0] === 'systemctl' && argv[1] === 'restart') servers.north.broken.add(newer);
      return run(argv, options);
    };
    const error = errorOf(await upgrade());
    expect(error?.code).toBe('upgrade.rolled-back');
    expect(error?.details?.join()).toContain('ended 7 times');
    expect(restartsOn('north')).toEqual(['ixha-agent@WK2.service', 'ixha-agent@WK2.service']);
    expectWholly('third', newer);
    expectWholly('north', older);
    expectWholly('south', older);
  });

  it('puts configuration and units back with the program', async () => {
    const path = '/etc/systemd/system/ixha-agent@.service';
    const mine = { content: 'of the older version', mode: '0644', owner: 'root:root' };
    servers.north.files.set(path, mine);
    servers.north.breaksAt = 'systemctl restart -- ixha-agent@WK1';
    expect(errorOf(await upgrade())?.code).toBe('upgrade.rolled-back');
    expect(servers.north.files.get(path)).toEqual(mine);
    expectWholly('north', older);
  });

  it.each([
    'upload /usr/lib/ixha/1.1.0-def/node',
    'ixha-link',
    'ixha-keep',
    'ixha-end',
    'systemctl restart -- ixha-agent@WK2',
    'systemctl restart -- ixha-agent@WK1',
    'systemctl restart -- ixha-guard-2@WK1',
    'touch',
  ])('leaves a server wholly old or new, or says that it is half-done, when “%s” fails', async (breaksAt) => {
    servers.north.breaksAt = breaksAt;
    const failed = await upgrade();
    expect(failed.ok).toBe(false);
    const half = servers.north.kept !== undefined;
    if (!half) expectWholly('north', servers.north.link);
    expect((await upgrade()).ok).toBe(true);
    for (const id of agents) expectWholly(id, newer);
  });

  it.each([1, 2, 3, 4, 5, 6, 8, 12])(
    'goes on after the workstation was lost at restart %i',
    async (restart) => {
      let seen = 0;
      for (const id of agents) {
        const run = servers[id].run;
        servers[id].run = async (argv, options) => {
          if (argv[0] === 'systemctl' && argv[1] === 'restart') seen += 1;
          if (seen === restart) return fail(productError('server.unreachable', 'the workstation is gone'));
          return run(argv, options);
        };
      }
      expect((await upgrade()).ok).toBe(false);
      seen = 1_000;
      expect((await upgrade()).ok).toBe(true);
      for (const id of agents) expectWholly(id, newer);
    },
  );

  it('brings a half-done server back when its cluster is not protected by then', async () => {
    const run = servers.north.run;
    let gone = false;
    servers.north.run = async (argv, options) => {
      if (argv[0] === 'systemctl' && argv[1] === 'restart') gone = true;
      return gone ? fail(productError('server.unreachable', 'gone')) : run(argv, options);
    };
    expect(errorOf(await upgrade())?.code).toBe('upgrade.half-done');
    servers.north.run = run;
    servers.north.broken.add(newer);
    servers.north.runs.set('ixha-agent@WK2.service', { version: newer, starts: 9 });
    const error = errorOf(await upgrade());
    expect(error?.code).toBe('upgrade.rolled-back');
    expect(error?.details?.join()).toContain('ig-north (WK2) does not answer');
    expectWholly('north', older);
    expectWholly('south', older);
  });
});
