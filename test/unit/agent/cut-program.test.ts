import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCutProgram } from '../../../agent/storage/cut-program.ts';

/** Goal: a program that cuts off is told whom, ends in time, and is only run when nobody else may change it. */
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-cut-'));
  path = join(folder, 'cut');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function place(lines: string, mode = 0o700): void {
  writeFileSync(path, `#!/bin/sh\n${lines}\n`);
  chmodSync(path, mode);
}

const peer = { server: 'south', serverName: 'ig-south', address: '192.0.2.12', port: 7670 };
const program = (seconds = 5) => openCutProgram({ peer, cluster: 'WK1' }, { program: path, seconds });

describe('the program that cuts off', () => {
  it('is told the verb, whom by name and address, the cluster and the epoch', async () => {
    place('echo "$@"');
    expect(await program().run('cut', 7)).toEqual({ ok: true, value: 'cut south 192.0.2.12 WK1 7' });
    expect(await program().run('allow', 7)).toMatchObject({ value: 'allow south 192.0.2.12 WK1 7' });
  });

  it('says by its first line what it did or why not, and by its exit code whether it did', async () => {
    place('printf "\\n\\033[1mexport withdrawn.\\nmore\\n"');
    expect(await program().run('cut', 7)).toEqual({ ok: true, value: '[1mexport withdrawn' });
    place('true');
    expect(await program().run('cut', 7)).toEqual({ ok: true, value: `${path} ended well` });
    place('echo no way to the storage server >&2; exit 4');
    expect(await program().run('cut', 7)).toEqual({
      ok: false,
      error: `${path} ended with 4: no way to the storage server`,
    });
  });

  it('is ended with everything that it has started once its time is over', async () => {
    place('sleep 600 & echo asking; wait');
    expect(await program(1).run('cut', 7)).toEqual({
      ok: false,
      error: `${path} was ended after 1 s: asking`,
    });
  });

  it('that lies on a disk which hangs keeps nobody waiting', async () => {
    const asked: (readonly string[])[] = [];
    const hanging = openCutProgram({ peer, cluster: 'WK1' }, { program: path }, (_file, args) => {
      asked.push(args);
      return Promise.resolve({ code: null, output: '', timedOut: true, left: null });
    });
    expect(await hanging.run('cut', 7)).toEqual({
      ok: false,
      error: `${path} cannot be looked at: its disk does not answer`,
    });
    expect(asked).toHaveLength(1);
  });

  it.each<[string, () => void, RegExp]>([
    ['is not there', () => undefined, /cannot be looked at/],
    ['is a folder', () => mkdirSync(path), /is no file/],
    ['may not be run', () => place('true', 0o600), /may not be run/],
    ['may be changed by a group', () => place('true', 0o770), /may be changed by others than its owner/],
    ['may be changed by everybody', () => place('true', 0o702), /may be changed by others than its owner/],
  ])('is not run when it %s', async (_what, prepare, why) => {
    prepare();
    expect(await program().trouble()).toMatch(why);
    expect(await program().run('cut', 7)).toMatchObject({
      ok: false,
      error: expect.stringMatching(why) as string,
    });
  });
});
