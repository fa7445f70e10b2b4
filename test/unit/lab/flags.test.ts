import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const lab = (...words: string[]) =>
  spawnSync(join(root, 'node_modules/.bin/node'), [join(root, 'test/lab/main.ts'), ...words], {
    encoding: 'utf8',
  });

it('refuses an unknown option with a hint and no trace of the program', () => {
  const { status, stderr } = lab('run', 'core', '--kep');
  expect([status, stderr]).toEqual([2, expect.stringContaining("Unknown option '--kep'.")]);
  expect(stderr).toContain('Next: see what there is: npm run lab -- --help');
  expect(stderr).not.toMatch(/^ +at /m);
});

it('explains itself', () => {
  expect(lab('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('run NAME') as string,
  });
});
