import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reuseFiles } from '../../../../electron/host/install/reuse-files.ts';
import type { WantedFile } from '../../../../electron/host/install/wanted-files.ts';
import type { CommandRunner } from '../../../../electron/host/ssh/server-connection.ts';
import { succeed } from '../../../../shared/result.ts';

/** Goal: an upgrade sends only what no version on the server has. Method: the real script in a folder. */
const library = '/usr/lib/ixha';
const group = spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim();
const owner = `${userInfo().username}:${group}`;

let root: string;
let server: CommandRunner;
const at = (path: string) => join(root, path);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-reuse-'));
  put('1.0.0/node', 'runtime');
  put('1.0.0/scripts/guard.sh', 'old guard');
  symlinkSync('1.0.0', at(`${library}/current`));
  mkdirSync(at(`${library}/1.1.0/scripts`), { recursive: true });
  server = {
    name: 'ig-north',
    run: async ([program, ...words]) => {
      const moved = words.map((word) => (word.startsWith(library) ? at(word) : word));
      const { status, stdout, stderr } = spawnSync(program!, moved, { encoding: 'utf8' });
      const told = stdout.replaceAll(root, '');
      return succeed({ exitCode: status, signal: null, stdout: told, stderr, truncated: false });
    },
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, content: string, mode = 0o755): void {
  const path = at(`${library}/${name}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

function wanted(name: string, content: string): WantedFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const path = `${library}/1.1.0/${name}`;
  return {
    path,
    mode: '0755',
    owner,
    sha256,
    source: { kind: 'content', content },
    restarts: [],
    isUnit: false,
  };
}

const reused = async (...files: WantedFile[]) => {
  const there = await reuseFiles(server, files);
  if (!there.ok) throw new Error(there.error.message);
  return [...there.value];
};

it('gives the same file of another version a second name, and tells what has to be sent', async () => {
  const files = [
    wanted('node', 'runtime'),
    wanted('scripts/guard.sh', 'new guard'),
    wanted('ixha.cjs', 'new'),
  ];
  expect(await reused(...files)).toEqual([`${library}/1.1.0/node`]);
  expect(readFileSync(at(`${library}/1.1.0/node`), 'utf8')).toBe('runtime');
  expect(readdirSync(at(`${library}/1.1.0`))).toEqual(['node', 'scripts']);
  expect(readdirSync(at(`${library}/1.1.0/scripts`))).toEqual([]);
});

it('keeps what the older version shows when the new one gets other content', async () => {
  await reused(wanted('node', 'runtime'));
  rmSync(at(`${library}/1.1.0/node`));
  put('1.1.0/node', 'another runtime');
  expect(readFileSync(at(`${library}/1.0.0/node`), 'utf8')).toBe('runtime');
});

it('does not take a file with another mode, nor one that was changed', async () => {
  chmodSync(at(`${library}/1.0.0/node`), 0o777);
  expect(await reused(wanted('node', 'runtime'))).toEqual([]);
  put('1.0.0/node', 'runtimf');
  expect(await reused(wanted('node', 'runtime'))).toEqual([]);
});

it('replaces a file of the new version that an interruption has left damaged', async () => {
  put('1.1.0/node', 'run');
  expect(await reused(wanted('node', 'runtime'))).toEqual([`${library}/1.1.0/node`]);
  expect(statSync(at(`${library}/1.1.0/node`)).nlink).toBe(2);
});
