import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftAccess } from '../../../../electron/host/setup/draft-target.ts';
import { draftFromFile } from '../../../../electron/host/setup/draft-from-file.ts';
import type { SiteInstallFile } from '../../../../electron/host/install/install-file.ts';
import { SetupKeeper } from '../../../../electron/host/setup/setup-keeper.ts';
import { timingPresets } from '../../../../shared/lease/timing.ts';
import { succeed } from '../../../../shared/result.ts';
import { SetupDraft } from '../../../../shared/setup/draft.ts';
import { setupGaps } from '../../../../shared/setup/gaps.ts';
import { siteFromDraft } from '../../../../shared/setup/site-from-draft.ts';
import { handTime } from '../hand-time.ts';
import { sampleFile } from '../install/install-samples.ts';
import { sampleMeans } from './sample-means.ts';

/** Goal: a site file is taken over whole or not at all. Method: files in, drafts out, and the site of the draft again. */
const sample = (change: (file: SiteInstallFile) => void = () => undefined): SiteInstallFile => {
  const file = structuredClone(sampleFile('/home/me/password', '/home/me/key'));
  for (const cluster of file.site.clusters) cluster.localRestarts = 3;
  change(file);
  return file;
};

const taken = (file: SiteInstallFile): SetupDraft => {
  const made = draftFromFile(file);
  if (!made.ok) throw new Error(made.error.join('; '));
  return SetupDraft.parse(JSON.parse(JSON.stringify(made.value)));
};

describe('a site file as a setup', () => {
  it('makes the same site again, with its short names, and the same ways without secrets', () => {
    const file = sample();
    const draft = taken(file);
    expect(siteFromDraft(draft, file.site.version - 1)).toEqual(file.site);
    const { access } = draftAccess(draft);
    for (const [id, way] of Object.entries(file.access)) {
      const { user, port, identityFile, sudo } = way;
      expect(access[id]).toMatchObject({ user, port, sudo, ...(identityFile && { identityFile }) });
    }
    expect(JSON.stringify(draft)).not.toContain('/home/me/password');
    expect(setupGaps(draft, 'clusters')).toEqual([]);
  });

  it('has storages, balancers, lease stores and times as the file says', () => {
    const changes: ((file: SiteInstallFile) => void)[] = [
      ({ site }) => {
        site.clusters[0]!.storage = {
          ...{ kind: 'copied', directory: '/srv/a', mustBeMount: false, everySeconds: 9 },
          directories: { north: '/srv/b' },
        };
      },
      ({ site }) => {
        site.clusters[0]!.storage = {
          ...{ kind: 'shared', directory: '/srv/a', mustBeMount: true },
          cut: { program: '/usr/local/sbin/cut' },
        };
      },
      ({ site }) => {
        site.clusters[0]!.storage = {
          ...{ kind: 'shared', directory: '/srv/a', mustBeMount: true },
          mount: { by: 'agent' },
        };
      },
      ({ site }) => {
        for (const cluster of site.clusters) cluster.timing = { ...timingPresets.normal, T: 20 };
      },
      ({ site }) => {
        site.loadBalancer = { kind: 'f5', addresses: { WK1: '192.0.2.90', WK2: '192.0.2.90' } };
      },
      ({ site }) => {
        site.loadBalancer = { kind: 'keepalived', addresses: { WK1: '192.0.2.90', WK2: '192.0.2.91' } };
      },
      (file) => {
        const endpoints = [{ address: '192.0.2.21', port: 2379, certificateName: 'etcd.example' }];
        file.site.leaseStore = { kind: 'etcd', endpoints, prefix: '/ixha/sample', user: 'ixha' };
        file.etcd = { authorityFile: '/e/ca', certificateFile: '/e/c', keyFile: '/e/k' };
      },
      ({ site }) => {
        site.mode = 'observe';
      },
    ];
    for (const change of changes) {
      const file = sample(change);
      expect(siteFromDraft(taken(file), file.site.version - 1)).toEqual(file.site);
    }
  });

  it('keeps the way of each server: jump host, SSH agent, outdated algorithms, the first of several keys', () => {
    const [one, two] = ['a', 'b'].map((letter) => `SHA256:${letter.repeat(43)}`) as [string, string];
    const draft = taken(
      sample((file) => {
        file.jumpHosts = { gate: { address: 'gate.example', user: 'me', port: 2222, sshAgent: true } };
        Object.assign(file.access['north']!, {
          ...{ jump: 'gate', agentsThroughSsh: true, hostKey: [one, two], legacyAlgorithms: ['ssh-rsa'] },
        });
        file.revokedHostKeys = [two];
      }),
    );
    expect(draft.servers[0]!.ssh).toMatchObject({
      ...{ jump: 'gate', agentsThroughSsh: true, hostKey: one, legacyAlgorithms: ['ssh-rsa'] },
    });
    expect(draft.jumpHosts).toMatchObject([
      { id: 'gate', ssh: { port: 2222, login: { kind: 'ssh-agent' } } },
    ]);
    expect(draft.revokedHostKeys).toEqual([two]);
  });

  it.each<[string, (file: SiteInstallFile) => void]>([
    ['clusters.WK2.timing', ({ site }) => (site.clusters[1]!.timing = 'normal')],
    ['clusters.WK1.localRestarts', ({ site }) => (site.clusters[0]!.localRestarts = 7)],
    ['clusters.WK1.failback', ({ site }) => (site.clusters[0]!.failback = { afterMinutes: 5 })],
    ['mustNot', ({ site }) => (site.clusters[0]!.members[1]!.mustNot = true)],
    ['ports', ({ site }) => (site.clusters[0]!.members[1]!.ports = { api: 9000 })],
    [
      'loadBalancer',
      ({ site }) => {
        site.loadBalancer = { kind: 'f5', addresses: { WK1: '192.0.2.90', WK2: '192.0.2.91' } };
      },
    ],
  ])('is not taken over with %s, which the screen has no place for', (field, change) => {
    const made = draftFromFile(sample(change));
    expect(made.ok ? 'taken over' : made.error.join()).toContain(field);
  });
});

describe('the setup', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ixha-site-file-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = () =>
    new SetupKeeper({
      ...sampleMeans(folder),
      time: handTime(),
      log: { info: () => undefined, error: () => undefined },
      showSite: async () => succeed(undefined),
      onNews: () => undefined,
    });
  const put = (file: unknown) => {
    const path = join(folder, 'site.json');
    writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
    return path;
  };

  it('takes a site file over and keeps it, once only', async () => {
    const keeper = open();
    const file = put(sample());
    const done = await keeper.act({ act: 'site-file', file });
    expect(done.ok && done.value.draft.clusters.map(({ id }) => id)).toEqual(['WK1', 'WK2']);
    const again = await open().open();
    expect(again.ok && again.value.draft.site.id).toBe('sample');
    expect(await keeper.act({ act: 'site-file', file })).toMatchObject({
      error: { code: 'request.invalid' },
    });
  });

  it('refuses what is missing, damaged or has no place, and keeps nothing of it', async () => {
    const keeper = open();
    const code = async (file: string) => {
      const done = await keeper.act({ act: 'site-file', file });
      return done.ok ? 'ok' : done.error.code;
    };
    expect(await code(join(folder, 'none.json'))).toBe('site.missing');
    expect(await code(put('{"site":'))).toBe('site.damaged');
    expect(await code(put(sample(({ site }) => (site.clusters[0]!.localRestarts = 7))))).toBe(
      'setup.not-held',
    );
    expect(keeper.view()).toMatchObject({ draft: { servers: [], clusters: [] }, savedMs: null });
  });
});
