import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../../../resources/agent/storage.sh');

describe('the script that looks at the shared directory', () => {
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ixha-storage-'));
    mkdirSync(join(directory, '.ixha'));
    write('identity', 'lab WK1\n');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function write(name: string, content: string): void {
    writeFileSync(join(directory, '.ixha', name), content);
  }

  function look(verb: string, ...more: string[]): { code: number | null; lines: string[]; told: string } {
    return lookAt(directory, verb, 'any', ...more);
  }

  function lookAt(where: string, verb: string, mount: string, ...more: string[]) {
    const done = spawnSync('/bin/bash', [script, verb, where, 'lab', 'WK1', mount, ...more], {
      encoding: 'utf8',
    });
    return { code: done.status, lines: done.stdout.trimEnd().split('\n'), told: done.stderr.trim() };
  }

  it('proves a directory by a new file that reads back, and leaves nothing else behind', () => {
    const proven = look('prove', 'wk-a');
    expect(proven.code).toBe(0);
    expect(proven.lines[0]).toMatch(/^0 \d{1,3}$/);
    expect(proven.lines[1]).toMatch(/^file \.ixha\/probe-wk-a \d+ \d+\.\d+$/);
    expect(readdirSync(join(directory, '.ixha')).sort()).toEqual(['identity', 'probe-wk-a']);
  });

  it('leaves its file empty, so that the next try needs room', () => {
    for (const how of ['', 'unmeasured']) {
      expect(look('prove', 'wk-a', '7', how).code).toBe(0);
      expect(readFileSync(join(directory, '.ixha/probe-wk-a'), 'utf8')).toBe('');
    }
  });

  it('tells no files where it is asked to be brief', () => {
    expect(look('prove', 'wk-a', '7').lines).toHaveLength(2);
    expect(look('read', '', '', 'brief')).toMatchObject({ code: 0, lines: ['0 -1'] });
  });

  it('does not say how much is used when it is not asked to measure, and all the rest', () => {
    const [measured, unmeasured] = [look('prove', 'wk-a', '7'), look('prove', 'wk-a', '7', 'unmeasured')];
    expect(measured.lines[0]).toMatch(/^0 \d{1,3}$/);
    expect(unmeasured.lines[0]).toBe('0 -1');
    expect(unmeasured.lines[1]).toMatch(/^file \.ixha\/probe-wk-a /);
    expect(look('read', '', '', 'unmeasured')).toMatchObject({
      code: 0,
      lines: ['0 -1', unmeasured.lines[1]],
    });
  });

  it('raises the generation, and never lowers it', () => {
    expect(look('generation', 'wk-a', '7').lines[0]).toMatch(/^7 /);
    expect(readFileSync(join(directory, '.ixha/generation'), 'utf8')).toBe('7 wk-a\n');
    expect(look('generation', 'wk-b', '6').code).toBe(14);
    expect(look('read').lines[0]).toMatch(/^7 /);
  });

  it.each([
    ['another cluster’s', 'lab WK2\n'],
    ['one with more behind it', 'lab WK1 \n'],
    ['one with a second line', 'lab WK1\nlab WK1\n'],
    ['one with a null byte behind it', 'lab WK1\0anything'],
    ['one that is far too long', `lab WK1${' '.repeat(500)}`],
    ['an empty one', ''],
  ])('refuses a mark of identity that is not this cluster’s: %s', (_, mark) => {
    write('identity', mark);
    expect(look('read').code).toBe(11);
  });

  it('takes a directory without a mark, a missing one and a file for what they are', () => {
    rmSync(join(directory, '.ixha/identity'));
    expect(look('read').code).toBe(20);
    expect(lookAt(join(directory, 'nowhere'), 'read', 'any').code).toBe(21);
    expect(lookAt(script, 'read', 'any').told).toBe(`${script} is not a directory`);
  });

  it.each(['x wk-a\n', '', '-1 wk-a\n'])('names a damaged generation: %j', (content) => {
    write('generation', content);
    expect(look('read').code).toBe(22);
  });

  it('tells a mount from a plain directory, also behind a link', () => {
    expect(lookAt(directory, 'read', 'mount').code).toBe(10);
    const link = join(directory, 'proc');
    symlinkSync('/proc', link);
    // It is a mount; what it lacks is the mark.
    expect(lookAt(link, 'read', 'mount').code).toBe(20);
    expect(lookAt('/proc', 'read', 'mount').code).toBe(20);
  });

  it('tells the newest twenty files by which a late writer is known', () => {
    mkdirSync(join(directory, 'logt'));
    for (let number = 10; number < 40; number += 1)
      writeFileSync(join(directory, `logt/journal${number}.log`), 'x');
    const { lines } = look('read');
    expect(lines.length).toBe(21);
    expect(lines.at(-1)).toMatch(/^file logt\/journal39\.log 1 /);
  });
});
