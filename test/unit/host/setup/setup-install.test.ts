import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { begunInstallation } from '../../../../electron/host/setup/begun-installation.ts';
import { SetupInstall } from '../../../../electron/host/setup/setup-install.ts';
import { SetupSecrets } from '../../../../electron/host/setup/setup-secrets.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import type { NotificationPolicy } from '../../../../shared/notifications/policy.ts';
import type { SiteDocument } from '../../../../shared/site/site-document.ts';
import type { MeasuredTimes } from '../../../../shared/setup/measured-times.ts';
import { nothingMeasured } from '../../../../shared/setup/timing-choice.ts';
import type { SetupDraft } from '../../../../shared/setup/draft.ts';
import { draftCluster, draftServer, wholeDraft } from '../../setup/setup-draft-fixture.ts';
import { bareMemorySite, type MemorySite } from '../upgrade/memory-site.ts';

/** Goal: what a person says of a server that has left counts for the draft it was said of. Method: servers in memory. */
const version = '1.0.0-abc';
let folder: string;
let site: MemorySite;
let install: SetupInstall;
let silent: string | null;
let measured: MeasuredTimes;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-setup-install-'));
  site = bareMemorySite(folder);
  silent = null;
  measured = nothingMeasured;
  const { connect, createAsk, bundle } = site.inputs(version);
  const runReadiness = async (directory: string) => {
    const run = { wallTime: '2026-03-14T04:31:24.000Z', by: directory, tookMs: 1, results: [] };
    return succeed(run);
  };
  const secrets = new SetupSecrets();
  secrets.put('', 'engine-password', 'engine secret');
  for (const { id } of before.servers) secrets.put(id, 'password', 'secret');
  install = new SetupInstall({
    install: {
      sitesFolder: join(folder, 'sites'),
      bundle: async () => succeed(bundle),
      createAsk,
      runReadiness,
    },
    connect: (target) =>
      target.address === silent
        ? Promise.resolve(fail(productError('server.unreachable', `no way to ${target.name}`)))
        : connect(target),
    help: { sshAgentSocket: undefined },
    secrets,
    time: { bootMs: () => performance.now() },
    log: { info: () => undefined, error: () => undefined },
    measured: () => measured,
    onNews: () => undefined,
  });
  install.plan(before);
  expect(await ended('plan')).toEqual([]);
  expect(install.install(before, before.revision)).toMatchObject({ ok: true });
  expect(await ended('install')).toEqual([]);
  await vi.waitFor(() => expect(install.view().firstReport.run?.by).toBe(install.profileOf(before)));
  silent = '192.0.2.14';
}, 30_000);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clusters = ['WK1', 'WK2'].map((id, index) => {
  const cluster = draftCluster(id, index);
  return { ...cluster, members: cluster.members.map((one) => ({ ...one, unit: `engine-${id}.service` })) };
});
const whole = wholeDraft({ clusters });
/** With a balancer of its own, and without: a balancer of yours takes its place. */
const before: SetupDraft = {
  ...whole,
  servers: [...whole.servers, draftServer('lb', { address: '192.0.2.14', purpose: 'other' })],
  balancer: { ...whole.balancer, server: 'lb' },
};
const after: SetupDraft = {
  ...whole,
  revision: 1,
  balancer: { kind: 'generic', server: null, address: '192.0.2.99', addresses: {} },
};

async function ended(what: 'plan' | 'install' | 'removal' | 'rollback') {
  return vi.waitFor(() => {
    const { work } = install.view()[what];
    expect(work.state).not.toBe('running');
    return work.errors;
  }, 20_000);
}

describe('a server that has left the site and cannot be reached', () => {
  it('keeps the plan back until a person says that it is lost, and then the installation too', async () => {
    install.plan(after);
    const [error] = await ended('plan');
    expect(error).toMatchObject({ code: 'install.leaver-silent' });
    expect(error?.message).toBe('lb (short name lb) has left the site and cannot be reached.');
    install.plan(after, { gone: 'lb' });
    expect(await ended('plan')).toEqual([]);
    expect(install.install(after, after.revision)).toMatchObject({ ok: true });
    expect(await ended('install')).toEqual([]);
  });

  it('keeps a removal back until a person says that it is lost, and then goes off the others', async () => {
    install.remove(before, { engines: 'stop' });
    expect(await ended('removal')).toMatchObject([{ code: 'install.leaver-silent' }]);
    expect(site.servers.north.files.has('/etc/ixha/site')).toBe(true);
    install.remove(before, { engines: 'stop', gone: 'lb' });
    expect(await ended('removal')).toEqual([]);
    expect(site.servers.north.files.has('/etc/ixha/site')).toBe(false);
    install.remove(before, { engines: 'stop' });
    expect(await ended('removal')).toMatchObject([{ code: 'install.leaver-silent' }]);
  });

  it('is waited for again after another look, and for another state of the setup', async () => {
    install.plan(after, { gone: 'lb' });
    expect(await ended('plan')).toEqual([]);
    install.plan({ ...after, revision: 2 }, { engines: 'keep' });
    expect(await ended('plan')).toMatchObject([{ code: 'install.leaver-silent' }]);
    install.plan(after);
    expect(await ended('plan')).toMatchObject([{ code: 'install.leaver-silent' }]);
  });
});

