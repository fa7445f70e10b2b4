import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bootMs } from '../../electron/demo/boot-clock.ts';
import { pidFileText, readProcess } from '../../electron/demo/server/process-table.ts';
import { createBench, gateScript, guardScript, readText, until, type Bench } from './demo-harness.ts';

/** Real guards and gates against a `sleep` as engine. D is the preset's 0.4 s. */
const killTimeMs = 400;
let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => {
  bench.clean();
});

function setDeadline(aheadMs: number): number {
  const deadline = bootMs() + aheadMs;
  writeDeadline(`7 ${deadline}\n`);
  return deadline;
}

function writeDeadline(text: string): void {
  bench.write('deadline.new', text);
  renameSync(bench.path('deadline.new'), bench.path('deadline'));
}

function startEngine(): number {
  const { pid } = bench.run('/bin/sleep', ['600']);
  bench.write('engine.pid', pidFileText(readProcess(pid)!));
  return pid;
}

function startGuard(number: number): number {
  return bench.run(guardScript, [
    bench.directory,
    String(number),
    String(killTimeMs),
    'pidfile',
    bench.path('engine.pid'),
  ]).pid;
}

const alive = (pid: number) => readProcess(pid) !== undefined;
const dead = (pid: number) => until(`process ${pid} is dead`, () => !alive(pid));
const beat = (number: number) => Number(readText(bench.path(`beat-${number}`)) || 0);

/** Waits for whole turns of the guard that began after now. */
async function turns(number: number, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    const before = beat(number);
    await until(`guard ${number} turns`, () => beat(number) > before);
  }
}

describe('a guard', () => {
  // A guard must be given the processor in time: where a busy machine does not, it is tried again.
  test(
    'leaves the engine alone while the deadline lies ahead and kills it within D after it',
    { retry: 2 },
    async () => {
      const engine = startEngine();
      setDeadline(10_000);
      startGuard(1);
      await turns(1, 5);
      expect(alive(engine)).toBe(true);
      const deadline = setDeadline(500);
      await dead(engine);
      const lateMs = bootMs() - deadline;
      expect(lateMs).toBeGreaterThanOrEqual(-20);
      expect(lateMs).toBeLessThan(killTimeMs);
      await until('the kill is noted', () => readText(bench.path('kill-1'))?.endsWith('\n'));
      expect(readText(bench.path('kill-1'))).toMatch(/^\d+ the deadline passed \d+ ms ago\n$/);
    },
  );

  test('follows a deadline that is moved again and again', async () => {
    const engine = startEngine();
    const first = setDeadline(5_000);
    startGuard(1);
    // Until a guard that has read only the first one would have killed.
    while (bootMs() < first + 1_000) {
      await turns(1, 1);
      setDeadline(5_000);
    }
    expect(alive(engine)).toBe(true);
    setDeadline(500);
    await dead(engine);
  });

  test.each([
    ['removed', null],
    ['empty', ''],
    ['a command', '7 $(touch x)\n'],
    ['an array index with a command', '7 a[$(touch x)]\n'],
    ['a variable name', '7 BASHPID\n'],
    ['negative', '7 -5\n'],
    ['signed', '7 +99999999\n'],
    ['hexadecimal', '7 0xfffffff\n'],
    ['fractional', '7 99999999.5\n'],
    ['larger than a machine number', `7 1${'0'.repeat(30)}\n`],
    ['further ahead than any lease', '7 999999999999\n'],
    ['three numbers', '7 99999999 1\n'],
    ['two lines', '7 99999999\n8 99999999\n'],
    ['cut off before its end', '7 99999999'],
    ['one number', '99999999\n'],
    ['bytes', '\u0000\u0001\u0002'],
  ])('kills when the deadline is %s', async (_what, text) => {
    const engine = startEngine();
    setDeadline(60_000);
    startGuard(1);
    await turns(1, 2);
    expect(alive(engine)).toBe(true);
    if (text === null) rmSync(bench.path('deadline'));
    else writeDeadline(text);
    await dead(engine);
    expect(existsSync('x')).toBe(false);
  });

  test('reads a deadline with leading zeros as a decimal number', async () => {
    const engine = startEngine();
    writeDeadline(`08 0${bootMs() + 60_000}\n`);
    startGuard(1);
    await turns(1, 3);
    expect(alive(engine)).toBe(true);
  });

  test('kills again when an engine is started after it has fired', async () => {
    setDeadline(-1);
    startGuard(1);
    for (let start = 0; start < 3; start += 1) await dead(startEngine());
  });

  test('does not kill a process that only inherited the pid of an engine', async () => {
    const { pid } = bench.run('/bin/sleep', ['600']);
    bench.write('engine.pid', `${pid} 1\n`);
    startGuard(1);
    await turns(1, 4);
    expect(alive(pid)).toBe(true);
    expect(existsSync(bench.path('kill-1'))).toBe(false);
  });

  test('kills in time while the other guard is frozen', { retry: 2 }, async () => {
    const engine = startEngine();
    setDeadline(60_000);
    const frozen = startGuard(1);
    startGuard(2);
    await turns(1, 1);
    process.kill(frozen, 'SIGSTOP');
    const deadline = setDeadline(300);
    await dead(engine);
    expect(bootMs() - deadline).toBeLessThan(killTimeMs);
    expect(existsSync(bench.path('kill-1'))).toBe(false);
  });

  test('kills an engine that ignores termination', async () => {
    const { pid } = bench.run('/bin/bash', [
      '-c',
      'trap "" TERM INT HUP; while :; do read -t 1 <> <(:); done',
    ]);
    bench.write('engine.pid', pidFileText(readProcess(pid)!));
    startGuard(1);
    await dead(pid);
  });

  test('starts no process and stays small while it turns', async () => {
    startEngine();
    setDeadline(600_000);
    const guard = startGuard(1);
    await turns(1, 10);
    const children = () => readText(`/proc/${guard}/task/${guard}/children`);
    for (let look = 0; look < 20; look += 1) {
      expect(children()).toBe('');
      await turns(1, 1);
    }
    const rss = /VmRSS:\s+(\d+) kB/.exec(readText(`/proc/${guard}/status`) ?? '')?.[1];
    expect(Number(rss)).toBeLessThanOrEqual(4096);
  });

  test('ends when it is told to', async () => {
    const guard = startGuard(1);
    await turns(1, 1);
    process.kill(guard, 'SIGTERM');
    await dead(guard);
  });

  test.each([
    [['']],
    [['/run', '0', '400', 'pidfile', '/x']],
    [['/run', '1', '4e2', 'pidfile', '/x']],
    [['/run', '1', '400', 'anything', '/x']],
  ])('refuses the command line %j', (args) => {
    expect(spawnSync(guardScript, args, { stdio: 'ignore' }).status).toBe(2);
  });
});

