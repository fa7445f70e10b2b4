import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProbe } from '../../../agent/probes/probe.ts';
import { runProgram, type ProgramResult } from '../../../agent/services/run-program.ts';
import { openSharedDirectory } from '../../../agent/storage/shared-directory.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { MemberConfig } from '../../../shared/site/member-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a program', () => {
  it('tells its exit code and what it printed', async () => {
    const done = await runProgram('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3'], 5_000);
    expect(done).toMatchObject({ code: 3, timedOut: false, left: null });
    expect(done.output.split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  it('ends with everything that it has started when its time is over', async () => {
    const file = join(folder, 'pids');
    const script = `sleep 600 & echo $! >"$0"; echo $$ >>"$0"; sleep 600`;
    const done = await runProgram('/bin/sh', ['-c', script, file], 5_000);
    expect(done).toMatchObject({ code: null, timedOut: true });
    await done.left;
    const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    await vi.waitUntil(() => pids.every((pid) => !alive(pid)), 5_000);
  });

  it('answers at its limit although a process of another group holds its output open', async () => {
    const done = await runProgram('/bin/sh', ['-c', 'setsid sleep 2 & exit 0'], 300);
    expect(done.timedOut).toBe(true);
  });

  it.each([
    ['is not there', '/nowhere/program', [] as string[]],
    ['takes more than the system accepts', '/bin/true', ['x'.repeat(3_000_000)]],
    ['has an argument that no program can get', '/bin/true', ['a\0b']],
  ])('that %s is a result, not an exception', async (_what, file, args) => {
    const done = await runProgram(file, args, 5_000);
    expect(done).toMatchObject({ code: null, timedOut: false });
    expect(done.output).not.toBe('');
  });
});

const shared = {
  siteId: 's',
  cluster: 'WK1',
  server: 'north',
  timing: timingPresets.fast,
  storage: { kind: 'shared', directory: '/data', mustBeMount: false },
  paths: { scripts: '/scripts' },
} as unknown as MemberConfig;

describe('the shared directory', () => {
  it('starts no second process while the last one hangs in it', async () => {
    let release = () => {};
    const left = new Promise<void>((resolve) => (release = resolve));
    const answers: ProgramResult[] = [
      { code: null, output: '', timedOut: true, left },
      { code: 0, output: '7 12\n', timedOut: false, left: null },
    ];
    let started = 0;
    const storage = openSharedDirectory(shared, () => {
      started += 1;
      return Promise.resolve(answers.shift()!);
    });
    expect(await storage.read()).toMatchObject({ ok: false });
    expect(await storage.prove()).toEqual({
      ok: false,
      error: '/data does not answer: the last look hangs in it',
    });
    expect(started).toBe(1);
    release();
    await left;
    expect(await storage.read()).toMatchObject({ ok: true, value: { generation: 7 } });
  });

  it('is asked how much is used with its first look and every sixth, and tells what is known with all', async () => {
    const measured: boolean[] = [];
    const storage = openSharedDirectory(shared, (_file, args) => {
      measured.push(args.at(-1) !== 'unmeasured');
      const output = measured.at(-1) === true ? `7 ${measured.length}\n` : '7 -1\n';
      return Promise.resolve({ code: 0, output, timedOut: false, left: null });
    });
    const used: unknown[] = [];
    for (let look = 0; look < 8; look += 1) {
      const looked = await (look % 2 === 0 ? storage.read() : storage.prove(7));
      used.push(looked.ok && looked.value.usedPercent);
    }
    expect(measured).toEqual([true, false, false, false, false, false, true, false]);
    expect(used).toEqual([1, 1, 1, 1, 1, 1, 7, 7]);
  });
});

describe('a probe', () => {
  it('whose look throws tells that and looks again', async () => {
    let looks = 0;
    const probe = startProbe<number>({
      clock: { bootMs: () => 0, wallTime: () => '' },
      timers: systemTimers,
      everyMs: () => 1,
      staleMs: 1_000,
      look: () => {
        looks += 1;
        throw new Error('no descriptor left');
      },
      onLook: () => undefined,
    });
    await vi.waitUntil(() => looks > 2, 15_000);
    const { value, why } = probe.fact(0);
    expect(value).toBeNull();
    expect(why).toContain('no descriptor left');
    probe.close();
  });
});
