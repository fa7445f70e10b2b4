import { describe, expect, it } from 'vitest';
import { controlGroupMounts } from '../../lab/hosts/control-group.ts';
import { address, cableName, hostNames, labLayout } from '../../lab/hosts/layout.ts';

describe('names of a lab', () => {
  it('share nothing between two labs except the image cache', () => {
    const [one, two] = [labLayout({ LAB_ID: '0' }), labLayout({ LAB_ID: '1' })];
    expect(one.cache).toBe(two.cache);
    for (const key of ['hosts', 'shared', 'run', 'bridge', 'table'] as const)
      expect(one[key]).not.toBe(two[key]);
    expect(address(one, 'wk-a')).toBe('10.77.0.11');
    expect(address(two, 'outer')).toBe('10.77.1.1');
  });

  it('fit into the 15 characters of an interface name', () => {
    for (const host of hostNames) expect(cableName(labLayout({ LAB_ID: '9' }), host).length).toBeLessThan(16);
  });

  it('are refused for a lab number that is not a digit', () => {
    expect(() => labLayout({ LAB_ID: '10' })).toThrow('0 to 9');
  });
});

describe('control group trees', () => {
  it('are found in a hybrid layout without the cpuset controller', () => {
    const mounts = [
      'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0',
      'cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0',
      'cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0',
    ].join('\n');
    expect(controlGroupMounts(mounts)).toEqual({
      unified: '/sys/fs/cgroup/unified',
      controllers: ['/sys/fs/cgroup/cpu,cpuacct'],
      processor: '/sys/fs/cgroup/cpu,cpuacct',
    });
  });
});
