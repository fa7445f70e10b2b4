import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armSite, planArming } from '../../../../electron/host/adopt/arm-site.ts';
import { observeSite } from '../../../../electron/host/adopt/observe-site.ts';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { writeMove } from '../../../../electron/host/move-store/move-record.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { repairSite } from '../../../../electron/host/repair/repair-site.ts';
import { upgradeSite } from '../../../../electron/host/upgrade/upgrade-site.ts';
import type { Blocker } from '../../../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../../shared/result.ts';
import { sampleBundle } from '../install/install-samples.ts';
import { MemoryServer } from '../install/memory-server.ts';
import { sampleInputs } from '../install/sample-inputs.ts';

let folder: string;
let servers: Record<string, MemoryServer>;
let blockers: Blocker[];
/** The member that tells a change as under way. */
let moving: string | null;

beforeEach(newServers);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Two servers with engines; those of both clusters run on the first. */
function newServers(): void {
  folder = mkdtempSync(join(tmpdir(), 'ixha-adopt-'));
  writeFileSync(join(folder, 'password'), 'engine secret\n');
  writeFileSync(join(folder, 'key'), 'ssh key\n');
  blockers = [];
  moving = null;
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
  for (const server of Object.values(servers)) {
    const { digest } = server;
    server.digest = (path, content) =>
      sampleBundle().files.find((file) => path.endsWith(`1.0.0-abc/${file.path}`))?.sha256 ??
      digest(path, content);
  }
  for (const unit of engines) north().units.set(unit, { active: 'active', enabled: true });
}

const north = () => servers['192.0.2.11']!;
const south = () => servers['192.0.2.12']!;
const balancer = () => servers['192.0.2.14']!;
const isUp = (server: MemoryServer, unit: string) => server.units.get(unit)?.active === 'active';
const modeOf = (server: MemoryServer, cluster: string) =>
  (
    JSON.parse(String(server.files.get(`/etc/ixha/${cluster}/member.json`)?.content ?? '{}')) as {
      mode?: string;
    }
  ).mode;

/** An agent tells what its configuration and the units of its server make of it. */
const ask = (async (endpoint: Parameters<AskAgent>[0]) => {
  const { address, cluster, name } = endpoint;
  const server = servers[address]!;
  if (cluster === null) return succeed({ kind: 'witness' });
  if (!isUp(server, `ixha-agent@${cluster}.service`)) {
    return fail(productError('agent.unreachable', `${name} is silent`));
  }
  const mode = modeOf(server, cluster);
  const runs = isUp(server, `engine-${cluster}.service`);
  const guard = (number: number) => ({ beating: isUp(server, `ixha-guard-${number}@${cluster}.service`) });
  return succeed({
    kind: 'member',
    ...(mode && { mode, arming: { blockers } }),
    operation: moving === name ? { kind: 'switchover', state: 'running' } : null,
    role: { observed: runs ? 'active' : 'passive' },
    engine: { process: { value: runs ? 'running' : 'stopped' } },
    lease: { state: runs && mode !== 'observe' ? 'held' : 'other' },
    activeAnswer: runs ? '200' : '503',
    guards: [guard(1), guard(2)],
    decision: { ruleId: 'R00', headline: 'ig waits', reason: 'it is a test' },
  });
}) as unknown as AskAgent;

function inputs(mode?: 'observe'): InstallInputs {
  const made = sampleInputs(folder, {
    connect: async (target) => succeed(servers[target.address]!),
    createAsk: () => ask,
  });
  return { ...made, document: { ...made.document, site: { ...made.document.site, ...(mode && { mode }) } } };
}

const codesOf = async (work: Promise<Result<unknown, ProductError[]>>) => {
  const done = await work;
  return done.ok ? [] : done.error.map(({ code }) => code);
};
const changesOf = (server: MemoryServer) => server.changes.join('\n');
const engineTouched = () =>
  Object.values(servers).flatMap(({ changes }) =>
    changes.filter((change) => /systemctl (start|stop|restart|kill|disable|mask) engine-/.test(change)),
  );
