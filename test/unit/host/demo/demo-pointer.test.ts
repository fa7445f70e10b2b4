import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePointer, writePointer } from '../../../../electron/host/demo/demo-pointer.ts';
import { removeOldDemos, thisOwner, writeOwner } from '../../../../electron/host/demo/old-demos.ts';
import { demoOfProfile, runningDemos } from '../../../../scripts/lib/running-demos.mjs';

/**
 * Goal: the command line finds the demos that run, whichever started or ended last, and nothing stays.
 * Method: the writer of the console and the reader of the scripts on one folder for temporary files.
 */
let folder: string;
let before: string | undefined;
beforeEach(() => {
  before = process.env['TMPDIR'];
  folder = mkdtempSync(join(tmpdir(), 'ixha-pointer-'));
  process.env['TMPDIR'] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

const pointers = () => join(folder, `ixha-demo-of-${userInfo().uid}`);

function demo(name: string, owner: object = thisOwner()): string {
  const profile = join(folder, name, 'profile');
  mkdirSync(profile, { recursive: true });
  const file = join(profile, 'demo.json');
  writeFileSync(file, JSON.stringify({ url: `http://127.0.0.1/${name}`, token: 't', ...owner }));
  return file;
}

const killed = { supervisorPid: process.pid, supervisorStartTime: '1' };

describe('the demos that run', () => {
  it('are both known, and the end of the second leaves the first one known', async () => {
    const [first, second] = [demo('first'), demo('second')];
    writePointer(first);
    await new Promise((resolve) => setTimeout(resolve, 5));
    writePointer(second);
    expect(runningDemos().map(({ url }) => url)).toEqual([
      'http://127.0.0.1/second',
      'http://127.0.0.1/first',
    ]);
    removePointer(second);
    expect(runningDemos().map(({ profile }) => profile)).toEqual([join(folder, 'first', 'profile')]);
    removePointer(first);
    expect(runningDemos()).toEqual([]);
    expect(existsSync(pointers())).toBe(false);
  });

  it('are found by their profile folder too', () => {
    writePointer(demo('first'));
    expect(demoOfProfile(join(folder, 'first', 'profile'))?.token).toBe('t');
    expect(demoOfProfile(join(folder, 'nothing'))).toBeUndefined();
  });

  it('do not include one that was killed, and the next one forgets it', () => {
    writePointer(demo('killed', killed));
    expect(runningDemos()).toEqual([]);
    writePointer(demo('next'));
    expect(readdirSync(pointers())).toHaveLength(1);
  });

  it('are not looked for in a folder that others may write', () => {
    writePointer(demo('first'));
    chmodSync(pointers(), 0o777);
    expect(runningDemos()).toEqual([]);
  });
});

describe('folders of demos that were killed', () => {
  const made = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };

  it('are removed by the next start, also when the demo had only begun', () => {
    const dead = made('ixha-demo-dead');
    writeFileSync(join(dead, 'owner.json'), JSON.stringify(killed));
    const alive = made('ixha-demo-alive');
    writeOwner(alive);
    const unknown = made('ixha-demo-unknown');
    removeOldDemos(folder);
    expect([dead, alive, unknown].map(existsSync)).toEqual([false, true, true]);
  });
});
