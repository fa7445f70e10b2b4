import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { pullConfiguration } from '../../../../electron/host/configuration/pull-configuration.ts';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { checkSite } from '../../../../electron/host/install/prepare-change.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import type { Progress } from '../../../../electron/host/install/transcript.ts';
import { uninstallSite } from '../../../../electron/host/install/uninstall-site.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { sampleBundle } from './install-samples.ts';
import { MemoryServer } from './memory-server.ts';
import { sampleInputs } from './sample-inputs.ts';

let folder: string;
let servers: Record<string, MemoryServer>;
let told: Progress[];

beforeEach(newServers);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Bare servers with engines, and a folder of the workstation. */
function newServers(): void {
  folder = mkdtempSync(join(tmpdir(), 'ixha-install-'));
  writeFileSync(join(folder, 'password'), 'engine secret\n');
  writeFileSync(join(folder, 'key'), 'ssh key\n');
  const engines = ['engine-WK1.service', 'engine-WK2.service'];
  const names: [string, string, string[]][] = [
    ['192.0.2.11', 'ig-north', engines],
    ['192.0.2.12', 'ig-south', engines],
    ['192.0.2.13', 'witness', []],
    ['192.0.2.14', 'balancer', ['haproxy.service']],
  ];
  servers = Object.fromEntries(
    names.map(([address, name, units]) => [address, new MemoryServer(name, units)]),
  );
  for (const server of Object.values(servers)) server.digest = bundleDigest(server.digest);
  told = [];
}

/** Files of the sample bundle are never read; their digests are those the bundle states. */
function bundleDigest(otherwise: MemoryServer['digest']): MemoryServer['digest'] {
  return (path, content) =>
    sampleBundle().files.find((file) => path.endsWith(`1.0.0-abc/${file.path}`))?.sha256 ??
    otherwise(path, content);
}

const north = () => servers['192.0.2.11']!;
const south = () => servers['192.0.2.12']!;
const third = () => servers['192.0.2.13']!;
const balancer = () => servers['192.0.2.14']!;
const allChanges = () => Object.values(servers).flatMap((server) => server.changes);

/** Agents answer while their unit is up; the preferred member of each cluster is Active. */
const ask = (async (endpoint: Parameters<AskAgent>[0]) => {
  const unit = endpoint.cluster === null ? 'ixha-witness.service' : `ixha-agent@${endpoint.cluster}.service`;
  if (servers[endpoint.address]!.units.get(unit)?.active !== 'active') {
    return fail(productError('agent.unreachable', `${endpoint.name} is silent`));
  }
  if (endpoint.cluster === null) return succeed({ kind: 'witness' });
  const active = (endpoint.cluster === 'WK1') === (endpoint.server === 'north');
  return succeed({
    kind: 'member',
    role: { observed: active ? 'active' : 'passive' },
    engine: { process: { value: active ? 'running' : 'stopped' } },
  });
}) as unknown as AskAgent;

function inputs(change: Partial<InstallInputs> = {}): InstallInputs {
  return sampleInputs(folder, {
    connect: async (target) => succeed(servers[target.address]!),
    createAsk: () => ask,
    onProgress: (progress) => told.push(progress),
    ...change,
  });
}