const savedMode = () =>
  (JSON.parse(readFileSync(join(folder, 'profile/site.json'), 'utf8')) as { mode?: string }).mode;

describe('observing a site whose engines run', () => {
  it('installs agents and the witness, and changes nothing that was there', async () => {
    expect(await installSite(inputs('observe'))).toEqual({ ok: true, value: { changed: true } });
    for (const server of [north(), south()]) {
      expect(isUp(server, 'ixha-agent@WK1.service')).toBe(true);
      expect(changesOf(server)).not.toMatch(/50-ixha-gate|start ixha-guard|enable ixha-guard|mark \/|prove /);
      expect(modeOf(server, 'WK1')).toBe('observe');
    }
    expect(engineTouched()).toEqual([]);
    expect(balancer().changes).toEqual([]);
    expect(savedMode()).toBe('observe');
  });

  it('refuses to install an armed site over a running engine, and an observed one over an armed one', async () => {
    expect(await installSite(inputs())).toMatchObject({ error: [{ code: 'install.engine-running' }] });
    await installSite(inputs('observe'));
    await armSite(inputs('observe'));
    expect(await codesOf(installSite(inputs('observe')))).toEqual(['arm.refused', 'arm.refused']);
  });
});

describe('arming it', () => {
  it('protects the running engine before anybody else may take over', async () => {
    await installSite(inputs('observe'));
    north().changes.length = 0;
    expect(await armSite(inputs('observe'))).toMatchObject({ ok: true });
    const order = north().changes;
    const at = (text: string) => {
      const index = order.findIndex((change) => change.includes(text));
      expect(index, `${text} in\n${order.join('\n')}`).toBeGreaterThanOrEqual(0);
      return index;
    };
    expect(at('upload /etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf')).toBeLessThan(
      at('prove engine-WK1.service on stand-in'),
    );
    expect(at('prove engine-WK1.service on stand-in')).toBeLessThan(at('upload /etc/ixha/WK1/member.json'));
    expect(at('restart ixha-agent@WK1.service')).toBeLessThan(at('ixha-guards engine-WK1.service'));
    expect(engineTouched()).toEqual([]);
    for (const server of [north(), south()]) {
      expect(modeOf(server, 'WK1')).toBeUndefined();
      expect(isUp(server, 'ixha-guard-1@WK1.service')).toBe(true);
    }
    expect(balancer().changes.length).toBeGreaterThan(0);
    expect(savedMode()).toBeUndefined();
    const again = await planArming(inputs('observe'));
    expect(again).toEqual({ ok: true, value: ['Nothing to change: the site is armed.'] });
  });

  it('tells every change beforehand and makes none of them', async () => {
    await installSite(inputs('observe'));
    for (const server of Object.values(servers)) server.changes.length = 0;
    const planned = await planArming(inputs('observe'));
    const lines = planned.ok ? planned.value : [];
    expect(lines).toContain('north: file /etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf');
    expect(lines).toContain(
      'north: the engine of WK1 runs on: its agent gets the lease, then its guards are started',
    );
    expect(lines).toContain('south: WK1 is armed as Passive, with its guards');
    expect(Object.values(servers).flatMap(({ changes }) => changes)).toEqual([]);
  });

  it('refuses with what the agents say against it, and with two running engines', async () => {
    await installSite(inputs('observe'));
    blockers = [{ code: 'storage', reason: 'Its storage is not proven.', remedy: 'Mount it.' }];
    expect(await armSite(inputs('observe'))).toMatchObject({
      error: expect.arrayContaining([
        expect.objectContaining({
          code: 'arm.refused',
          message: 'ig-north (WK1): Its storage is not proven.',
        }),
      ]) as unknown,
    });
    blockers = [];
    south().units.set('engine-WK2.service', { active: 'active', enabled: true });
    const both = await armSite(inputs('observe'));
    expect(both).toMatchObject({
      error: [{ message: 'The engine of WK2 runs twice: ig-north (WK2) and ig-south (WK2).' }],
    });
  });

  it('takes the gates off again when a guard is too slow, so that engines can be started as before', async () => {
    await installSite(inputs('observe'));
    south().proofOutcome = 'not-killed';
    expect(await armSite(inputs('observe'))).toMatchObject({
      error: [{ code: 'install.guard-test-failed' }],
    });
    for (const server of [north(), south()]) {
      expect([...server.files.keys()].filter((path) => path.includes('50-ixha-gate'))).toEqual([]);
      expect(modeOf(server, 'WK1')).toBe('observe');
    }
  });

  const gates = () =>
    [north(), south()].flatMap(({ name, files }) =>
      [...files.keys()].filter((path) => path.includes('50-ixha-gate')).map((path) => `${name} ${path}`),
    );

  it('leaves no gate on an engine that is still only observed', async () => {
    await installSite(inputs('observe'));
    north().breaksAt = 'systemctl restart -- ixha-agent@WK1.service';
    expect(await armSite(inputs('observe'))).toMatchObject({ ok: false });
    expect(gates()).toEqual([]);
    expect(modeOf(north(), 'WK1')).toBe('observe');
    // The engine of WK1 is on its way to be protected: its gates stay, and those of WK2 go.
    north().breaksAt = 'ixha-guards engine-WK1.service';
    expect(await armSite(inputs('observe'))).toMatchObject({ ok: false });
    expect(gates().every((gate) => gate.includes('engine-WK1'))).toBe(true);
    expect(gates()).toHaveLength(2);
  });

  it('says where a gate could not be taken off again', async () => {
    await installSite(inputs('observe'));
    south().proofOutcome = 'not-killed';
    north().breaksAt = 'rm -f -- /etc/systemd/system/engine-WK2.service.d/50-ixha-gate.conf';
    const failed = await armSite(inputs('observe'));
    expect(failed.ok ? [] : failed.error.map(({ code }) => code)).toEqual([
      'install.guard-test-failed',
      'ssh.command-failed',
    ]);
    expect(gates()).toEqual(['ig-north /etc/systemd/system/engine-WK2.service.d/50-ixha-gate.conf']);
  });

  it(
    'goes on wherever it was interrupted, and never arms the other member first',
    { timeout: 120_000 },
    async () => {
      for (let count = 0; ; count += 1) {
        rmSync(folder, { recursive: true, force: true });
        newServers();
        await installSite(inputs('observe'));
        north().changesUntilBreak = count;
        const first = await armSite(inputs('observe'));
        const armedAlone = modeOf(south(), 'WK1') === undefined && modeOf(north(), 'WK1') !== undefined;
        expect(armedAlone, `after ${count} changes`).toBe(false);
        north().changesUntilBreak = undefined;
        if (first.ok) return expect(count).toBeGreaterThan(20);
        expect(await armSite(inputs('observe')), `after ${count} changes`).toMatchObject({ ok: true });
        expect(engineTouched()).toEqual([]);
        for (const server of [north(), south()]) expect(modeOf(server, 'WK2')).toBeUndefined();
      }
    },
  );
});