const cgroup2 = readText('/proc/mounts')
  ?.split('\n')
  .find((line) => line.split(' ')[2] === 'cgroup2')
  ?.split(' ')[1];
const mayMakeGroups = process.getuid?.() === 0 && cgroup2 !== undefined;

describe.runIf(mayMakeGroups)('a guard of a control group', () => {
  const unit = `ixha-guard-test-${process.pid}.service`;
  const slice = `${cgroup2}/system.slice`;
  const group = `${slice}/${unit}`;
  const nestedSlice = `${slice}/system-ixha\\x2dtest${process.pid}.slice`;
  const nested = `${nestedSlice}/${unit}`;
  const madeSlice = mayMakeGroups && !existsSync(slice);
  afterEach(async () => {
    for (const directory of [`${group}/below`, group, nested, nestedSlice, ...(madeSlice ? [slice] : [])]) {
      if (existsSync(directory)) await until('the group is empty', () => removed(directory));
    }
  });

  function sleepIn(directory: string): number {
    const { pid } = bench.run('/bin/sleep', ['600']);
    writeFileSync(`${directory}/cgroup.procs`, String(pid));
    return pid;
  }

  test('kills every process of the unit, also below it, when the deadline passes', async () => {
    mkdirSync(`${group}/below`, { recursive: true });
    const pids = [group, `${group}/below`, `${group}/below`].map(sleepIn);
    const outside = bench.run('/bin/sleep', ['600']).pid;
    setDeadline(10_000);
    bench.run(guardScript, [bench.directory, '2', String(killTimeMs), 'cgroup', unit]);
    await turns(2, 3);
    expect(pids.every(alive)).toBe(true);
    setDeadline(500);
    await Promise.all(pids.map(dead));
    expect(alive(outside)).toBe(true);
    await until('the kill is noted', () => readText(bench.path('kill-2'))?.includes('the deadline passed'));
  });

  test.each([
    ['in the usual place', group],
    ['in a slice below', nested],
  ])('notices a unit that appears %s only after the guard was started', async (_where, directory) => {
    bench.run(guardScript, [bench.directory, '1', String(killTimeMs), 'cgroup', unit]);
    await turns(1, 2);
    mkdirSync(directory, { recursive: true });
    const pid = sleepIn(directory);
    await dead(pid);
  });

  test('notices a unit in a slice that comes while as many other groups go', async () => {
    const others = [`${group}/below`, group];
    mkdirSync(others[0]!, { recursive: true });
    bench.run(guardScript, [bench.directory, '1', String(killTimeMs), 'cgroup', unit]);
    await turns(1, 2);
    for (const other of others) await until('it is gone', () => removed(other));
    mkdirSync(nested, { recursive: true });
    const pid = sleepIn(nested);
    await dead(pid);
  });

  test('knows where the unit is before the deadline passes, wherever that is', async () => {
    // A private copy that searches for nothing any more once the engine may not run.
    const source = readFileSync(guardScript, 'utf8');
    const search = 'find_home() {';
    expect(source).toContain(search);
    const onlyBefore = source.replace(search, `${search}\n  [[ -n $home || -z $reason ]] || return 1\n`);
    const copy = bench.write('guard.sh', onlyBefore);
    mkdirSync(nested, { recursive: true });
    const pid = sleepIn(nested);
    setDeadline(10_000);
    bench.run('/bin/bash', [copy, bench.directory, '1', String(killTimeMs), 'cgroup', unit]);
    await turns(1, 3);
    expect(alive(pid)).toBe(true);
    setDeadline(500);
    await dead(pid);
  });

  test.each([
    ['the gate, which refuses in the same group', 'gate.sh'],
    ['what the service manager has only just begun there', 'systemd'],
  ])('does not take %s for an engine', async (_what, name) => {
    mkdirSync(group, { recursive: true });
    const gate = bench.write(name, '#!/bin/sh\nread -r _\n');
    chmodSync(gate, 0o755);
    const { pid } = bench.run(gate, []);
    writeFileSync(`${group}/cgroup.procs`, String(pid));
    bench.run(guardScript, [bench.directory, '1', String(killTimeMs), 'cgroup', unit]);
    await turns(1, 4);
    expect([alive(pid), readText(bench.path('kill-1'))]).toEqual([true, undefined]);
    await dead(sleepIn(group));
  });

  /** A private copy that finds its groups below the test's folder, and in the unit's group a process that has ended. */
  function pretendedGroup() {
    const groups = bench.path('groups');
    const own = `${groups}/system.slice/${unit}`;
    mkdirSync(own, { recursive: true });
    writeFileSync(`${own}/cgroup.procs`, `${spawnSync('true').pid}\n`);
    const source = readFileSync(guardScript, 'utf8').replace(
      'find_root() {',
      `find_root() { root='${groups}'; return 0; }\nunused() {`,
    );
    const copy = bench.write('guard.sh', source);
    const start = () =>
      bench.run('/bin/bash', [copy, bench.directory, '1', String(killTimeMs), 'cgroup', unit]);
    return { events: `${own}/cgroup.events`, start };
  }

  test('looks again where it can name nobody, and leaves a group alone that is empty by then', async () => {
    const { events, start } = pretendedGroup();
    execFileSync('mkfifo', [events]);
    start();
    // What is read from a pipe is read once: somebody at the first look, and nobody at those after it.
    const say = (text: string) => writeFile(events, text).catch(() => undefined);
    await say('populated 1\n');
    const turn = () => existsSync(bench.path('beat-1'));
    while (!turn()) await say('populated 0\n');
    expect(readText(bench.path('kill-1'))).toBeUndefined();
  });

  test('takes for an engine whoever stays without a name', async () => {
    const { events, start } = pretendedGroup();
    writeFileSync(events, 'populated 1\n');
    start();
    await until('the kill is noted', () => readText(bench.path('kill-1'))?.includes('is missing'));
  });

  test('kills by the process list on a kernel without a kill file', async () => {
    // A private copy of the script that looks for a file which no kernel has.
    const copy = bench.write(
      'guard.sh',
      readFileSync(guardScript, 'utf8').replaceAll('cgroup.kill', 'cgroup.none'),
    );
    mkdirSync(`${group}/below`, { recursive: true });
    const pids = [group, `${group}/below`].map(sleepIn);
    bench.run('/bin/bash', [copy, bench.directory, '1', String(killTimeMs), 'cgroup', unit]);
    await Promise.all(pids.map(dead));
  });
});