const transcript = () =>
  readFileSync(join(folder, 'profile/install-transcript.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Progress);

/** Everything that an installation leaves behind, apart from what is random in keys and certificates. */
function stateOfServers() {
  return Object.values(servers).map(({ name, files, folders, units, link, needsReload }) => ({
    ...{ name, link, needsReload },
    files: [...files].map(([path, { mode, owner }]) => `${path} ${mode} ${owner}`).sort(),
    folders: [...folders.keys()].sort(),
    units: [...units].map(([unit, { active, enabled }]) => `${unit} ${active} ${enabled}`).sort(),
  }));
}

describe('installing a site', () => {
  it('does everything once, and nothing the second time', async () => {
    expect(await installSite(inputs())).toEqual({ ok: true, value: { changed: true } });
    expect(north().units.get('ixha-agent@WK1.service')).toEqual({ active: 'active', enabled: true });
    expect(third().units.get('ixha-witness.service')).toEqual({ active: 'active', enabled: true });
    for (const server of Object.values(servers)) server.changes.length = 0;
    balancer().units.set('haproxy.service', { active: 'active', enabled: true });
    expect(await installSite(inputs())).toEqual({ ok: true, value: { changed: false } });
    expect(allChanges()).toEqual([]);
  });

  it('arms in the order that protects: guards, proofs one by one, witness, then the preferred agents', async () => {
    await installSite(inputs());
    const order = told
      .filter(({ state }) => state === 'started')
      .map(({ server, step }) => `${server} ${step}`);
    const at = (text: string) => {
      const index = order.findIndex((line) => line.includes(text));
      expect(index, text).toBeGreaterThanOrEqual(0);
      return index;
    };
    expect(at('south guard ixha-guard-2@WK1')).toBeLessThan(at('refusal and kill'));
    expect(at('south refusal and kill of engine-WK2')).toBeLessThan(at('first records'));
    expect(at('first records')).toBeLessThan(at('third witness'));
    expect(at('third witness')).toBeLessThan(at('north agent ixha-agent@WK1'));
    expect(at('north agent ixha-agent@WK1')).toBeLessThan(at('south agent ixha-agent@WK1'));
    expect(at('south agent ixha-agent@WK2')).toBeLessThan(at('north agent ixha-agent@WK2'));
    expect(at('north agent ixha-agent@WK2')).toBeLessThan(at('exactly one Active'));
  });

  it('records every step before and after it, without a secret', async () => {
    await installSite(inputs());
    const lines = transcript();
    const started = lines.filter(({ state }) => state === 'started').length;
    expect(lines.filter(({ state }) => state === 'ok').length).toBe(started);
    expect(JSON.stringify(lines)).not.toContain('engine secret');
    expect(readdirSync(join(folder, 'profile')).sort()).toEqual([
      'access.json',
      'authority-key.pem',
      'configuration.txt',
      'console',
      'install-transcript.jsonl',
      'site.json',
    ]);
  });

  it.each([
    'upload /etc/ixha/WK1/member.json',
    'upload /etc/ixha/WK2/certificates/certificate.pem',
    'ixha-link',
    'systemctl daemon-reload',
    'systemctl enable -- ixha-guard-1@WK1',
    'systemctl start -- ixha-agent@WK2',
    'timeout',
  ])('continues after it was interrupted at “%s”', async (breaksAt) => {
    north().breaksAt = breaksAt;
    const interrupted = await installSite(inputs());
    expect(interrupted.ok).toBe(false);
    expect(
      transcript().at(-1)?.state === 'failed' || transcript().some(({ state }) => state === 'failed'),
    ).toBe(true);
    expect(await installSite(inputs())).toEqual({ ok: true, value: { changed: true } });
    expect(north().units.get('ixha-agent@WK2.service')?.active).toBe('active');
    expect(north().needsReload).toBe(false);
  });

  it('comes to the same end wherever it was interrupted, on any server', { timeout: 60_000 }, async () => {
    await installSite(inputs());
    const [whole, addresses] = [stateOfServers(), Object.keys(servers)];
    // Every single one would take a minute; these are spread over all kinds of changes.
    const every = 4;
    let interrupted = 0;
    for (const address of addresses) {
      for (let at = 0; ; at += every) {
        rmSync(folder, { recursive: true, force: true });
        newServers();
        servers[address]!.changesUntilBreak = at;
        const first = await installSite(inputs());
        if (servers[address]!.changesUntilBreak !== undefined) break;
        interrupted += 1;
        const where = `change ${at} on ${address}`;
        expect(first.ok, where).toBe(false);
        expect(await installSite(inputs()), where).toMatchObject({ ok: true });
        expect(stateOfServers(), where).toEqual(whole);
      }
    }
    expect(interrupted).toBeGreaterThan(40);
  });

  it('restarts an agent whose files were changed by an installation that ended before the restart', async () => {
    await installSite(inputs());
    const file = north().files.get('/etc/ixha/WK1/member.json')!;
    north().files.set('/etc/ixha/WK1/member.json', { ...file, content: 'older' });
    north().breaksAt = 'systemctl restart -- ixha-agent@WK1';
    expect((await installSite(inputs())).ok).toBe(false);
    north().changes.length = 0;
    expect((await installSite(inputs())).ok).toBe(true);
    expect(north().changes).toEqual([
      'systemctl restart ixha-agent@WK1.service',
      'touch -- /var/lib/ixha/started/ixha-agent@WK1.service',
    ]);
  });

  it('changes nothing anywhere when one server is not fit, and names all of them', async () => {
    north().files.set('/etc/ixha/site', { content: 'other', mode: '0644', owner: 'root:root' });
    south().units.clear();
    const result = await installSite(inputs());
    expect(!result.ok && result.error.map((error) => error.code)).toEqual([
      'install.foreign',
      'install.engine-missing',
    ]);
    expect(allChanges()).toEqual([]);
    expect(readdirSync(join(folder, 'profile'))).toEqual(['install-transcript.jsonl']);
  });

  it('changes nothing when a server cannot be reached, and lets go of the others', async () => {
    const result = await installSite(
      inputs({
        connect: async (target) =>
          target.address === '192.0.2.12'
            ? fail(productError('server.unreachable', 'no way to ig-south'))
            : succeed(servers[target.address]!),
      }),
    );
    expect(!result.ok && result.error.map((error) => error.code)).toEqual(['server.unreachable']);
    expect(allChanges()).toEqual([]);
    expect([north(), third(), balancer()].map((server) => server.closed)).toEqual([true, true, true]);
  });

  it('does not touch a running engine that it does not guard yet', async () => {
    south().units.set('engine-WK1.service', { active: 'active', enabled: true });
    const result = await installSite(inputs());
    expect(!result.ok && result.error.map((error) => error.code)).toEqual(['install.engine-running']);
    expect(allChanges()).toEqual([]);
  });

  it('takes gates and guards off again when the first proof fails, and starts no agent', async () => {
    south().proofOutcome = 'not-killed';
    const result = await installSite(inputs());
    expect(!result.ok && result.error[0]?.code).toBe('install.guard-test-failed');
    for (const server of [north(), south()]) {
      expect(server.changes).toContain('rm -f -- /etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf');
      expect(server.units.get('ixha-guard-1@WK1.service')).toEqual({ active: 'inactive', enabled: false });
      expect(server.changes.filter((change) => change.includes('start ixha-agent'))).toEqual([]);
    }
  });

  it('proves a reinstalled member on a stand-in process while the cluster is at work', async () => {
    await installSite(inputs());
    north().units.set('engine-WK1.service', { active: 'active', enabled: true });
    south().files.delete('/etc/ixha/WK1/guard-proof.json');
    south().changes.length = 0;
    expect((await installSite(inputs())).ok).toBe(true);
    expect(south().changes.filter((change) => change.startsWith('prove'))).toEqual([
      'prove engine-WK1.service on stand-in',
    ]);
  });

  it('refuses a storage marked by another cluster between the look and the mark', async () => {
    north().breaksAt = undefined;
    const server = north();
    const run = server.run;
    server.run = async (argv, options) => {
      if (argv[0] === 'timeout') server.marks.set('/share/wk1', 'other WK9\n');
      return run(argv, options);
    };
    const result = await installSite(inputs());
    expect(!result.ok && result.error[0]?.code).toBe('install.foreign');
  });

  it('is refused while somebody else works on one of the servers, and changes nothing', async () => {
    const note = { id: 'ab12', by: 'anna on desk-1', since: '2026-05-01T08:00:00.000Z', what: 'an upgrade' };
    south().lock.note = JSON.stringify(note);
    const refused = await installSite(inputs());
    expect(refused).toMatchObject({ error: [{ code: 'site.locked' }] });
    expect(!refused.ok && refused.error[0]!.message).toContain('anna on desk-1: an upgrade');
    expect(allChanges()).toEqual([]);
  });

  it('is refused to a workstation that builds upon an older configuration than the servers carry', async () => {
    const renamed = (name: string) => {
      const own = inputs();
      return { ...own, document: { ...own.document, site: { ...own.document.site, name } } };
    };
    const configuration = () => readFileSync(join(folder, 'profile/configuration.txt'), 'utf8');
    const keep = (text: string) => writeFileSync(join(folder, 'profile/configuration.txt'), text);
    await installSite(inputs());
    const first = configuration();
    expect((await installSite(renamed('Of Anna'))).ok).toBe(true);
    const second = configuration();
    expect(String(north().files.get('/etc/ixha/site-configuration')!.content)).toBe(second);
    keep(first);
    for (const server of Object.values(servers)) server.changes.length = 0;
    const refused = await installSite(renamed('Of Bert'));
    expect(refused).toMatchObject({ error: [{ code: 'site.newer' }] });
    expect(!refused.ok && refused.error[0]!.details).toEqual(['here → there: name: "Of Bert" → "Of Anna"']);
    expect(allChanges()).toEqual([]);
    keep(second);
    expect((await installSite(renamed('Of Bert'))).ok).toBe(true);
  });

  it('takes over into the site file what the servers carry, and keeps the file of before', async () => {
    const own = inputs();
    const named = { ...own, document: { ...own.document, site: { ...own.document.site, name: 'Of Anna' } } };
    await installSite(named);
    const file = join(folder, 'site.json');
    writeFileSync(file, JSON.stringify({ ...own.document, engineApi: { passwordFile: 'p' } }));
    rmSync(join(folder, 'profile/configuration.txt'));
    const pulled = await pullConfiguration(own, file);
    expect(pulled.ok && pulled.value).toContain(`name: "${own.document.site.name}" → "Of Anna"`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      site: { name: 'Of Anna' },
      engineApi: { passwordFile: 'p' },
    });
    expect(readFileSync(`${file}.before-1`, 'utf8')).toContain(own.document.site.name);
    expect((await installSite(named)).ok).toBe(true);
  });

  it('only looks when asked to check', async () => {
    const result = await checkSite(inputs());
    expect(result.ok && result.value.changes.length).toBeGreaterThan(20);
    expect(allChanges()).toEqual([]);
  });

  it('names what it would change on the balancer too, until that is installed', async () => {
    const onBalancer = async () => {
      const checked = await checkSite(inputs());
      return checked.ok ? checked.value.changes.filter((line) => line.startsWith('lb: ')) : checked.error;
    };
    expect(await onBalancer()).toEqual(['lb: file /etc/haproxy/haproxy.cfg, and a reload of HAProxy']);
    expect((await installSite(inputs())).ok).toBe(true);
    expect(await onBalancer()).toEqual([]);
  });
});

describe('removing a site', () => {
  beforeEach(async () => {
    await installSite(inputs());
    for (const server of Object.values(servers)) server.changes.length = 0;
  });

  it('asks what shall happen to running engines before it does anything', async () => {
    north().units.set('engine-WK1.service', { active: 'active', enabled: true });
    const result = await uninstallSite(inputs(), undefined);
    expect(!result.ok && result.error[0]?.code).toBe('command.refused');
    expect(!result.ok && result.error[0]?.details?.join()).toContain('engine-WK1.service runs on ig-north');
    expect(allChanges()).toEqual([]);
  });

  it('ends the Passive before the Active, so that nobody takes over meanwhile', async () => {
    north().units.set('engine-WK1.service', { active: 'active', enabled: true });
    south().units.set('engine-WK2.service', { active: 'active', enabled: true });
    told.length = 0;
    expect((await uninstallSite(inputs(), 'keep')).ok).toBe(true);
    const stops = told.filter(({ state, step }) => state === 'ok' && step.includes('ended'));
    expect(stops.map(({ server, step }) => `${server} ${step}`)).toEqual([
      'north agent and guards of WK2 ended',
      'south agent and guards of WK1 ended',
      'north agent and guards of WK1 ended',
      'south agent and guards of WK2 ended',
    ]);
    expect(north().units.get('engine-WK1.service')?.active).toBe('active');
  });

  it('stops running engines when told to', async () => {
    north().units.set('engine-WK1.service', { active: 'active', enabled: true });
    await uninstallSite(inputs(), 'stop');
    expect(north().units.get('engine-WK1.service')?.active).toBe('inactive');
  });

  it('leaves a server of another site alone', async () => {
    third().files.set('/etc/ixha/site', { content: 'other', mode: '0644', owner: 'root:root' });
    const result = await uninstallSite(inputs(), 'keep');
    expect(!result.ok && result.error[0]?.code).toBe('install.foreign');
    expect(allChanges()).toEqual([]);
  });
});