/** North's agents have got the lease for their running engines, and the connection is lost. */
async function cutOffArming() {
  await installSite(inputs('observe'));
  north().breaksAt = 'ixha-guards engine-WK1.service';
  expect(await armSite(inputs('observe'))).toMatchObject({ ok: false });
  for (const server of Object.values(servers)) server.changes.length = 0;
}

describe('while an arming is cut off', () => {
  const choice = { server: undefined, unprotected: [] };
  it.each([
    ['an installation of what is armed', () => installSite(inputs())],
    ['an installation of what was observed', () => installSite(inputs('observe'))],
    ['a repair', () => repairSite(inputs('observe'), choice)],
    ['an upgrade', () => upgradeSite(inputs('observe'), choice)],
  ])('%s changes nothing, and says how to go on', async (_name, begin) => {
    await cutOffArming();
    const done = await begin();
    expect(done).toMatchObject({
      error: expect.arrayContaining([
        expect.objectContaining({
          code: 'arm.refused',
          next: expect.stringContaining('site -- arm FILE') as unknown,
        }),
      ]) as unknown,
    });
    const changes = () => Object.values(servers).flatMap((server) => server.changes);
    expect(changes()).toEqual([]);
    expect(await armSite(inputs('observe'))).toMatchObject({ ok: true });
    expect(engineTouched()).toEqual([]);
  });

  it('is taken back by observing', async () => {
    await cutOffArming();
    expect(await observeSite(inputs())).toMatchObject({ ok: true });
    for (const server of [north(), south()]) expect(modeOf(server, 'WK1')).toBe('observe');
    expect(await codesOf(installSite(inputs()))).toEqual(['arm.refused']);
    expect(engineTouched()).toEqual([]);
  });
});

