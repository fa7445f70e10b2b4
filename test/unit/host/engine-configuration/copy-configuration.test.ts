import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  compareMembers,
  type ReachedPair,
} from '../../../../electron/host/engine-configuration/compare-members.ts';
import { copyConfiguration } from '../../../../electron/host/engine-configuration/copy-configuration.ts';
import { copyDoubt } from '../../../../electron/host/engine-configuration/configuration-work.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import { isSameConfiguration } from '../../../../shared/engine/configuration-difference.ts';
import { succeed } from '../../../../shared/result.ts';
import type { AskedMember } from '../../../../shared/upgrade/member-health.ts';
import { sampleSite } from '../install/install-samples.ts';

/**
 * Goal: what differs is named and brought over whole or not at all, never under an engine that runs. Method: the real
 * scripts in the folders of two servers, with a service manager that the test plays.
 */
let root: string;
let pair: ReachedPair<ServerConnection>;
const at = (...parts: string[]) => join(root, ...parts);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-configuration-'));
  for (const server of ['north', 'south']) mkdirSync(at(server, 'engine'), { recursive: true });
  const cluster = sampleSite().clusters[0]!;
  const reached = (server: string) => {
    const member = cluster.members.find((one) => one.server === server)!;
    const engine = { ...member.engine, workingDirectory: at(server, 'engine') };
    return { member: { ...member, engine }, connection: connectionTo(server) };
  };
  pair = { cluster, first: reached('north'), other: reached('south') };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A server whose programs are this machine's, apart from its service manager. */
function connectionTo(server: string): ServerConnection {
  const programs = at(server, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'systemctl'), `#!/bin/sh\ncat "${at(server, 'state')}"\n`);
  chmodSync(join(programs, 'systemctl'), 0o755);
  writeFileSync(at(server, 'state'), 'inactive\n');
  // The archive lies in the agent's own folder there.
  const moved = (word: string) => (word.startsWith('/var/lib/ixha/') ? at(server, 'archive') : word);
  return {
    name: `ig-${server}`,
    run: (argv, options = {}) => {
      const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1).map(moved), {
        encoding: 'utf8',
        input: Buffer.from(options.stdin ?? ''),
        env: { ...process.env, PATH: `${programs}:${process.env['PATH']}`, LC_ALL: 'C' },
      });
      return Promise.resolve(succeed({ exitCode: status, signal: null, stdout, stderr, truncated: false }));
    },
    upload: (source, target) => {
      writeFileSync(moved(target.path), source.kind === 'content' ? source.content : '');
      return Promise.resolve(succeed(undefined));
    },
    close: () => undefined,
  };
}

function put(server: string, path: string, content: string): void {
  mkdirSync(dirname(at(server, 'engine', path)), { recursive: true });
  writeFileSync(at(server, 'engine', path), content);
}

const read = (path: string) => readFileSync(at('south', 'engine', path), 'utf8');
const list = () => readdirSync(at('south', 'engine')).toSorted();

async function compared() {
  const done = await compareMembers(pair);
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return done.value;
}

function twoConfigurations(): void {
  for (const server of ['north', 'south']) {
    put(server, 'config/settings/web.json', '{"port":7654}');
    put(server, 'config/other/IguanaLicense', `licence of ${server}`);
    put(server, 'config/.git/index', server);
  }
  put('north', 'config/comps/a b/component.json', '{"name":"ADT in"}');
  put('north', 'config/comps/new/deep/one.lua', 'print("new")');
  put('south', 'config/comps/a b/component.json', '{"name":"ADT old"}');
  put('south', 'config/comps/gone/component.json', '{}');
}

const copy = async () => copyConfiguration(pair, await compared(), '2026-05-01T08:00:00.000Z');

