import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { isKeptSecret } from '../../../../electron/host/rollback/before-record.ts';
import { planRollback, rollBackServer } from '../../../../electron/host/rollback/roll-back-server.ts';
import { upgradeSite } from '../../../../electron/host/upgrade/upgrade-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail } from '../../../../shared/result.ts';
import {
  bareMemorySite,
  installedMemorySite,
  shortLimits,
  type MemoryServerId,
  type MemorySite,
} from '../upgrade/memory-site.ts';

/**
 * Goal: one server is as it was before, and never at the price of a guard that an Active needs. Method: servers in memory,
 * installations that break at every kind of place, and sites at work.
 */
const version = '1.0.0-abc';
const newer = '1.1.0-def';
let folder: string;
let site: MemorySite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-rollback-'));
  site = bareMemorySite(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stateOf = (id: MemoryServerId) => {
  const { files, units, link } = site.servers[id];
  const own = [...files].filter(
    ([path]) => !/certificates|guard-proof|started|site-configuration/.test(path),
  );
  return {
    link,
    files: own.map(([path, { content, mode }]) => `${path} ${mode} ${String(content)}`).sort(),
    units: [...units].map(([unit, { active, enabled }]) => `${unit} ${active} ${enabled}`).sort(),
  };
};
const left = (id: MemoryServerId) =>
  [...site.servers[id].files.keys(), ...site.servers[id].folders.keys()].filter((path) =>
    path.includes('ixha'),
  );
const errorsOf = (result: { ok: true } | { ok: false; error: readonly { code: string }[] }) =>
  result.ok ? [] : result.error;
const changes = () => Object.values(site.servers).flatMap((server) => server.changes);
const cut = (...names: MemoryServerId[]): InstallInputs => {
  const usual = site.inputs(version);
  const addresses = { north: '192.0.2.11', south: '192.0.2.12', third: '192.0.2.13', lb: '192.0.2.14' };
  return {
    ...usual,
    connect: (target) =>
      names.some((name) => addresses[name] === target.address)
        ? Promise.resolve(fail(productError('server.unreachable', `no way to ${target.name}`)))
        : usual.connect(target),
  };
};

describe('a first installation that failed', () => {
  it.each([
    ['while files were placed', 'upload /etc/ixha/WK2/member.json'],
    ['at a guard', 'systemctl start -- ixha-guard-2@WK2.service'],
    ['before the service manager read its files', 'daemon-reload'],
  ])('%s is taken away from one server, and goes on afterwards', async (_words, where) => {
    site.servers.north.breaksAt = where;
    expect(errorsOf(await installSite(site.inputs(version)))).toHaveLength(1);
    const others = stateOf('south');
    const plan = await planRollback(site.inputs(version), 'north');
    expect(plan).toMatchObject({ ok: true });
    const lines = plan.ok ? plan.value : [];
    expect(lines.join('\n')).toContain('removed: the program, /etc/ixha and /var/lib/ixha');
    expect(await rollBackServer(site.inputs(version), 'north', lines)).toEqual({ ok: true, value: lines });
    expect(left('north')).toEqual([]);
    expect(site.servers.north.before.record).toBe('');
    expect(stateOf('south')).toEqual(others);
    expect(await installSite(site.inputs(version))).toMatchObject({ ok: true });
  });

  it('is taken away although all others are silent, as long as nothing here was armed', async () => {
    site.servers.north.breaksAt = 'upload /etc/ixha/WK2/member.json';
    await installSite(site.inputs(version));
    expect(await rollBackServer(cut('south', 'third', 'lb'), 'north')).toMatchObject({ ok: true });
    expect(left('north')).toEqual([]);
  });

  it('is not taken away where silent others may be armed by now', async () => {
    site.servers.south.breaksAt = 'systemctl start -- ixha-agent@WK1.service';
    await installSite(site.inputs(version));
    site.forgetChanges();
    expect(errorsOf(await planRollback(cut('north'), 'south'))).toMatchObject([{ code: 'rollback.unsure' }]);
    expect(errorsOf(await planRollback(site.inputs(version), 'south'))).toMatchObject([
      { code: 'rollback.in-use', details: ['WK1 is armed on ig-north'] },
    ]);
    expect(errorsOf(await planRollback(site.inputs(version), 'third'))).toMatchObject([
      { code: 'rollback.in-use' },
    ]);
    expect(changes()).toEqual([]);
  });

  it('is refused where something else lies there by now than what was confirmed', async () => {
    site.servers.north.breaksAt = 'upload /etc/ixha/WK2/member.json';
    await installSite(site.inputs(version));
    site.forgetChanges();
    const result = await rollBackServer(site.inputs(version), 'north', ['removed: nothing']);
    expect(errorsOf(result)).toMatchObject([{ code: 'rollback.changed' }]);
    expect(changes()).toEqual([]);
  });

  it('is taken away by the same command where that was cut off when only the record of before was left', async () => {
    const { north } = site.servers;
    north.breaksAt = 'upload /etc/ixha/WK2/member.json';
    await installSite(site.inputs(version));
    for (const paths of [north.files, north.folders])
      for (const path of paths.keys()) if (/^\/(etc|usr)\//.test(path)) paths.delete(path);
    north.link = '';
    expect(await rollBackServer(site.inputs(version), 'north')).toMatchObject({ ok: true });
    expect(left('north')).toEqual([]);
    expect(north.before.record).toBe('');
  });

  it('is forgotten on this workstation once it was taken away everywhere', async () => {
    site.servers.north.breaksAt = 'upload /etc/ixha/WK2/member.json';
    await installSite(site.inputs(version));
    const note = join(folder, 'profile', 'install-began.json');
    for (const id of ['north', 'south', 'third']) {
      expect(existsSync(note)).toBe(true);
      expect(await rollBackServer(site.inputs(version), id)).toMatchObject({ ok: true });
    }
    expect(existsSync(note)).toBe(false);
  });

  it('has nothing to take away from a server that it never came to, and none that the site does not use', async () => {
    expect(errorsOf(await planRollback(site.inputs(version), 'lb'))).toMatchObject([
      { code: 'rollback.nothing-kept' },
    ]);
    expect(errorsOf(await planRollback(site.inputs(version), 'north'))).toMatchObject([
      { code: 'rollback.nothing-kept' },
    ]);
    expect(errorsOf(await planRollback(site.inputs(version), 'moon'))).toMatchObject([
      { code: 'request.invalid' },
    ]);
  });
});

describe('a site at work', () => {
  beforeEach(async () => {
    site = await installedMemorySite(folder, version);
  });
  const changed = (): InstallInputs => {
    const usual = site.inputs(version);
    return { ...usual, enginePassword: () => Promise.resolve({ ok: true, value: 'another secret' }) };
  };
  /** Everything has moved to the south. */
  const drainNorth = () => {
    site.active['WK1'] = 'south';
    site.servers.north.units.set('engine-WK1.service', { active: 'inactive', enabled: false });
    site.servers.south.units.set('engine-WK1.service', { active: 'active', enabled: false });
  };

  it('keeps its Active, its lease store, its balancer and its last member', async () => {
    const codes = async (id: string) =>
      errorsOf(await planRollback(site.inputs(version), id)).map(({ code }) => code);
    expect(await codes('north')).toEqual(['rollback.active']);
    drainNorth();
    expect(await codes('north')).toEqual(['rollback.in-use']);
    expect(await codes('third')).toEqual(['rollback.in-use']);
    expect(await codes('lb')).toEqual(['rollback.in-use']);
    expect(changes()).toEqual([]);
  });

  it('gets configuration of before back on one server after a change that has failed or ended', async () => {
    const before = stateOf('north');
    site.servers.north.breaksAt = 'systemctl restart -- ixha-agent@WK2.service';
    await installSite(changed());
    drainNorth();
    const plan = await planRollback(site.inputs(version), 'north');
    expect(plan).toMatchObject({ ok: true });
    expect(plan.ok && plan.value).toContain('restored: /etc/ixha/WK1/engine-password');
    expect(plan.ok && plan.value).toContain('restarted: ixha-agent@WK2.service');
    expect(await rollBackServer(site.inputs(version), 'north')).toMatchObject({ ok: true });
    drainedBack();
    expect(stateOf('north')).toEqual(before);
    expect(errorsOf(await planRollback(site.inputs(version), 'north'))[0]?.code).toBe(
      'rollback.nothing-kept',
    );
    expect(await installSite(changed())).toMatchObject({ ok: true });
    drainNorth();
    expect(await rollBackServer(site.inputs(version), 'north')).toMatchObject({ ok: true });
    drainedBack();
    expect(stateOf('north')).toEqual(before);
  });
  const drainedBack = () => {
    site.active['WK1'] = 'north';
    site.servers.north.units.set('engine-WK1.service', { active: 'active', enabled: false });
    site.servers.south.units.set('engine-WK1.service', { active: 'inactive', enabled: false });
  };

  it('gets the version of before back on one server, members before their lease store', async () => {
    expect(
      await upgradeSite(site.inputs(newer), { server: undefined, unprotected: [] }, shortLimits),
    ).toMatchObject({
      ok: true,
    });
    const codes = async (id: string) =>
      errorsOf(await planRollback(site.inputs(newer), id)).map(({ code }) => code);
    expect(await codes('north')).toEqual(['rollback.active']);
    expect(await codes('third')).toEqual(['rollback.in-use']);
    drainNorth();
    expect(await rollBackServer(site.inputs(newer), 'north')).toMatchObject({ ok: true });
    const { north, south } = site.servers;
    expect([north.link, south.link]).toEqual([version, newer]);
    for (const unit of north.runs.keys()) expect([unit, north.runningVersion(unit)]).toEqual([unit, version]);
    expect(await codes('north')).toEqual(['rollback.nothing-kept']);
  });

  it('goes on with a roll back that was interrupted, from the same record', async () => {
    await upgradeSite(site.inputs(newer), { server: undefined, unprotected: [] }, shortLimits);
    drainNorth();
    site.servers.north.breaksAt = 'systemctl restart -- ixha-guard-1@WK1.service';
    expect(errorsOf(await rollBackServer(site.inputs(newer), 'north'))).toMatchObject([
      { code: 'rollback.half-done' },
    ]);
    expect(await rollBackServer(site.inputs(newer), 'north')).toMatchObject({ ok: true });
    for (const unit of site.servers.north.runs.keys()) {
      expect([unit, site.servers.north.runningVersion(unit)]).toEqual([unit, version]);
    }
  });

  it('never has two timings in one cluster', async () => {
    const usual = site.inputs(version);
    const { site: document } = usual.document;
    const clusters = document.clusters.map((one) => ({ ...one, timing: 'normal' as const }));
    const slower = { ...usual, document: { ...usual.document, site: { ...document, clusters } } };
    expect(await installSite(slower)).toMatchObject({ ok: true });
    drainNorth();
    site.forgetChanges();
    const [error] = errorsOf(await rollBackServer(slower, 'north'));
    expect(error).toMatchObject({ code: 'rollback.others-differ' });
    expect(JSON.stringify(error)).toContain('/etc/ixha/WK1/member.json on ig-south is not as it was');
    expect(changes()).toEqual([]);
  });

  const asPaths = (errors: readonly unknown[]) => JSON.stringify(errors);
  const rewrite = (
    files: Map<string, { content: Buffer | string }>,
    path: string,
    from: string,
    to: string,
  ) => {
    const file = files.get(path)!;
    const content = String(file.content).replace(from, to);
    expect(content).not.toBe(String(file.content));
    files.set(path, { ...file, content });
  };

  it.each([
    '/etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf',
    '/etc/systemd/system/ixha-guard-1@.service',
    '/etc/systemd/system/ixha-agent@.service',
    '/etc/ixha/WK1/member.json',
    '/etc/ixha/WK1/guard.env',
    '/etc/ixha/site',
  ])('never loses %s, which was missing when it was kept', async (path) => {
    await installSite(changed());
    drainNorth();
    expect(site.servers.north.before.files.delete(path)).toBe(true);
    site.forgetChanges();
    const errors = errorsOf(await rollBackServer(site.inputs(version), 'north'));
    expect(errors.map(({ code }) => code)).toEqual(['rollback.unsure']);
    expect(asPaths(errors)).toContain(`${path} would be removed`);
    expect(changes()).toEqual([]);
  });

  it.each([
    ['another mode', 'member.json', '"schema": 1,', '"schema": 1, "mode": "observe",'],
    ['another timing', 'member.json', '"timing": {', '"timing": { "other": 1,'],
    ['another lease store', 'member.json', '192.0.2.13', '192.0.2.99'],
    ['another peer', 'member.json', '192.0.2.12', '192.0.2.98'],
    ['another deadline', 'guard.env', 'D_MS=', 'D_MS=9'],
  ])('never gets files of %s than the document that was kept beside them', async (_what, name, from, to) => {
    await installSite(changed());
    drainNorth();
    rewrite(site.servers.north.before.files, `/etc/ixha/WK1/${name}`, from, to);
    site.forgetChanges();
    const errors = errorsOf(await rollBackServer(site.inputs(version), 'north'));
    expect(errors.map(({ code }) => code)).toEqual(['rollback.unsure']);
    expect(asPaths(errors)).toContain(`/etc/ixha/WK1/${name} was not of the site configuration`);
    expect(changes()).toEqual([]);
  });

  it('never changes from armed to observed', async () => {
    await installSite(changed());
    drainNorth();
    rewrite(
      site.servers.north.files,
      '/etc/ixha/WK1/member.json',
      '"schema": 1,',
      '"schema": 1, "mode": "observe",',
    );
    const errors = errorsOf(await planRollback(site.inputs(version), 'north'));
    expect(asPaths(errors)).toContain('the member of WK1 would change from observe to armed');
  });

  it('never joins a member whose file is another one than its document tells', async () => {
    await installSite(changed());
    drainNorth();
    rewrite(site.servers.south.files, '/etc/ixha/WK1/member.json', '"timing": {', '"timing": { "other": 1,');
    const errors = errorsOf(await planRollback(site.inputs(version), 'north'));
    expect(errors).toMatchObject([{ code: 'rollback.others-differ' }]);
  });

  it('never leaves a member alone that came since, or that cannot be looked at', async () => {
    await installSite(changed());
    drainNorth();
    const file = site.servers.south.files.get('/etc/ixha/WK1/member.json')!;
    site.servers.third.files.set('/etc/ixha/WK1/member.json', file);
    expect(asPaths(errorsOf(await planRollback(site.inputs(version), 'north')))).toContain(
      'witness carries a member of WK1, and did not before',
    );
    site.servers.third.files.delete('/etc/ixha/WK1/member.json');
    const usual = site.inputs(version);
    const { site: document } = usual.document;
    const fifth = { ...document.servers[1]!, id: 'fifth', name: 'ig-fifth', address: '192.0.2.15' };
    const clusters = document.clusters.map((one) => ({
      ...one,
      members: one.members.map((member) =>
        one.id === 'WK1' && member.server === 'south' ? { ...member, server: 'fifth' } : member,
      ),
    }));
    const present: InstallInputs = {
      ...usual,
      document: { ...usual.document, site: { ...document, servers: [...document.servers, fifth], clusters } },
      target: (server) =>
        server.id === 'fifth'
          ? Promise.resolve(fail(productError('server.unreachable', 'no way to it')))
          : usual.target(server),
    };
    const errors = errorsOf(await planRollback(present, 'north'));
    expect(errors).toMatchObject([{ code: 'rollback.unsure' }]);
    expect(asPaths(errors)).toContain('fifth could not be looked at');
  });

  it('keeps the mark of its directory where no member lies on the server that goes', async () => {
    const { north } = site.servers;
    for (const path of north.files.keys()) if (/WK\d/.test(path)) north.files.delete(path);
    for (const path of north.folders.keys()) if (/WK\d/.test(path)) north.folders.delete(path);
    for (const unit of north.units.keys()) if (unit.startsWith('ixha')) north.units.delete(unit);
    north.before.record = 'first none\n{}';
    expect(errorsOf(await planRollback(site.inputs(version), 'north'))).toMatchObject([
      { code: 'rollback.in-use', details: ['WK1 is armed on ig-south', 'WK2 is armed on ig-south'] },
    ]);
    expect(errorsOf(await planRollback(cut('south', 'third', 'lb'), 'north'))).toMatchObject([
      { code: 'rollback.unsure' },
    ]);
  });

  it('waits for an upgrade that was interrupted', async () => {
    await installSite(changed());
    drainNorth();
    site.servers.north.kept = { record: `${version} ${newer}`, files: new Map() };
    const errors = errorsOf(await planRollback(site.inputs(version), 'north'));
    expect(errors).toMatchObject([{ code: 'rollback.unsure' }]);
    expect(asPaths(errors)).toContain('Run the upgrade again');
  });

  it('still has what an unfinished installation kept after an upgrade went back', async () => {
    site.servers.south.breaksAt = 'systemctl restart -- ixha-agent@WK2.service';
    await installSite(changed());
    const { record, isOpen } = site.servers.south.before;
    expect([record.startsWith(`again ${version}`), isOpen]).toEqual([true, true]);
    const { south } = site.servers;
    const run = south.run;
    south.run = async (argv, options) => {
      if (argv[0] === 'systemctl' && argv[1] === 'restart') south.broken.add(newer);
      return run(argv, options);
    };
    const upgraded = await upgradeSite(
      site.inputs(newer),
      { server: undefined, unprotected: [] },
      shortLimits,
    );
    expect(errorsOf(upgraded)).toMatchObject([{ code: 'upgrade.rolled-back' }]);
    expect(site.servers.south.before.record).toBe(record);
  });
});

describe('keys', () => {
  it('are neither kept nor put back', () => {
    const secrets = ['etcd/key.pem', 'etcd/password', 'copy/key', 'copy/known_hosts', 'certificates/key.pem'];
    expect(secrets.filter((name) => !isKeptSecret(`/etc/ixha/WK1/${name}`))).toEqual([]);
    const others = ['member.json', 'copy/receive', 'engine-password'];
    expect(others.filter((name) => isKeptSecret(`/etc/ixha/WK1/${name}`))).toEqual([]);
  });
});
