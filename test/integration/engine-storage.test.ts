import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, fsync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSharedDirectory, type SharedDirectory } from '../../agent/storage/shared-directory.ts';
import { openStandbyShell, type StandbyShell } from '../../agent/services/standby-shell.ts';
import { timingPresets, type TimingPolicy } from '../../shared/lease/timing.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { createBench, root, until, type Bench } from './demo-harness.ts';

/** Goal: each way in which storage can be unwell gets its own name, within the limit, and nothing else waits for it. */
let bench: Bench;
let directory: string;
const mounted: string[] = [];
beforeEach(() => {
  bench = createBench();
  shell = openStandbyShell(scripts);
  directory = bench.path('shared');
  mark(directory);
});
afterEach(() => {
  for (const at of mounted.splice(0)) spawnSync('umount', ['-l', at], { stdio: 'ignore' });
  bench.clean();
});

function mark(at: string, text = 's WK1\n'): void {
  mkdirSync(join(at, '.ixha'), { recursive: true });
  mkdirSync(join(at, 'logt'), { recursive: true });
  writeFileSync(join(at, '.ixha/identity'), text);
}

const scripts = join(root, 'resources/agent');
let shell: StandbyShell;

/** What is well answers late on a busy machine; only what hangs is waited for as short as the product waits. */
const patient = { ...timingPresets.fast, O: 10 };

interface Opened {
  readonly server?: string;
  readonly mustBeMount?: boolean;
  readonly timing?: TimingPolicy;
}
function open(at = directory, more: Opened = {}): SharedDirectory {
  const config = {
    siteId: 's',
    cluster: 'WK1',
    server: more.server ?? 'north',
    timing: more.timing ?? patient,
    storage: { kind: 'shared', directory: at, mustBeMount: more.mustBeMount ?? false },
    paths: { scripts },
  } as unknown as MemberConfig;
  return openSharedDirectory(config, shell.run);
}
const code = (storage: SharedDirectory) => storage.verdict?.()?.code;

/** A real mount that can be held still: what stops is a file server. */
async function fuse(): Promise<{ at: string; server: ChildProcess }> {
  const at = bench.path('mounted');
  mkdirSync(at);
  const server = spawn('bindfs', ['-f', directory, at], { stdio: 'ignore' });
  mounted.push(at);
  await until('it is mounted', () => readFileSync('/proc/mounts', 'utf8').includes(` ${at} fuse`));
  return { at, server };
}
function mayMount(): boolean {
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'trial', '/mnt'], { stdio: 'ignore' });
  return tried.status === 0 && spawnSync('bindfs', ['--version'], { stdio: 'ignore' }).status === 0;
}

describe('a shared directory', () => {
  it('that is well is read, proven and raised', async () => {
    const storage = open();
    expect(await storage.read()).toMatchObject({ ok: true, value: { generation: 0 } });
    expect(await storage.prove()).toMatchObject({ ok: true });
    expect(await storage.raiseGeneration(7)).toMatchObject({ ok: true, value: { generation: 7 } });
    expect(code(storage)).toBe('fine');
    expect(readFileSync(join(directory, '.ixha/generation'), 'utf8')).toBe('7 north\n');
  });

  it('that belongs to a newer epoch is not lowered', async () => {
    const storage = open();
    await storage.raiseGeneration(9);
    expect(await storage.raiseGeneration(7)).toMatchObject({ ok: false });
    expect(code(storage)).toBe('newer-generation');
    expect(readFileSync(join(directory, '.ixha/generation'), 'utf8')).toBe('9 north\n');
  });

  it.each([
    ['missing', () => rmSync(directory, { recursive: true })],
    ['unmarked', () => rmSync(join(directory, '.ixha/identity'))],
    ['wrong-one', () => mark(directory, 's WK2\n')],
    ['wrong-one', () => mark(directory, 's WK1 and more\n')],
    ['damaged-generation', () => writeFileSync(join(directory, '.ixha/generation'), 'seven north\n')],
    ['damaged-generation', () => writeFileSync(join(directory, '.ixha/generation'), '')],
    ['missing', () => (rmSync(directory, { recursive: true }), writeFileSync(directory, ''))],
  ])('is called %s when it is', async (verdict, harm) => {
    harm();
    const storage = open();
    expect(await storage.prove()).toMatchObject({ ok: false });
    expect(code(storage)).toBe(verdict);
  });

  it('is not taken for mounted when it is a plain directory', async () => {
    const storage = open(directory, { mustBeMount: true });
    expect(await storage.read()).toMatchObject({ ok: false });
    expect(code(storage)).toBe('not-mounted');
  });

  it('gives the ledger back byte for byte, and refuses one of an older epoch', async () => {
    const [put, got] = [bench.write('ledger', 'sha256:00\n{"x":"ü"}\n'), bench.path('found')];
    const storage = open();
    expect(await storage.getLedger!(got)).toMatchObject({ ok: false });
    await storage.raiseGeneration(7);
    expect(await storage.putLedger!(7, put)).toEqual({ ok: true, value: undefined });
    expect(await storage.getLedger!(got)).toEqual({ ok: true, value: undefined });
    expect(readFileSync(got)).toEqual(readFileSync(put));
    const late = open(directory, { server: 'south' });
    expect(await late.putLedger!(6, bench.write('late', 'late'))).toMatchObject({ ok: false });
    await storage.getLedger!(got);
    expect(readFileSync(got)).toEqual(readFileSync(put));
  });
});