describe('an installation from the setup', () => {
  const refused = { ok: false, error: { code: 'setup.not-planned' } };

  it('is refused where the setup was changed since its plan, and goes on with the plan of the change', async () => {
    silent = null;
    const changed = { ...after, revision: 2 };
    install.plan(after);
    expect(await ended('plan')).toEqual([]);
    expect(install.view().plan.revision).toBe(after.revision);
    const steps = install.view().install.steps.length;
    expect(install.install(changed, changed.revision)).toMatchObject(refused);
    expect(install.install(changed, after.revision)).toMatchObject(refused);
    expect(install.view().install).toMatchObject({ work: { state: 'done' }, steps: { length: steps } });
    install.plan(changed);
    expect(await ended('plan')).toEqual([]);
    expect(install.install(changed, after.revision)).toMatchObject(refused);
    expect(install.install(changed, changed.revision)).toMatchObject({ ok: true });
    expect(await ended('install')).toEqual([]);
  });

  it('is refused where the plan could not be made, or everything was taken off since', async () => {
    install.plan(after);
    expect(await ended('plan')).toMatchObject([{ code: 'install.leaver-silent' }]);
    expect(install.install(after, after.revision)).toMatchObject(refused);
    silent = null;
    install.plan(before);
    expect(await ended('plan')).toEqual([]);
    install.remove(before, { engines: 'stop' });
    await vi.waitFor(() => expect(install.view().removal.work.state).not.toBe('running'), 20_000);
    expect(install.view()).toMatchObject({ plan: { revision: null }, removal: { work: { state: 'done' } } });
    expect(install.install(before, before.revision)).toMatchObject(refused);
  });

  it('keeps whom agents tell and how often they restart, and says so in its plan', async () => {
    silent = null;
    const file = join(install.profileOf(before), 'site.json');
    const kept = () => JSON.parse(readFileSync(file, 'utf8')) as SiteDocument;
    const notifications: NotificationPolicy = {
      targets: [{ kind: 'webhook', id: 'pager', url: 'https://pager.example/hook' }],
    };
    const clusters = kept().clusters.map((cluster) => ({ ...cluster, localRestarts: 1 }));
    writeFileSync(file, JSON.stringify({ ...kept(), clusters, notifications }));
    install.plan(before);
    expect(await ended('plan')).toEqual([]);
    expect(install.view().plan.carried).toContain('clusters.WK2.localRestarts: 1');
    expect(install.install(before, before.revision)).toMatchObject({ ok: true });
    expect(await ended('install')).toEqual([]);
    expect(kept()).toMatchObject({ notifications, clusters: [{ localRestarts: 1 }, { localRestarts: 1 }] });
  });

  it('is refused where its timing does not fit what was measured since its plan', async () => {
    silent = null;
    install.plan(before);
    expect(await ended('plan')).toEqual([]);
    measured = { ...nothingMeasured, kill: { best: 1, typical: 2, worst: 9 } };
    expect(install.install(before, before.revision)).toMatchObject({ ok: true });
    const [error] = await ended('install');
    expect(error).toMatchObject({ code: 'site.unsafe' });
    expect(error?.details?.join()).toContain('WK1: kill ≤ D does not hold as measured here: 9 s > ');
  });

  it('is refused where the setup describes what must not be installed', async () => {
    const [first, second] = before.clusters;
    const nested = { ...second!, directory: `${first!.directory}/two` };
    install.plan({ ...before, clusters: [first!, nested] });
    expect(await ended('plan')).toMatchObject([{ code: 'site.unsafe' }]);
  });
});

describe('a roll back of one server from the setup', () => {
  it('is done only as its plan was shown, and is refused for an Active', async () => {
    silent = null;
    expect(install.rollBack(before, 'north')).toMatchObject({
      ok: false,
      error: { code: 'rollback.changed' },
    });
    install.planRollback(before, 'south');
    await vi.waitFor(() => expect(install.view().rollback.plan.state).not.toBe('running'), 20_000);
    expect(install.view().rollback.plan.errors).toMatchObject([{ code: 'rollback.in-use' }]);
    expect(install.rollBack(before, 'south')).toMatchObject({
      ok: false,
      error: { code: 'rollback.changed' },
    });
    site.servers.south.units.set('engine-WK2.service', { active: 'active', enabled: false });
    install.planRollback(before, 'south');
    await vi.waitFor(() => expect(install.view().rollback.plan.state).not.toBe('running'), 20_000);
    expect(install.view().rollback.plan.errors).toMatchObject([{ code: 'rollback.active' }]);
  });

  it('takes a first installation that stopped off one server, and tells of it after a restart of the console', async () => {
    silent = null;
    install.remove(before, { engines: 'stop' });
    expect(await ended('removal')).toEqual([]);
    expect(install.view().firstReport).toMatchObject({ run: null, work: { state: 'never' } });
    expect(await begunInstallation(install.profileOf(before))).toBeNull();
    // As if none had ever run: a server in memory keeps what it has started.
    rmSync(join(install.profileOf(before), 'site.json'));
    for (const server of Object.values(site.servers)) server.runs.clear();
    site.servers.north.breaksAt = 'upload /etc/ixha/WK2/member.json';
    install.plan(before);
    expect(await ended('plan')).toEqual([]);
    install.install(before, before.revision);
    expect(await ended('install')).toHaveLength(1);
    const begun = await begunInstallation(install.profileOf(before));
    const north = begun!.servers.find(({ server }) => server === 'north')!;
    expect(north.stoppedAt).toBe('file /etc/ixha/WK2/member.json');
    expect(north.placed).toContain('what was here before is kept');
    install.planRollback(before, 'north');
    await vi.waitFor(() => expect(install.view().rollback.plan.state).toBe('done'), 20_000);
    expect(install.rollBack(before, 'north')).toMatchObject({ ok: true });
    expect(await ended('rollback')).toEqual([]);
    expect(install.view().rollback.work.state).toBe('done');
    expect([...site.servers.north.files.keys()].filter((path) => path.includes('ixha'))).toEqual([]);
    const after = await begunInstallation(install.profileOf(before));
    expect(after!.servers.find(({ server }) => server === 'north')).toMatchObject({
      placed: [],
      stoppedAt: null,
    });
  });
});
