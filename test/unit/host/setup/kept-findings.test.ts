import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptPreflight } from '../../../../electron/host/preflight/kept-preflight.ts';
import { SetupKeeper } from '../../../../electron/host/setup/setup-keeper.ts';
import { succeed } from '../../../../shared/result.ts';
import type { SetupDraft } from '../../../../shared/setup/draft.ts';
import type { SetupAction } from '../../../../shared/setup/setup-view.ts';
import { draftCluster, draftServer, wholeDraft } from '../../setup/setup-draft-fixture.ts';
import { handTime, type HandTime } from '../hand-time.ts';
import { bareMemorySite } from '../upgrade/memory-site.ts';
import { sampleMeans } from './sample-means.ts';

/**
 * Goal: what a setup has found on the servers counts for the readiness of the site that it installs. Method: a whole
 * setup on servers in memory, with a clock by hand; what is kept is read as readiness reads it.
 */
let folder: string;
let time: HandTime;
let keeper: SetupKeeper;
const errors: string[] = [];

/** Within a draft servers are called otherwise than in the site's document, which names them by their names. */
const inDraft = (server: string) => `${server}-of-draft`;
const clusters = ['WK1', 'WK2'].map((id, index) => {
  const cluster = draftCluster(id, index);
  const members = cluster.members.map((one) => ({
    ...one,
    server: inDraft(one.server),
    unit: `engine-${id}.service`,
  }));
  return { ...cluster, members };
});
const whole = wholeDraft({ clusters });
const draft = {
  ...whole,
  servers: whole.servers.map((server) => ({ ...server, id: inDraft(server.id), name: server.id })),
  balancer: { ...whole.balancer, server: inDraft('third') },
  leaseStore: { kind: 'witness', server: inDraft('third'), port: 7660 } as const,
};
const profile = () => join(folder, 'sites', draft.site.id);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-kept-findings-'));
  time = handTime();
  errors.length = 0;
  const { connect, createAsk, bundle } = bareMemorySite(folder).inputs('1.0.0-abc');
  const install = {
    ...sampleMeans().install,
    sitesFolder: join(folder, 'sites'),
    bundle: async () => succeed(bundle),
    createAsk,
  };
  keeper = new SetupKeeper({
    ...sampleMeans(folder, { connect, install }),
    time,
    log: { info: () => undefined, error: (line: string) => errors.push(line) },
    showSite: async () => succeed(undefined),
    onNews: () => undefined,
  });
  await act({ act: 'save', draft });
  await act({ act: 'secret', server: '', kind: 'engine-password', value: 'engine secret' });
  for (const { id } of draft.servers)
    await act({ act: 'secret', server: id, kind: 'password', value: 'secret' });
}, 30_000);
afterEach(async () => {
  await keeper.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function act(action: SetupAction): Promise<void> {
  expect(await keeper.act(action)).toMatchObject({ ok: true });
}

/** Begins it and waits until it has ended well. */
async function done(what: 'preflight' | 'plan' | 'install'): Promise<void> {
  if (what === 'install') await done('plan');
  const { revision } = keeper.view().draft;
  await act(what === 'install' ? { act: what, revision } : { act: what });
  await vi.waitFor(() => {
    const { work } = keeper.view()[what];
    expect([work.state, work.errors]).toEqual(['done', []]);
  }, 20_000);
}

describe('what a setup has found on its servers', () => {
  it('counts for the setup that was looked at: other servers, directories or ports were not', async () => {
    const isOfDraft = () => keeper.view().preflight.isOfDraft;
    const say = (more: Partial<SetupDraft>) =>
      act({ act: 'save', draft: { ...keeper.view().draft, ...more } });
    await say({ clusters: [] });
    await done('preflight');
    expect(isOfDraft()).toBe(true);
    await say({ clusters: draft.clusters });
    expect(isOfDraft()).toBe(false);
    await done('preflight');
    expect(isOfDraft()).toBe(true);
    await say({ timing: 'fast', confirmed: ['alone'] });
    expect(isOfDraft()).toBe(true);
    const [first, ...others] = draft.clusters;
    await say({ clusters: [{ ...first!, directory: '/share/elsewhere' }, ...others] });
    expect(isOfDraft()).toBe(false);
  });

  it('is kept for readiness once the site is installed, as old as it is', async () => {
    await done('preflight');
    expect(await keptPreflight(profile())).toBeNull();
    const lookedAt = time.wallTime();
    time.forward(3_600_000);
    await done('install');
    const kept = await keptPreflight(profile());
    expect(kept?.wallTime).toBe(lookedAt);
    expect(kept?.checks).toHaveLength(keeper.view().preflight.checks.length);
    expect(new Set(kept?.checks.flatMap(({ server }) => server ?? []))).toEqual(
      new Set(['north', 'south', 'third']),
    );
    expect(errors).toEqual([]);
  });

  it('is kept at once where the site is installed, with how its guards were proven', async () => {
    await done('install');
    expect(await keptPreflight(profile())).toBeNull();
    await done('preflight');
    const kept = await keptPreflight(profile());
    const proofs = kept?.checks.filter(({ id }) => id === 'guard-proof') ?? [];
    expect(proofs.map(({ server, verdict }) => [server, verdict])).toEqual([
      ['north', 'ok'],
      ['north', 'ok'],
      ['south', 'ok'],
      ['south', 'ok'],
    ]);
    expect(proofs[0]?.finding).toMatch(/^WK1 killed in \d+ of \d+ ms/);
  });

  it('is not kept where a server was added that nobody has looked at', async () => {
    await done('preflight');
    const balancer = draftServer('lb', { address: '192.0.2.14', purpose: 'other' });
    const grown = { servers: [...draft.servers, balancer], balancer: { ...draft.balancer, server: 'lb' } };
    await act({ act: 'save', draft: { ...draft, ...grown, revision: keeper.view().draft.revision } });
    await act({ act: 'secret', server: 'lb', kind: 'password', value: 'secret' });
    expect(keeper.view().preflight.isOfDraft).toBe(false);
    await done('install');
    expect(await keptPreflight(profile())).toBeNull();
  });
});
