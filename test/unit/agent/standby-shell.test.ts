import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProgramResult } from '../../../agent/services/run-program.ts';
import { openStandbyShell, type StandbyShell } from '../../../agent/services/standby-shell.ts';

/** Goal: like a shell started for each script, and no failure of one script is seen by the next. Method: real shells. */
const scripts = join(import.meta.dirname, '../../../resources/agent');
let folder: string;
let shell: StandbyShell;
let alone: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-standby-'));
  alone = [];
  shell = openStandbyShell(scripts, (script) => {
    alone.push(script);
    return Promise.resolve({ code: 0, output: 'alone', timedOut: false, left: null });
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(text: string): string {
  const file = join(folder, `script-${text.length}-${Math.random()}.sh`);
  writeFileSync(file, text);
  return file;
}
const run = (text: string, ...args: string[]): Promise<ProgramResult> => shell.run(script(text), args, 5_000);
/** The shell that runs it. */
const shellPid = async () => (await run('echo $$')).output;

describe('the shell that stays', () => {
  it('gives a script its arguments as they are, and answers with what it printed and its exit code', async () => {
    const words = ['', 'a b', '$(exit 9) `x` "\'\\', 'ü\nnext line', '*'];
    const done = await run('echo error >&2; printf "<%s>" "$@"; exit 7', ...words);
    expect(done).toEqual({
      code: 7,
      output: `error\n${words.map((word) => `<${word}>`).join('')}`,
      timedOut: false,
      left: null,
    });
  });

  it('is one process for all scripts, and nothing of one is left to the next', async () => {
    const before = await shellPid();
    await run(`cd ${folder}; left=behind; set -eu; umask 0; exec 5</dev/null; trap 'echo trap' EXIT; exit 1`);
    const next = await run('echo "${left:-nothing} $PWD $- $(umask) $(ls /proc/self/fd | wc -l) $#"');
    const first = await openStandbyShell(scripts).run(
      script('echo "${left:-nothing} $PWD $- $(umask) $(ls /proc/self/fd | wc -l) $#"'),
      [],
      5_000,
    );
    expect(next.output).toBe(first.output);
    expect(await shellPid()).toBe(before);
  });

  it('takes no more than is allowed of what a script prints', async () => {
    expect((await run('printf "%020000d" 1')).output).toHaveLength(16_384);
    expect((await run('echo short')).output).toBe('short');
  });

  it('is killed with what the script has started at its limit, and the next script gets a new one', async () => {
    const before = await shellPid();
    const file = join(folder, 'pids');
    const hang = script(`sleep 600 & echo $! $BASHPID $$ > ${file}.new; mv ${file}.new ${file}; sleep 600`);
    const done = await shell.run(hang, [], 5_000);
    expect(done).toMatchObject({ code: null, timedOut: true });
    await done.left;
    const pids = readFileSync(file, 'utf8').trim().split(' ');
    expect(pids[2]).toBe(before);
    await vi.waitUntil(() => pids.every((pid) => ended(pid)), 5_000);
    expect(await shellPid()).not.toBe(before);
  });

  it('tells that something of a killed script is left for as long as it is', async () => {
    const file = join(folder, 'go');
    const stays = script(
      `setsid bash -c 'until [ -e ${file} ]; do sleep 0.05; done' > /dev/null 2>&1 & sleep 600`,
    );
    const done = await shell.run(stays, [], 5_000);
    let left = true;
    void done.left!.then(() => (left = false));
    await run('sleep 0.2');
    expect(left).toBe(true);
    writeFileSync(file, '');
    await done.left;
  });

  it('lets a script that cannot wait run alone while it is busy, and others one after the other', async () => {
    const go = join(folder, 'go');
    const first = run(`until [ -e ${go} ]; do sleep 0.05; done; echo first`);
    const waiting = ['second', 'third'].map((word) => shell.runWhenFree(script(`echo ${word}`), [], 5_000));
    expect((await run('echo never')).output).toBe('alone');
    writeFileSync(go, '');
    const done = await Promise.all([first, ...waiting]);
    expect(done.map(({ output }) => output)).toEqual(['first', 'second', 'third']);
    expect(alone).toHaveLength(1);
  });

  it('lets what cannot wait go first when both are due', async () => {
    const waiting = shell.runWhenFree(script('echo waited'), [], 5_000);
    expect((await run('echo first')).output).toBe('first');
    expect((await waiting).output).toBe('waited');
    expect(alone).toEqual([]);
  });

  it('that was killed from outside is a failure of the script under way, and of no other', async () => {
    const pid = Number(await shellPid());
    const started = join(folder, 'started');
    const under = run(`: > ${started}; sleep 600`);
    await vi.waitUntil(() => existsSync(started), 5_000);
    process.kill(-pid, 'SIGKILL');
    expect(await under).toMatchObject({ code: null, timedOut: false });
    expect((await run('echo fine')).output).toBe('fine');
  });

  it('that is not there is a result, and so is a script that is not', async () => {
    const nowhere = openStandbyShell(join(folder, 'nowhere'));
    expect(await nowhere.run('any', [], 5_000)).toMatchObject({ code: null, timedOut: false });
    expect((await shell.run(join(folder, 'missing.sh'), [], 5_000)).code).toBeGreaterThan(0);
  });
});

function ended(pid: string): boolean {
  try {
    return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
