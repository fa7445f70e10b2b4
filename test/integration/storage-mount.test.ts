import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram, runScript } from '../../agent/services/run-program.ts';
import { openMountedDirectory } from '../../agent/storage/mounted-directory.ts';
import { openMountUnit } from '../../agent/storage/mount-unit.ts';
import { openSharedDirectory } from '../../agent/storage/shared-directory.ts';
import { systemTimers } from '../../agent/system-timers.ts';
import { timingPresets } from '../../shared/lease/timing.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { createBench, root, until, type Bench } from './demo-harness.ts';

/**
 * Goal: what the kernel has mounted is what is told, whoever hangs or is busy. Method: real mounts, with a stand-in of
 * systemctl that mounts and unmounts as a service manager does; the look at the storage is the product's own.
 */
let bench: Bench;
let directory: string;
let source: string;
let systemctl: string;
beforeEach(() => {
  bench = createBench();
  [directory, source, systemctl] = [bench.path('wk1'), bench.path('nas'), bench.path('systemctl')];
  for (const folder of [directory, join(source, '.ixha')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(source, '.ixha/identity'), 's WK1\n');
  manager();
});
afterEach(() => {
  spawnSync('umount', ['-l', directory], { stdio: 'ignore' });
  bench.clean();
});

/** A service manager of one unit; `before` runs before what it does. */
function manager(before = ''): void {
  const script = `#!/bin/sh
verb=$1; ${before}
case $verb in
  start) mountpoint -q ${directory} || mount --bind ${source} ${directory} ;;
  stop) (umount ${directory} >/dev/null 2>&1 &) ;;
  show) echo LoadState=loaded ;;
esac`;
  writeFileSync(systemctl, script);
  chmodSync(systemctl, 0o755);
}

const clock = { bootMs: () => performance.now(), wallTime: () => '' };
function open(seconds = 5) {
  const unit = openMountUnit(
    { directory },
    { by: 'agent', seconds },
    {
      clock,
      timers: systemTimers,
      run: (_program, args, limitMs) => runProgram(systemctl, args, limitMs),
    },
  );
  const config = {
    siteId: 's',
    cluster: 'WK1',
    server: 'north',
    // A busy machine answers late.
    timing: { ...timingPresets.fast, O: 10 },
    storage: { kind: 'shared', directory, mustBeMount: true },
    paths: { scripts: join(root, 'resources/agent') },
  } as unknown as MemberConfig;
  return { unit, storage: openMountedDirectory(openSharedDirectory(config, runScript), unit, systemTimers) };
}

function mayMount(): boolean {
  return (
    spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'trial', '/mnt'], { stdio: 'ignore' }).status === 0
  );
}

