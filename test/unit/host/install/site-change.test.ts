import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { checkSite } from '../../../../electron/host/install/prepare-change.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { sshTarget } from '../../../../electron/host/install/ssh-targets.ts';
import type { Progress } from '../../../../electron/host/install/transcript.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import type { SiteDocument } from '../../../../shared/site/site-document.ts';
import { sampleBundle, sampleFile, sampleSite } from './install-samples.ts';
import { MemoryServer } from './memory-server.ts';
import { sampleInputs } from './sample-inputs.ts';

/**
 * Goal: a site becomes another one without a second engine, and nothing of the old one stays behind. Method: an installed
 * site on servers in memory, a changed document, and interruptions.
 */
let folder: string;
let servers: Record<string, MemoryServer>;
let told: Progress[];
/** Server of each cluster's Active. */
let actives: Record<string, string>;
/** What an Active says of itself beside its role. */
let activeSays: Record<string, unknown>;

const engines = ['engine-WK1.service', 'engine-WK2.service', 'engine-WK3.service', 'other.service'];
const addresses = { north: 11, south: 12, third: 13, lb: 14, east: 15 } as const;
const at = (id: keyof typeof addresses) => servers[`192.0.2.${addresses[id]}`]!;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-change-'));
  writeFileSync(join(folder, 'password'), 'engine secret\n');
  writeFileSync(join(folder, 'key'), 'ssh key\n');
  servers = {};
  for (const [id, last] of Object.entries(addresses)) {
    const units = id === 'lb' ? ['haproxy.service'] : id === 'third' ? [] : engines;
    servers[`192.0.2.${last}`] = new MemoryServer(id, units);
  }
  for (const server of Object.values(servers)) {
    const otherwise = server.digest;
    server.digest = (path, content) =>
      sampleBundle().files.find((file) => path.endsWith(`1.0.0-abc/${file.path}`))?.sha256 ??
      otherwise(path, content);
  }
  told = [];
  actives = { WK1: 'north', WK2: 'south', WK3: 'north' };
  activeSays = { store: { reachable: true } };
  expect(await installSite(inputs(sampleSite()))).toMatchObject({ ok: true });
  at('north').units.set('engine-WK1.service', { active: 'active', enabled: true });
  at('south').units.set('engine-WK2.service', { active: 'active', enabled: true });
  for (const server of Object.values(servers)) server.changes.length = 0;
  told = [];
}, 60_000);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ask = (async (endpoint: Parameters<AskAgent>[0]) => {
  const unit = endpoint.cluster === null ? 'ixha-witness.service' : `ixha-agent@${endpoint.cluster}.service`;
  if (servers[endpoint.address]!.units.get(unit)?.active !== 'active') {
    return fail(productError('agent.unreachable', `${endpoint.name} is silent`));
  }
  if (endpoint.cluster === null) return succeed({ kind: 'witness' });
  const active = actives[endpoint.cluster] === endpoint.server;
  return succeed({
    kind: 'member',
    role: { observed: active ? 'active' : 'passive' },
    engine: { process: { value: active ? 'running' : 'stopped' } },
    ...activeSays,
  });
}) as unknown as AskAgent;

function inputs(site: SiteDocument, change: Partial<InstallInputs> = {}): InstallInputs {
  const file = sampleFile(join(folder, 'password'), join(folder, 'key'));
  const entry = file.access['north']!;
  const access = Object.fromEntries(site.servers.map(({ id }) => [id, entry]));
  const document = { site, access };
  return {
    ...sampleInputs(folder, {
      connect: async (target) => succeed(servers[target.address]!),
      createAsk: () => ask,
    }),
    document,
    target: (server) => sshTarget(server, document, {}),
    targetBy: (server, ways) => sshTarget(server, ways, {}),
    onProgress: (progress) => told.push(progress),
    ...change,
  };
}

const east = { id: 'east', name: 'ig-east', address: '192.0.2.15' };

/** The sample with WK1 on other servers than north and south. */
function wk1On(...ids: readonly string[]): SiteDocument {
  const site = sampleSite();
  const [wk1, wk2] = site.clusters;
  const [template] = wk1!.members;
  const members = ids.map((server, index) => ({ ...template!, server, preferred: index === 0 }));
  return { ...site, servers: [...site.servers, east], clusters: [{ ...wk1!, members }, wk2!] };
}

const withoutWk1 = (): SiteDocument => ({ ...sampleSite(), clusters: [sampleSite().clusters[1]!] });
const pathsOf = (id: keyof typeof addresses) => [...at(id).files.keys(), ...at(id).folders.keys()];
const errorsOf = (result: Awaited<ReturnType<typeof installSite>>) => (result.ok ? [] : result.error);
const allChanges = () => Object.values(servers).flatMap(({ changes }) => changes);

