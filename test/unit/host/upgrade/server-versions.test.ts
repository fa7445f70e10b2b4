import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandRunner } from '../../../../electron/host/ssh/server-connection.ts';
import {
  beginSwitch,
  endSwitch,
  lookAtVersions,
  restoreVersion,
} from '../../../../electron/host/upgrade/server-versions.ts';
import { succeed } from '../../../../shared/result.ts';

const change = { from: '1.0.0-abc', to: '1.1.0-def' };
const config = '/etc/ixha/WK1/member.json';
const unit = '/etc/systemd/system/ixha-agent@.service';
const added = '/etc/ixha/WK1/added.json';
const paths = [config, unit, added];

let root: string;
/** Runs the real scripts with every path of a server below a folder of this test. */
let server: CommandRunner;

const at = (path: string) => join(root, path);
const put = (path: string, content: string, mode = 0o644) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content, { mode });
};
const point = (name: string, version: string) => {
  rmSync(at(`usr/lib/ixha/${name}`), { force: true });
  symlinkSync(version, at(`usr/lib/ixha/${name}`));
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-versions-'));
  for (const version of ['0.9.0-old', change.from, change.to]) put(`usr/lib/ixha/${version}/node`, version);
  point('current', change.from);
  mkdirSync(at('var/lib/ixha'), { recursive: true });
  put(config, 'older', 0o640);
  put(unit, 'older unit');
  // The service manager of the test knows one unit, whose process is this one's child below.
  put(
    'bin/systemctl',
    '#!/bin/sh\ncase "$*" in *MainPID*) echo 0 ;; *) echo "$@" >> "$(dirname "$0")/asked" ;; esac\n',
  );
  chmodSync(at('bin/systemctl'), 0o755);
  server = {
    name: 'ig-north',
    run: async ([program, ...args]) => {
      const moved = args.map((word) => (/^\/(usr|var|etc)\//.test(word) ? at(word) : word));
      const child = spawn(program!, moved, { env: { PATH: `${at('bin')}:${process.env['PATH']}` } });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return succeed({ exitCode: await ended, signal: null, stdout, stderr, truncated: false });
    },
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const seen = async () => {
  const result = await lookAtVersions(server, ['ixha-agent@WK1.service']);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

/** Goal: a switch that was begun can always be told and undone. Method: the real scripts in a folder. */
describe('the versions on a server', () => {
  it('are told with what is current and what runs', async () => {
    expect(await seen()).toEqual({
      current: change.from,
      installed: ['0.9.0-old', change.from, change.to],
      unproven: null,
      runs: new Map([['ixha-agent@WK1.service', '']]),
    });
  });

  it('remember a switch from its beginning to its end', async () => {
    expect(await beginSwitch(server, change, paths)).toMatchObject({ ok: true });
    expect((await seen()).unproven).toEqual(change);
    point('current', change.to);
    expect((await endSwitch(server)).ok).toBe(true);
    expect(await seen()).toMatchObject({ unproven: null, installed: [change.from, change.to] });
    expect(readlinkSync(at('usr/lib/ixha/previous'))).toBe(change.from);
    expect(readdirSync(at('var/lib/ixha'))).toEqual([]);
  });

  it('go back with every file as it was, and without those that came', async () => {
    await beginSwitch(server, change, paths);
    point('current', change.to);
    put(config, 'newer');
    put(unit, 'newer unit');
    put(added, 'new');
    expect((await restoreVersion(server, change, paths)).ok).toBe(true);
    expect(readlinkSync(at('usr/lib/ixha/current'))).toBe(change.from);
    expect(readFileSync(at(config), 'utf8')).toBe('older');
    expect(statSync(at(config)).mode & 0o777).toBe(0o640);
    expect(readFileSync(at(unit), 'utf8')).toBe('older unit');
    expect(existsSync(at(added))).toBe(false);
    expect(readFileSync(at('bin/asked'), 'utf8')).toBe('daemon-reload\n');
    expect((await seen()).unproven).toEqual(change);
  });

  it('are not touched when there is nothing to go back to', async () => {
    point('current', change.to);
    expect((await restoreVersion(server, change, paths)).ok).toBe(false);
    await beginSwitch(server, change, paths);
    rmSync(at(`usr/lib/ixha/${change.from}`), { recursive: true });
    expect((await restoreVersion(server, change, paths)).ok).toBe(false);
    expect(readlinkSync(at('usr/lib/ixha/current'))).toBe(change.to);
    expect(readFileSync(at(config), 'utf8')).toBe('older');
  });

  it('are not removed while it is not known which one is current', async () => {
    await beginSwitch(server, change, paths);
    rmSync(at('usr/lib/ixha/current'));
    expect((await endSwitch(server)).ok).toBe(false);
    expect((await seen()).installed).toEqual(['0.9.0-old', change.from, change.to]);
  });
});