describe('neither is begun', () => {
  const both = async () => [await armSite(inputs('observe')), await observeSite(inputs())];
  const changes = () => Object.values(servers).flatMap((server) => server.changes);

  beforeEach(async () => {
    await installSite(inputs('observe'));
    for (const server of Object.values(servers)) server.changes.length = 0;
  });

  it('where a move of the lease store has not ended', async () => {
    const { profileDirectory, document } = inputs('observe');
    const end = { site: document.site, ways: { access: {} } };
    const move = { schema: 1 as const, from: end, to: end, begunAt: '2026-03-01T02:00:00.000Z', lines: [] };
    await writeMove(profileDirectory, { ...move, endedAt: null });
    for (const done of await both()) expect(done).toMatchObject({ error: [{ code: 'move.refused' }] });
    expect(changes()).toEqual([]);
    await writeMove(profileDirectory, { ...move, endedAt: move.begunAt });
    expect(await armSite(inputs('observe'))).toMatchObject({ ok: true });
  });

  it('where an upgrade was interrupted', async () => {
    north().kept = { record: '1.0.0-abc 1.1.0-def', files: new Map() };
    for (const done of await both()) expect(done).toMatchObject({ error: [{ code: 'upgrade.refused' }] });
    expect(changes()).toEqual([]);
  });
});

describe('the way back', () => {
  it('waits for the end of a move', async () => {
    await installSite(inputs('observe'));
    await armSite(inputs('observe'));
    for (const server of Object.values(servers)) server.changes.length = 0;
    moving = 'ig-south (WK1)';
    expect(await observeSite(inputs())).toMatchObject({
      error: [{ code: 'arm.refused', message: 'ig-south (WK1): a switchover is under way.' }],
    });
    expect(Object.values(servers).flatMap(({ changes }) => changes)).toEqual([]);
  });

  it('takes gates and guards off, the Passive first, and leaves the engines running', async () => {
    await installSite(inputs('observe'));
    await armSite(inputs('observe'));
    const order: string[] = [];
    for (const server of [north(), south()]) {
      const { run } = server;
      server.run = (argv, options) => {
        if (argv.includes('ixha-observe')) order.push(`${server.name} ${argv[5]?.split('/').at(-2)}`);
        return run(argv, options);
      };
    }
    expect(await observeSite(inputs())).toMatchObject({ ok: true });
    expect(order.slice(0, 2).every((line) => line.startsWith('ig-south'))).toBe(true);
    for (const server of [north(), south()]) {
      expect(isUp(server, 'ixha-guard-1@WK1.service')).toBe(false);
      expect(modeOf(server, 'WK1')).toBe('observe');
    }
    expect(engineTouched()).toEqual([]);
    expect(savedMode()).toBe('observe');
    expect(await armSite(inputs())).toMatchObject({ ok: true });
  });
});