describe('a member that moves to another server', () => {
  it('leaves its old server, and the other cluster there is not touched', async () => {
    expect(await installSite(inputs(wk1On('north', 'east')))).toEqual({ ok: true, value: { changed: true } });
    expect(pathsOf('south').filter((path) => path.includes('WK1'))).toEqual([]);
    expect(pathsOf('south').filter((path) => path.includes('WK2')).length).toBeGreaterThan(5);
    expect(at('south').units.get('ixha-agent@WK1.service')).toEqual({ active: 'inactive', enabled: false });
    expect(at('south').changes.filter((change) => /WK2/.test(change))).toEqual([]);
    expect(at('east').units.get('ixha-agent@WK1.service')?.active).toBe('active');
    expect(at('south').marks.get('/share/wk1')).toBe('sample WK1\n');
    const order = told.filter(({ state }) => state === 'ok').map(({ server, step }) => `${server} ${step}`);
    expect(order.indexOf('south agent and guards of WK1 ended')).toBeLessThan(
      order.indexOf('east agent ixha-agent@WK1.service'),
    );
  });

  it('keeps an engine that is given back from starting with its old server beside the cluster', async () => {
    at('south').units.set('engine-WK1.service', { active: 'inactive', enabled: true });
    await installSite(inputs(wk1On('north', 'east')));
    expect(at('south').changes).toContain('systemctl disable engine-WK1.service');
    expect(at('south').units.get('engine-WK1.service')).toEqual({ active: 'inactive', enabled: false });
  });

  it('never leaves while it is Active, whatever was said of engines', async () => {
    const leaving = { engines: 'stop', gone: [] } as const;
    const errors = errorsOf(await installSite(inputs(wk1On('south', 'east'), { leaving })));
    expect(errors.map(({ code }) => code)).toContain('install.leaving');
    expect(errors[0]!.next).toContain('Move WK1 to its other member first');
    expect(allChanges()).toEqual([]);
  });

  it.each([
    ['the lease store is not reached', { store: { reachable: false } }],
    [
      'it is Active on a promise of the member that leaves',
      { store: { reachable: true }, peerMode: { mode: 'peer' } },
    ],
  ])('stays while the other one could not go on alone: %s', async (_why, says) => {
    activeSays = says;
    const errors = errorsOf(await installSite(inputs(wk1On('north', 'east'))));
    expect(errors.map(({ code }) => code)).toEqual(['install.leaving']);
    expect(errors[0]!.message).toContain('WK1 cannot lose a member now');
    expect(allChanges()).toEqual([]);
  });

  it('stays when it has become Active since it was looked at, and goes on with its agent', async () => {
    const server = at('south');
    const run = server.run;
    server.run = async (argv, options) => {
      if (argv[3] === 'ixha-end-member')
        server.units.set('engine-WK1.service', { active: 'active', enabled: false });
      return run(argv, options);
    };
    expect(errorsOf(await installSite(inputs(wk1On('north', 'east'))))[0]?.code).toBe('ssh.command-failed');
    expect(at('south').units.get('ixha-agent@WK1.service')?.active).toBe('active');
    expect(at('east').units.get('ixha-agent@WK1.service')).toBeUndefined();
  });

  it('is refused where both members would change their server at once', async () => {
    const site = wk1On('east', 'lb');
    const errors = errorsOf(await installSite(inputs(site)));
    expect(errors[0]).toMatchObject({ code: 'site.unsafe' });
    expect(errors[0]!.details?.join()).toContain('both members change their server at once');
  });
});