describe.skipIf(!mayMount())('a directory that the agents mount', () => {
  it('is not mounted on a Passive, proven only once it is mounted, and given up again', async () => {
    const { unit, storage } = open();
    expect(unit.isMounted()).toBe(false);
    expect(await storage.read()).toMatchObject({ ok: true, value: { unmounted: true } });
    expect(await storage.prove()).toMatchObject({ ok: false, error: `${directory} is not mounted` });
    expect(existsSync(join(directory, '.ixha'))).toBe(false);
    expect(await unit.mount()).toMatchObject({ ok: true });
    expect(unit.isMounted()).toBe(true);
    expect(await storage.prove()).toMatchObject({ ok: true, value: { generation: 0 } });
    expect(await storage.raiseGeneration(7)).toMatchObject({ ok: true });
    expect(await unit.unmount(15_000)).toMatchObject({ ok: true });
    expect(unit.isMounted()).toBe(false);
    expect(existsSync(join(directory, '.ixha'))).toBe(false);
  });

  it('stays while something uses it, is told so in time, and is never taken by force', async () => {
    const { unit } = open();
    await unit.mount();
    const user = spawn('sleep', ['600'], { cwd: directory, stdio: 'ignore' });
    try {
      const done = await unit.unmount(300);
      expect(done).toMatchObject({ ok: false });
      expect(!done.ok && done.error).toMatch(/is still mounted after 0\.3 s: something uses it/);
      expect(unit.isMounted()).toBe(true);
    } finally {
      const gone = new Promise((ended) => user.once('exit', ended));
      user.kill('SIGKILL');
      await gone;
    }
    expect(await unit.unmount(15_000)).toMatchObject({ ok: true });
  });

  it('is given up as soon as what used it for a moment is gone, though the service manager tries only once', async () => {
    manager(`echo $verb >> ${bench.path('asked')}`);
    const { unit } = open();
    await unit.mount();
    const asked = () => readFileSync(bench.path('asked'), 'utf8').trim().split('\n');
    const stops = () => asked().filter((verb) => verb === 'stop').length;
    const user = spawn('sleep', ['600'], { cwd: directory, stdio: 'ignore' });
    try {
      await until('it is used', () => readlinkSync(`/proc/${user.pid}/cwd`) === directory);
      const unmounted = unit.unmount(20_000);
      await until('it has been asked for a second time', () => stops() > 1);
      expect(unit.isMounted()).toBe(true);
      user.kill('SIGKILL');
      expect(await unmounted).toMatchObject({ ok: true });
    } finally {
      user.kill('SIGKILL');
    }
    expect(unit.isMounted()).toBe(false);
    await until('the failure is forgotten', () => asked().at(-1) === 'reset-failed');
  });

  it('is not asked to end any more once it shall be mounted again', async () => {
    const { unit } = open();
    await unit.mount();
    const user = spawn('sleep', ['600'], { cwd: directory, stdio: 'ignore' });
    try {
      const ending = unit.unmount(1_000);
      expect(await unit.mount()).toMatchObject({ ok: true });
      manager(`echo $verb >> ${bench.path('asked')}`);
      expect(await ending).toMatchObject({ ok: false });
      expect(existsSync(bench.path('asked'))).toBe(false);
    } finally {
      const gone = new Promise((ended) => user.once('exit', ended));
      user.kill('SIGKILL');
      await gone;
    }
  });

  it('that does not come is told at the limit, and what the service manager says of it', async () => {
    manager('[ $verb = start ] && sleep 600');
    expect(await open(1).unit.mount()).toMatchObject({
      ok: false,
      error: expect.stringMatching(/was not mounted within 1 s$/) as string,
    });
    manager('[ $verb = start ] && { echo "Job for the mount failed." >&2; exit 1; }');
    expect(await open().unit.mount()).toMatchObject({
      ok: false,
      error: expect.stringMatching(/could not be mounted: Job for the mount failed$/) as string,
    });
    manager('[ $verb = start ] && exit 0');
    expect(await open().unit.mount()).toMatchObject({
      ok: false,
      error: expect.stringMatching(/was started, but nothing is mounted on/) as string,
    });
  });

  it('is asked for after a stop that was asked for before', async () => {
    manager('[ $verb = stop ] && sleep 0.5');
    const { unit } = open();
    await unit.mount();
    const stopped = unit.unmount(5_000);
    const mounted = unit.mount();
    await Promise.all([stopped, mounted]);
    await until('what was asked for last stands', () =>
      unit.mount().then(({ ok }) => ok && unit.isMounted() === true),
    );
  });

  it('has a unit, or is told not to have one', async () => {
    const { unit } = open();
    expect(await unit.trouble()).toBeNull();
    manager('[ $verb = show ] && { echo LoadState=not-found; exit 0; }');
    expect(await unit.trouble()).toContain('there is no unit');
    manager('[ $verb = show ] && { echo LoadState=masked; exit 0; }');
    expect(await unit.trouble()).toContain('its unit is masked');
    manager('[ $verb = show ] && exit 1');
    expect(await unit.trouble()).toContain('gives no answer');
  });
});
