import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServersKeeper, type ServersPorts } from '../../../../electron/host/servers/servers-keeper.ts';
import { succeed } from '../../../../shared/result.ts';
import type { ServersAction, ServersView } from '../../../../shared/servers/servers-view.ts';
import { sampleMeans } from '../setup/sample-means.ts';
import { installedMemorySite, type MemorySite } from '../upgrade/memory-site.ts';

/** Goal: what the page asks for is done on the servers, or refused in words. Method: an installed site on servers in memory. */
const version = '1.0.0-abc';
const secret: ServersAction = { act: 'secret', server: '', kind: 'engine-password', value: 'engine secret' };

let folder: string;
let memory: MemorySite;
let role: 'admin' | 'viewer';
let keeper: ServersKeeper;
let reopened: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-servers-'));
  memory = await installedMemorySite(folder, version);
  role = 'admin';
  reopened = [];
  keeper = new ServersKeeper(ports());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function ports(): ServersPorts {
  const { connect, createAsk, bundle, profileDirectory } = memory.inputs(version);
  const install = {
    ...sampleMeans().install,
    sitesFolder: folder,
    bundle: async () => succeed(bundle),
    createAsk,
  };
  const credentials = { authority: '', certificate: '', key: '' };
  return {
    means: sampleMeans(folder, { connect, install }),
    site: () => ({ profileDirectory, demo: null, ask: createAsk(credentials), me: { name: 'desk', role } }),
    reopen: async (directory) => {
      reopened.push(directory);
      return succeed(undefined);
    },
    wallTime: () => new Date().toISOString(),
    version: '0.1.0',
    time: { bootMs: () => performance.now() },
    log: { info: () => undefined, error: () => undefined },
    onNews: () => undefined,
  };
}

async function act(action: ServersAction): Promise<ServersView> {
  const done = await keeper.act(action);
  if (!done.ok) throw new Error(`${done.error.code}: ${done.error.message}`);
  return done.value;
}

const begin = (work: 'compare' | 'repair' | 'renew' | 'upgrade'): ServersAction => {
  return { act: 'begin', work, server: null, unprotected: [] };
};
const refusalOf = async (action: ServersAction) => {
  const done = await keeper.act(action);
  return done.ok ? undefined : `${done.error.code}: ${done.error.message}`;
};
const ended = () =>
  vi.waitFor(() => {
    const view = keeper.view();
    expect(view.work.state).not.toBe('running');
    return view;
  }, 20_000);

describe('work on the servers of a site', () => {
  it('compares nothing before the password of the engines is given, and says so', async () => {
    await act(begin('compare'));
    const { work } = await ended();
    expect(work).toMatchObject({ state: 'failed', errors: [{ code: 'ssh.authentication' }] });
    expect((await act(secret)).shared).toEqual({ needs: ['engine-password'], has: ['engine-password'] });
    await act(begin('compare'));
    const { work: again, lines, kind } = await ended();
    expect([again.state, kind]).toEqual(['done', 'compare']);
    expect(lines.every((line) => line.endsWith(': whole'))).toBe(true);
  });

  it('writes no secret into the folder of the site', async () => {
    await act({ ...secret, value: 'planted-secret' });
    await act(begin('compare'));
    await ended();
    const profile = join(folder, 'profile');
    const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain('planted-secret');
  });

  it('tells what differs, mends it, and every step of it', async () => {
    await act(secret);
    memory.servers.north.files.delete('/etc/ixha/WK2/member.json');
    await act(begin('compare'));
    expect((await ended()).lines).toContain('north: /etc/ixha/WK2/member.json is missing');
    await act(begin('repair'));
    const { work, steps } = await ended();
    expect(work.errors).toEqual([]);
    expect(steps.some(({ server, title }) => server === 'north' && title.includes('member.json'))).toBe(true);
    expect(memory.servers.north.files.has('/etc/ixha/WK2/member.json')).toBe(true);
  }, 30_000);

  it('looks what arming would change, and shows the site anew only after it was armed', async () => {
    await act(secret);
    await act({ act: 'arm', plan: true });
    expect(await ended()).toMatchObject({
      kind: 'arm',
      plan: true,
      lines: ['Nothing to change: the site is armed.'],
    });
    expect(reopened).toEqual([]);
    await act({ act: 'arm', plan: false });
    const armed = await ended();
    expect(armed.work.errors).toEqual([]);
    expect(armed).toMatchObject({ plan: false, lines: ['WK1 is armed.', 'WK2 is armed.'] });
    expect(reopened).toEqual([join(folder, 'profile')]);
  }, 30_000);

  it('takes no protection off before the name of the site is typed', async () => {
    expect(await refusalOf({ act: 'observe', typedName: 'Sample' })).toContain('The typed name is not');
    expect(memory.servers.north.changes).toEqual([]);
  });

  it('does one work at a time', async () => {
    await act(secret);
    await act(begin('compare'));
    expect(await refusalOf(begin('repair'))).toContain('Another work on the servers is under way');
    await ended();
  });

  it('looks how open the units are, of this site’s servers only', async () => {
    const { north } = memory.servers;
    const told = { exitCode: 0, signal: null, stderr: '', truncated: false };
    const said = 'Overall exposure level for ixha-agent@WK1.service: 3.6 OK';
    const stdout = `Version=systemd 252\nUnit=ixha-agent@WK1.service\nSaid=${said}\n`;
    vi.spyOn(north, 'run').mockResolvedValue(succeed({ ...told, stdout }));
    expect(await keeper.hardening({ server: 'north' })).toMatchObject({
      value: {
        server: 'north',
        systemd: 'systemd 252',
        units: [{ exposure: 3.6 }, { exposure: null }, {}, {}, {}, {}],
      },
    });
    expect(await keeper.hardening({ server: 'east' })).toMatchObject({ error: { code: 'command.refused' } });
    role = 'viewer';
    expect(await keeper.hardening({ server: 'north' })).toMatchObject({ error: { code: 'command.refused' } });
  });

  it('is refused to everybody but an administrator', async () => {
    role = 'viewer';
    expect((await keeper.open()).refusal).toBe('Only an administrator may work on the servers.');
    expect(await refusalOf(begin('compare'))).toContain('command.refused');
  });

  it('lets whoever looks take over the site document that the agents tell', async () => {
    role = 'viewer';
    expect((await keeper.open()).canPull).toBe(true);
    expect((await act({ act: 'pull', plan: true })).work.state).toBe('running');
  });

  it('removes nothing before the name of the site is typed', async () => {
    expect(await refusalOf({ act: 'remove', engines: 'keep', typedName: 'Sample' })).toContain(
      'The typed name is not Sample site.',
    );
    expect(memory.servers.north.changes).toEqual([]);
  });
});