describe('a server that leaves the site', () => {
  /** South carries nothing any more and is no longer named. */
  function withoutSouth(): SiteDocument {
    const site = wk1On('north', 'east');
    const clusters = site.clusters.map((cluster) => ({
      ...cluster,
      members: cluster.members.map((member) =>
        member.server === 'south' ? { ...member, server: 'east' } : member,
      ),
    }));
    return { ...site, clusters, servers: site.servers.filter(({ id }) => id !== 'south') };
  }

  beforeEach(() => {
    actives = { WK1: 'north', WK2: 'north' };
    at('south').units.set('engine-WK2.service', { active: 'inactive', enabled: false });
    at('north').units.set('engine-WK2.service', { active: 'active', enabled: false });
  });

  it('is reached by what the profile knows of it, and nothing stays there', async () => {
    expect(await installSite(inputs(withoutSouth()))).toMatchObject({ ok: true });
    expect(pathsOf('south').filter((path) => path.includes('ixha'))).toEqual([]);
    at('south').changes.length = 0;
    at('lb').units.set('haproxy.service', { active: 'active', enabled: true });
    expect(await installSite(inputs(withoutSouth()))).toEqual({ ok: true, value: { changed: false } });
    expect(at('south').changes).toEqual([]);
  });

  it('is told in the plan, line by line', async () => {
    const checked = await checkSite(inputs(withoutSouth()));
    const lines = checked.ok ? checked.value.changes : [];
    expect(lines).toContain('site: WK1 leaves south; until its new member answers nobody can take over');
    expect(lines.filter((line) => line.startsWith('south: ')).join('\n')).toContain(
      'removed: /etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf; the engine engine-WK1.service is given back',
    );
    expect(lines).toContain('south: removed: the program, /etc/ixha and /var/lib/ixha');
    expect(allChanges()).toEqual([]);
  });

  it('is waited for, unless a person states that it is lost for good', async () => {
    const connect: InstallInputs['connect'] = async (target) =>
      target.address === '192.0.2.12'
        ? fail(productError('server.unreachable', 'no way to ig-south'))
        : succeed(servers[target.address]!);
    const errors = errorsOf(await installSite(inputs(withoutSouth(), { connect })));
    expect(errors.map(({ code }) => code)).toEqual(['install.leaver-silent']);
    expect(errors[0]!.next).toContain('--gone south');
    expect(allChanges()).toEqual([]);
    const leaving = { engines: undefined, gone: ['south'] };
    expect(await installSite(inputs(withoutSouth(), { connect, leaving }))).toMatchObject({ ok: true });
    expect(at('south').changes).toEqual([]);
  });

  it('is asked for where nothing tells how it is reached', async () => {
    writeFileSync(join(folder, 'profile/access.json'), '{"access":{}}');
    const errors = errorsOf(await installSite(inputs(withoutSouth())));
    expect(errors[0]).toMatchObject({ code: 'ssh.authentication' });
    expect(errors[0]!.next).toContain('Keep ig-south among the servers');
  });

  it('comes to the same end wherever its removal was interrupted', { timeout: 60_000 }, async () => {
    const wanted = withoutSouth();
    let interrupted = 0;
    for (let at = 0; at < 12; at += 1) {
      servers['192.0.2.12']!.changesUntilBreak = at;
      const first = await installSite(inputs(wanted));
      if (first.ok) break;
      interrupted += 1;
    }
    servers['192.0.2.12']!.changesUntilBreak = undefined;
    expect(interrupted).toBeGreaterThanOrEqual(2);
    expect(await installSite(inputs(wanted))).toMatchObject({ ok: true });
    expect(pathsOf('south').filter((path) => path.includes('ixha'))).toEqual([]);
  });
});

describe('an installation that did not come to its end', () => {
  it('has told the profile what it touched, so that another choice of servers leaves nothing behind', async () => {
    rmSync(join(folder, 'profile'), { recursive: true });
    for (const server of Object.values(servers)) {
      for (const kept of [server.files, server.folders, server.runs, server.marks, server.seeded])
        kept.clear();
      for (const unit of engines) server.units.set(unit, { active: 'inactive', enabled: false });
    }
    at('south').proofOutcome = 'not-killed';
    const first = errorsOf(await installSite(inputs(sampleSite())));
    expect(first[0]?.code).toBe('install.guard-test-failed');
    expect(pathsOf('south').some((path) => path.includes('ixha'))).toBe(true);
    const site = sampleSite();
    const clusters = site.clusters.map((cluster) => ({
      ...cluster,
      members: cluster.members.map((one) => (one.server === 'south' ? { ...one, server: 'east' } : one)),
    }));
    const others = site.servers.filter(({ id }) => id !== 'south');
    actives = { WK1: 'north', WK2: 'east' };
    expect(await installSite(inputs({ ...site, clusters, servers: [...others, east] }))).toMatchObject({
      ok: true,
    });
    expect(pathsOf('south').filter((path) => path.includes('ixha'))).toEqual([]);
  });
});

