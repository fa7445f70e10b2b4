import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { uninstallSite } from '../../../../electron/host/install/uninstall-site.ts';
import { formatProductError, type ProductError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { bareMemorySite, type MemorySite } from '../upgrade/memory-site.ts';
import type { MemoryServer } from './memory-server.ts';

/**
 * Goal: on a bad day an installation says what is wrong and leaves nothing, and the same command goes on when it is
 * mended. Method: servers in memory that are spoilt, mended, cut off from power, or half empty.
 */
const version = '1.0.0-abc';
let folder: string;
let site: MemorySite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-bad-days-'));
  site = bareMemorySite(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const servers = () => Object.values(site.servers);
const install = () => installSite(site.inputs(version));
const changes = () => servers().flatMap(({ name, changes }) => changes.map((change) => `${name} ${change}`));
const said = (result: Result<unknown, readonly ProductError[]>) =>
  result.ok ? 'done' : result.error.map(formatProductError).join('\n');

/** What lies on each server, apart from what is random in keys and certificates. */
const everything = () =>
  servers().map(({ name, files, folders, units, marks, link, needsReload }) => ({
    ...{ name, link, needsReload },
    files: [...files.keys()].filter((path) => path !== '/etc/haproxy/haproxy.cfg').sort(),
    folders: [...folders.keys()].sort(),
    units: [...units].filter(([, { active, enabled }]) => active === 'active' || enabled),
    marks: [...marks],
  }));

/** Has a server tell something else of itself, as long as the answer is not called. */
function telling(server: MemoryServer, from: RegExp, to: string): () => void {
  const { run } = server;
  server.run = async (argv, options) => {
    const answer = await run(argv, options);
    if (!answer.ok || !argv.includes('ixha-facts')) return answer;
    expect(answer.value.stdout).toMatch(from);
    return { ok: true, value: { ...answer.value, stdout: answer.value.stdout.replace(from, to) } };
  };
  return () => (server.run = run);
}

const spoilt: [string, RegExp, string, string, RegExp][] = [
  ['a wrong processor', /x86_64/, 'aarch64', 'install.unsupported', /aarch64/],
  [
    'a storage that is mounted read-only',
    /Asked=\/share\/wk1\n/,
    'Asked=/share/wk1\nMountInfo=nfs4 nas:/wk1 ro,hard\n',
    'install.unsupported',
    /shared directory \/share\/wk1 of WK1 is mounted read-only/,
  ],
  [
    'a clock that is years off',
    /(1\.0 1\.0\n)\S+/,
    '$12001-01-01T00:00:00Z',
    'install.unsupported',
    /a clock that is right/,
  ],
  [
    'a full disk',
    /\/dev\/a 9 9 9999999 1% \/var/,
    '/dev/a 9 9 1000 99% /var',
    'install.unsupported',
    /200 MB free below \/var/,
  ],
  [
    'the agent of another site',
    /== site\n/,
    '== site\nhospital-b\n',
    'install.foreign',
    /it belongs to the site hospital-b/,
  ],
  ['no engine', /LoadState=loaded/g, 'LoadState=not-found', 'install.engine-missing', /is not installed/],
];

describe('one server of the site', () => {
  it.each(spoilt)(
    'with %s: said, nothing left, and mended by the same command',
    async (_what, from, to, code, words) => {
      const mend = telling(site.servers.south, from, to);
      const refused = await install();
      expect(said(refused)).toContain(`[${code}]`);
      expect(said(refused)).toMatch(words);
      expect(said(refused)).toMatch(/\nNext: [A-Z].{10,}/);
      expect(changes()).toEqual([]);
      const profile = join(folder, 'profile');
      expect(existsSync(profile) ? readdirSync(profile) : []).toEqual(['install-transcript.jsonl']);
      mend();
      expect(said(await install())).toBe('done');
    },
  );

  it(
    'loses its power in the middle: the same command comes to the same end',
    { timeout: 60_000 },
    async () => {
      await install();
      const whole = everything();
      let cut = 0;
      for (let at = 0; ; at += 7) {
        rmSync(folder, { recursive: true, force: true });
        folder = mkdtempSync(join(tmpdir(), 'ixha-bad-days-'));
        site = bareMemorySite(folder);
        site.servers.south.changesUntilBreak = at;
        expect(said(await install()) === 'done', `change ${at}`).toBe(
          site.servers.south.changesUntilBreak !== undefined,
        );
        if (site.servers.south.changesUntilBreak !== undefined) break;
        cut += 1;
        bootAgain(site.servers.south);
        expect(said(await install()), `change ${at}`).toBe('done');
        expect(everything(), `change ${at}`).toEqual(whole);
      }
      expect(cut).toBeGreaterThan(5);
    },
  );
});

/** After a boot runs what is switched on, and no other unit. */
function bootAgain(server: MemoryServer): void {
  for (const [unit, { enabled }] of server.units)
    server.units.set(unit, { enabled, active: enabled ? 'active' : 'inactive' });
  server.needsReload = false;
}

describe('a half-removed agent', () => {
  it('is put back by an installation, and taken away whole by a removal', async () => {
    const bare = everything();
    await install();
    const whole = everything();
    halfRemove(site.servers.south);
    expect(everything()).not.toEqual(whole);
    expect(said(await install())).toBe('done');
    expect(everything()).toEqual(whole);
    halfRemove(site.servers.south);
    expect(said(await uninstallSite(site.inputs(version), 'stop'))).toBe('done');
    expect(everything()).toEqual(bare);
  });
});

/** As a removal that was interrupted leaves it. */
function halfRemove(server: MemoryServer): void {
  server.units.set('ixha-agent@WK2.service', { active: 'inactive', enabled: false });
  server.link = '';
  for (const path of [...server.files.keys()]) {
    if (/^\/etc\/ixha\/WK2\/|ixha-agent@\.service$/.test(path)) server.files.delete(path);
  }
}