describe('a late writer', () => {
  it.each([
    ['an agent that still thinks it is Active', '.ixha/probe-south'],
    ['an engine of the generation before', 'logt/journal-6.log'],
  ])('that is %s is seen while this member is Active', async (_who, name) => {
    writeFileSync(join(directory, name), 'before\n');
    const storage = open();
    await storage.prove();
    await storage.raiseGeneration(7);
    await storage.prove();
    expect(code(storage)).toBe('fine');
    appendFileSync(join(directory, name), 'late\n');
    expect(await storage.prove()).toMatchObject({ ok: true });
    expect(code(storage)).toBe('late-write');
  });

  it('is seen by an agent that began anew beside its serving engine, from its second look on', async () => {
    const probe = join(directory, '.ixha/probe-south');
    writeFileSync(probe, 'before\n');
    await open().raiseGeneration(7);
    const anew = open();
    await anew.read();
    appendFileSync(probe, 'before the first proof\n');
    await anew.prove(7);
    expect(code(anew)).toBe('fine');
    appendFileSync(join(directory, 'logt/journal-7.log'), 'our own engine\n');
    appendFileSync(probe, 'late\n');
    expect(await anew.prove(7)).toMatchObject({ ok: true });
    expect(anew.verdict!()).toEqual({ code: 'late-write', seen: 'the agent of south still writes there' });
  });

  it('is seen by a generation that has gone back: it had asked before ours was written, and wrote after it', async () => {
    const storage = open();
    await storage.raiseGeneration(7);
    await storage.prove(7);
    writeFileSync(join(directory, '.ixha/generation'), '6 south\n');
    const seen = 'the generation went back from 7 to 6';
    for (const _look of [1, 2]) {
      expect(await storage.prove(7)).toMatchObject({ ok: true });
      expect(storage.verdict!()).toEqual({ code: 'late-write', seen });
    }
    await storage.raiseGeneration(8);
    expect(code(storage)).toBe('fine');
  });

  it('is not looked for by an agent under whose epoch the storage is not', async () => {
    const probe = join(directory, '.ixha/probe-south');
    writeFileSync(probe, 'before\n');
    await open(directory, { server: 'south' }).raiseGeneration(8);
    const late = open();
    await late.prove(7);
    appendFileSync(probe, 'the member that took over\n');
    await late.prove(7);
    expect(code(late)).toBe('fine');
  });

  it('is not an agent that still thinks that it serves: it writes nothing under an epoch that was passed', async () => {
    const south = open(directory, { server: 'south' });
    await south.raiseGeneration(6);
    await south.prove(6);
    const north = open();
    await north.raiseGeneration(7);
    await north.prove(7);
    expect(await south.prove(6)).toMatchObject({ ok: true, value: { generation: 7 } });
    await north.prove(7);
    expect(code(north)).toBe('fine');
  });

  it('bars the way to the start of an engine as long as it writes, and not longer', async () => {
    const journal = join(directory, 'logt/journal.log');
    writeFileSync(journal, 'before\n');
    const storage = open();
    await storage.prove();
    appendFileSync(journal, 'late\n');
    expect(await storage.raiseGeneration(7)).toEqual({
      ok: false,
      error: 'logt/journal.log is written although no engine may run',
    });
    appendFileSync(journal, 'late again\n');
    expect(await storage.raiseGeneration(7)).toMatchObject({ ok: false });
    expect(code(storage)).toBe('late-write');
    expect(await storage.raiseGeneration(7)).toMatchObject({ ok: true });
    appendFileSync(journal, 'our own engine\n');
    await storage.prove();
    expect(code(storage)).toBe('fine');
  });
});

