import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGeneration, standing } from '../../../../electron/demo/engine/generation.ts';
import { fail, succeed } from '../../../../shared/result.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'generation-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(text: string): void {
  mkdirSync(join(directory, '.ixha'), { recursive: true });
  writeFileSync(join(directory, '.ixha/generation'), text);
}

describe('the generation of the storage', () => {
  it('is 0 where nobody wrote one', async () => {
    expect(await readGeneration(directory)).toEqual({ ok: true, value: 0 });
  });

  it('is the number before the server', async () => {
    write('17 ig-south\n');
    expect(await readGeneration(directory)).toEqual({ ok: true, value: 17 });
  });

  it.each(['', '17', 'x ig-south\n', '-1 a\n', '1 a\n2 b\n'])('is not guessed from %j', async (text) => {
    write(text);
    expect((await readGeneration(directory)).ok).toBe(false);
  });
});

describe('the standing of an engine', () => {
  it.each([
    ['the same generation', succeed(5), 'ours'],
    ['a higher one', succeed(6), 'newer'],
    ['a lower one, as of another directory', succeed(0), 'unknown'],
    ['one that cannot be read', fail('EIO'), 'unknown'],
  ] as const)('under %s is %s', (_, read, expected) => {
    expect(standing(5, read)).toBe(expected);
  });
});