function removed(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch {
    return false;
  }
}

describe('the gate', () => {
  const ask = (killMs = killTimeMs) => {
    const { status, stderr } = spawnSync(gateScript, [bench.directory, String(killMs)], {
      encoding: 'utf8',
      cwd: bench.directory,
    });
    return { status, stderr };
  };

  test('lets the engine start while the deadline is further ahead than D', () => {
    setDeadline(60_000);
    expect(ask()).toEqual({ status: 0, stderr: '' });
  });

  test.each([
    ['there is no deadline', undefined, /no deadline is set/],
    ['the deadline has passed', () => `1 ${bootMs() - 50}\n`, /passed \d+ ms ago/],
    ['the deadline is nearer than D', () => `1 ${bootMs() + 59_000}\n`, /only \d+ ms ahead/, 60_000],
    ['the deadline is empty', () => '', /unreadable/],
    ['the deadline is a command', () => '1 $(touch x)\n', /unreadable/],
    ['the deadline is negative', () => '1 -1\n', /unreadable/],
    ['the deadline is no machine number', () => `1 1${'0'.repeat(30)}\n`, /unreadable/],
    ['the deadline is further ahead than any lease', () => '1 999999999999\n', /unreadable/],
    ['the deadline is cut off', () => `1 ${bootMs() + 60_000}`, /unreadable/],
  ])('refuses with one sentence when %s', (_what, text, sentence, killMs?: number) => {
    if (text) bench.write('deadline', text());
    const answer = ask(killMs);
    expect(answer.status).toBe(1);
    expect(answer.stderr).toMatch(/^start refused: .+\n$/);
    expect(answer.stderr).toMatch(sentence);
    expect(existsSync(bench.path('x'))).toBe(false);
  });

  test('refuses a kill time that is no number', () => {
    setDeadline(60_000);
    expect(spawnSync(gateScript, [bench.directory, 'a[$(id)]'], { stdio: 'ignore' }).status).toBe(1);
  });
});