describe.runIf(mayMount())('a mounted directory', () => {
  it('that hangs is told within the limit, killed with its group, and delays nothing of this process', async () => {
    const { at, server } = await fuse();
    expect(await open(at, { mustBeMount: true }).prove()).toMatchObject({ ok: true });
    const storage = open(at, { mustBeMount: true, timing: timingPresets.fast });
    server.kill('SIGSTOP');
    const own = openSync(bench.path('own-disk'), 'w');
    const sync = promisify(fsync);
    const turnsMs: number[] = [];
    const hung = Promise.all([
      storage.prove(),
      storage.read(),
      storage.putLedger!(1, bench.path('own-disk')),
    ]);
    let over = false;
    void hung.then(() => (over = true));
    while (!over) {
      const beganMs = performance.now();
      await sync(own);
      await new Promise((resolve) => setTimeout(resolve, 10));
      turnsMs.push(performance.now() - beganMs);
    }
    for (const result of await hung) expect(result).toMatchObject({ ok: false });
    expect(code(storage)).toBe('hanging');
    // The loop and the disk of this server went on: held up by it, they would have stood still for the second of its limit.
    expect(turnsMs.length).toBeGreaterThan(1);
    expect(turnsMs.toSorted((one, other) => one - other)[Math.floor(turnsMs.length / 2)]).toBeLessThan(900);
    server.kill('SIGCONT');
    await until('no process hangs any more', async () => (await storage.read()).ok);
    const left = () => spawnSync('pgrep', ['-f', `storage.sh .* ${at} `], { encoding: 'utf8' }).stdout;
    await until('nothing of it is left', () => left() === '');
  });

  it('is not held by the shell that stays: it can be taken away, and another in its place is seen', async () => {
    const { at } = await fuse();
    const storage = open(at, { mustBeMount: true });
    expect(await storage.prove()).toMatchObject({ ok: true });
    execFileSync('umount', [at]);
    await storage.read();
    expect(code(storage)).toBe('not-mounted');
    execFileSync('mount', ['-t', 'tmpfs', 'trial', at]);
    mark(at, 's WK2\n');
    await storage.read();
    expect(code(storage)).toBe('wrong-one');
  });

  it('whose server has died is disconnected', async () => {
    const { at, server } = await fuse();
    server.kill('SIGKILL');
    const storage = open(at);
    await until(
      'the kernel has noticed',
      async () => (await storage.read(), code(storage) === 'disconnected'),
    );
  });

  it.each([
    ['full', ['-o', 'size=64k'], (at: string) => fill(at)],
    ['read-only', [], (at: string) => void execFileSync('mount', ['-o', 'remount,ro', at])],
  ])('is called %s when it is', async (verdict, options, harm) => {
    const at = bench.path('memory');
    mkdirSync(at);
    execFileSync('mount', ['-t', 'tmpfs', ...options, 'trial', at]);
    mounted.push(at);
    mark(at);
    const storage = open(at, { mustBeMount: true });
    expect(await storage.prove()).toMatchObject({ ok: true });
    harm(at);
    expect(await storage.read()).toMatchObject({ ok: true });
    expect(await storage.prove()).toMatchObject({ ok: false });
    expect(code(storage)).toBe(verdict);
  });
});

function fill(at: string): void {
  try {
    writeFileSync(join(at, 'ballast'), Buffer.alloc(1024 * 1024));
  } catch {
    // Full is what is wanted.
  }
}