describe('a cluster that is taken out', () => {
  it('asks what becomes of its running engine, and changes nothing before', async () => {
    const errors = errorsOf(await installSite(inputs(withoutWk1())));
    expect(errors.map(({ code }) => code)).toEqual(['install.engines-undecided']);
    expect(allChanges()).toEqual([]);
  });

  it.each([
    ['keep', 'active'],
    ['stop', 'inactive'],
  ] as const)('goes with its engines given back: %s', async (word, state) => {
    const leaving = { engines: word, gone: [] };
    expect(await installSite(inputs(withoutWk1(), { leaving }))).toMatchObject({ ok: true });
    expect(at('north').units.get('engine-WK1.service')?.active).toBe(state);
    const ends = told.filter(({ state: now, step }) => now === 'ok' && step.includes('ended'));
    expect(ends.map(({ server }) => server)).toEqual(['south', 'north']);
    for (const id of ['north', 'south'] as const) {
      expect(pathsOf(id).filter((path) => path.includes('WK1'))).toEqual([]);
      expect(at(id).changes.filter((change) => /(restart|stop|end) .*WK2/.test(change))).toEqual([]);
    }
    expect(at('north').marks.has('/share/wk1')).toBe(false);
  });

  it('does not give its place to a new one in the same installation', async () => {
    const site = sampleSite();
    const renamed = { ...site, clusters: [{ ...site.clusters[0]!, id: 'WK3' }, site.clusters[1]!] };
    const errors = errorsOf(await installSite(inputs(renamed)));
    expect(errors[0]!.details?.join()).toContain('install without WK1 first, then add WK3');
    expect(allChanges()).toEqual([]);
  });
});

describe('other changes of a running site', () => {
  it('adds a cluster and touches no part of the others', async () => {
    const site = sampleSite();
    const [wk1] = site.clusters;
    const members = wk1!.members.map((member) => ({
      ...member,
      engine: {
        ...member.engine,
        service: { kind: 'systemd' as const, unit: 'engine-WK3.service' },
        apiPort: 6573,
        workingDirectory: '/share/wk3',
      },
    }));
    const storage = { kind: 'shared' as const, directory: '/share/wk3', mustBeMount: true };
    const listeners = [{ name: 'ADT in', port: 6691, frontendPort: 7031 }];
    const added = {
      ...site,
      clusters: [...site.clusters, { ...wk1!, id: 'WK3', index: 2, members, storage, listeners }],
    };
    for (const server of Object.values(servers)) server.seeded.delete('WK3');
    expect(await installSite(inputs(added))).toMatchObject({ ok: true });
    expect(at('north').units.get('ixha-agent@WK3.service')?.active).toBe('active');
    expect(allChanges().filter((change) => /WK[12]/.test(change))).toEqual([]);
  });

  it('moves no Active when another server is preferred', async () => {
    const site = sampleSite();
    const [wk1, wk2] = site.clusters;
    const members = wk1!.members.map((member) => ({ ...member, preferred: member.server === 'south' }));
    const wanted = { ...site, clusters: [{ ...wk1!, members }, wk2!] };
    const checked = await checkSite(inputs(wanted));
    expect(checked.ok && checked.value.changes).toContain(
      'site: WK1 prefers south from now on; the installation moves no Active',
    );
    expect(await installSite(inputs(wanted))).toMatchObject({ ok: true });
    const touched = allChanges().filter((change) => /engine-|WK2|remove|end /.test(change));
    expect(touched).toEqual([]);
  });

  it('changes the engine service of a Passive and gives the old one back', async () => {
    const site = sampleSite();
    const [wk1, wk2] = site.clusters;
    const members = wk1!.members.map((member) =>
      member.server === 'south'
        ? {
            ...member,
            engine: { ...member.engine, service: { kind: 'systemd' as const, unit: 'other.service' } },
          }
        : member,
    );
    expect(await installSite(inputs({ ...site, clusters: [{ ...wk1!, members }, wk2!] }))).toMatchObject({
      ok: true,
    });
    const gates = pathsOf('south').filter((path) => path.includes('50-ixha-gate'));
    expect(gates.map((path) => path.split('/').at(-2))).toEqual(['engine-WK2.service.d', 'other.service.d']);
    expect(at('south').units.get('ixha-guard-1@WK1.service')).toEqual({ active: 'active', enabled: true });
    expect(at('south').changes).toContain('prove other.service on stand-in');
  });

  it('gives HAProxy its own configuration back where it is no longer the balancer', async () => {
    const site = { ...sampleSite(), loadBalancer: { kind: 'haproxy' as const, server: 'third' } };
    at('third').units.set('haproxy.service', { active: 'active', enabled: true });
    const checked = await checkSite(inputs(site));
    expect(checked.ok && checked.value.changes.join('\n')).toContain(
      'is as it was before, and HAProxy reloaded',
    );
    expect(await installSite(inputs(site))).toMatchObject({ ok: true });
    expect(at('lb').changes.join('\n')).toContain('ixha-restore');
  });

  it('is refused when the record of what was installed is damaged', async () => {
    writeFileSync(
      join(folder, 'profile/site.json'),
      readFileSync(join(folder, 'profile/site.json'), 'utf8').slice(9),
    );
    const errors = errorsOf(await installSite(inputs(sampleSite())));
    expect(errors[0]).toMatchObject({ code: 'site.damaged' });
    expect(errors[0]!.next).toContain('which servers have left the site');
    expect(allChanges()).toEqual([]);
  });
});
