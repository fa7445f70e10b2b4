import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

  it.each([
    ['is not there', () => undefined, /cannot be looked at \(ENOENT\)/],
    ['may not be run', () => place('true', 0o600), /may not be run/],
    ['may be changed by a group', () => place('true', 0o770), /others than its owner may write/],
    ['may be changed by everybody', () => place('true', 0o702), /others than its owner may write/],
  ] as const)('is not run when it %s', async (_what, prepare, why) => {
    prepare();
    expect(program().trouble()).toMatch(why);
    expect(await program().run('cut', 7)).toMatchObject({ ok: false, error: expect.stringMatching(why) });
  });
});
