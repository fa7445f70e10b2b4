import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlGroupTree, groupLife, sliceFolder } from '../../../agent/services/control-group.ts';

/** Goal: a group is found where the kernel has it, and one life of it told from another. Method: a folder as the tree. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-tree-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('control group tree', () => {
  it('nests slices by their names', () => {
    expect([
      sliceFolder('system.slice'),
      sliceFolder('system-iguanax.slice'),
      sliceFolder('-.slice'),
    ]).toEqual(['system.slice', 'system.slice/system-iguanax.slice', '']);
  });

  it('is found on hybrid layouts and below the own group of a manager in a container', () => {
    const mounts = 'tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup2 /sys/fs/cgroup/uni\\040fied cgroup2 rw 0 0\n';
    expect(controlGroupTree(mounts, '1:cpu:/\n0::/lab/north/init.scope\n')).toEqual({
      mount: '/sys/fs/cgroup/uni fied',
      root: '/sys/fs/cgroup/uni fied/lab/north',
    });
    expect(controlGroupTree('tmpfs / tmpfs rw 0 0\n', '')).toBeNull();
  });
});

describe('the life of a group', () => {
  const folder = () => join(root, 'engine.service');
  const runs = () => mkdirSync(folder(), { recursive: true });
  /** Processes of the group with the tick at which each was started. */
  const holds = (starts: Record<number, number>) => {
    writeFileSync(join(folder(), 'cgroup.procs'), `${Object.keys(starts).join('\n')}\n`);
    for (const [pid, ticks] of Object.entries(starts)) {
      mkdirSync(join(root, 'proc', pid), { recursive: true });
      const before = Array.from({ length: 18 }, () => '0').join(' ');
      writeFileSync(join(root, 'proc', pid, 'stat'), `${pid} (an engine) S) S ${before} ${ticks} 0 0\n`);
    }
  };
  const life = () => groupLife(folder(), join(root, 'proc'));

  it('is that of its first process, whatever others come and go', () => {
    runs();
    holds({ 40: 900, 41: 950 });
    const first = life();
    expect(first).toMatch(/-900$/);
    holds({ 40: 900, 42: 990 });
    expect(life()).toBe(first);
  });

  it('is another one when the service was started anew in the same group', () => {
    runs();
    holds({ 40: 900 });
    const first = life();
    holds({ 50: 1_200 });
    expect(life()).not.toBe(first);
  });

  it('is not known when nothing runs, or when the processes have gone meanwhile', () => {
    expect(life()).toBeNull();
    runs();
    writeFileSync(join(folder(), 'cgroup.procs'), '77\n');
    expect(life()).toBeNull();
  });
});