describe('the configuration of two engines', () => {
  it('differs by name and content, apart from what belongs to a server', async () => {
    twoConfigurations();
    expect(await compared()).toMatchObject({
      lack: null,
      difference: {
        same: 1,
        changed: ['config/comps/a b/component.json'],
        missing: ['config/comps/new/deep/one.lua'],
        surplus: ['config/comps/gone/component.json'],
      },
    });
  });

  it('is not called equal where there is nothing to compare', async () => {
    put('north', 'config/settings/web.json', '{}');
    expect((await compared()).lack).toBe(
      'ig-south: there is no config or IguanaConfigurationRepo in its working directory',
    );
    rmSync(at('south', 'engine'), { recursive: true });
    expect((await compared()).lack).toBe('ig-south: its working directory is not there');
  });

  it('is brought over whole, with the licence that was there, and the one of before beside it', async () => {
    twoConfigurations();
    chmodSync(at('north', 'engine/config/comps/new'), 0o2775);
    expect(await copy()).toEqual(succeed({ files: 3, aside: '.ixha-before-20260501T080000Z' }));
    expect(isSameConfiguration((await compared()).difference)).toBe(true);
    expect([read('config/comps/a b/component.json'), read('config/other/IguanaLicense')]).toEqual([
      '{"name":"ADT in"}',
      'licence of south',
    ]);
    expect(statSync(at('south', 'engine/config/comps/new')).mode & 0o7777).toBe(0o2775);
    expect(list()).toEqual(['config', 'config.ixha-before-20260501T080000Z']);
    expect(read('config.ixha-before-20260501T080000Z/comps/a b/component.json')).toBe('{"name":"ADT old"}');
    expect(existsSync(at('south', 'archive'))).toBe(false);
  });

  it('only loses what is surplus where nothing else differs', async () => {
    put('north', 'config/a.json', '1');
    put('south', 'config/a.json', '1');
    put('south', 'config/b.json', '2');
    expect((await copy()).ok).toBe(true);
    expect(isSameConfiguration((await compared()).difference)).toBe(true);
  });

  it.each(['active', 'activating', 'deactivating'])(
    'is not changed under an engine that is %s',
    async (state) => {
      twoConfigurations();
      writeFileSync(at('south', 'state'), `${state}\n`);
      expect(await copy()).toMatchObject({ error: { code: 'configuration.refused' } });
      expect([list(), read('config/comps/a b/component.json')]).toEqual([['config'], '{"name":"ADT old"}']);
      expect(existsSync(at('south', 'archive'))).toBe(false);
    },
  );

  it('stays as it was where what arrives is not what was compared', async () => {
    twoConfigurations();
    const seen = await compared();
    put('north', 'config/comps/a b/component.json', 'changed meanwhile');
    const done = await copyConfiguration(pair, seen, '2026-05-01T08:00:00.000Z');
    expect(done).toMatchObject({ error: { code: 'ssh.command-failed' } });
    expect([list(), read('config/comps/a b/component.json')]).toEqual([['config'], '{"name":"ADT old"}']);
  });
});

describe('what keeps a configuration from being copied', () => {
  const member = (name: string, role: string, process: string) =>
    ({
      server: name,
      name,
      snapshot: { role: { observed: role }, engine: { process: { value: process } } },
    }) as AskedMember;
  const active = member('ig-north', 'active', 'running');

  it.each([
    [[active, member('ig-south', 'passive', 'stopped')], null],
    [[active, member('ig-south', 'passive', 'running')], /ig-south is not stopped/],
    [[active, member('ig-south', 'passive', 'unknown')], /ig-south is not stopped/],
    [[active, member('ig-south', 'starting', 'stopped')], /ig-south is not Passive/],
    [[active, active], /not one Active/],
    [
      [active, { server: 's', name: 'ig-south', snapshot: null, why: 'it is off' }],
      /ig-south does not answer/,
    ],
  ] as const)('case %#', (members, doubt) => {
    const told = copyDoubt(members);
    if (doubt === null) expect(told).toBeNull();
    else expect(told).toMatch(doubt);
  });
});
