import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { descendants, processOfPidFile, readProcess } from '../../electron/demo/server/process-table.ts';
import type { UnitConfig } from '../../electron/demo/server/server-config.ts';
import { control, createBench, readText, until, type Bench } from './demo-harness.ts';

/** The stand-in service manager with `sleep` and small shells as units. */
let bench: Bench;
let socketPath: string;
beforeEach(() => {
  bench = createBench();
  socketPath = bench.path('server.sock');
});
afterEach(() => {
  bench.clean();
});

function unit(id: string, command: string[], more: Partial<UnitConfig> = {}): UnitConfig {
  return {
    id,
    command,
    restart: { always: false, delayMs: 100 },
    pidFile: bench.path(`${id}.pid`),
    log: bench.path(`${id}.log`),
    ...more,
  };
}
const always = { restart: { always: true, delayMs: 100 } };
const sleep = ['/bin/sleep', '600'];
/** Ignores SIGTERM; says so in its log once it does. */
const stubborn = ['/bin/bash', '-c', 'trap "" TERM; echo ready; while :; do read -t 1 <> <(:); done'];

async function boot(...units: UnitConfig[]) {
  const server = bench.program('electron/demo/server/main.ts', {
    server: 'ig-north',
    socket: socketPath,
    units,
  });
  await until('the control socket opens', async () => {
    try {
      return (await control(socketPath, { op: 'list' })).length === 1;
    } catch {
      return false;
    }
  });
  return server;
}
const ask = async (request: unknown) => (await control(socketPath, request))[0]!;
const pidOf = (id: string) => processOfPidFile(bench.path(`${id}.pid`))?.pid;
const living = (id: string) => until(`${id} lives`, () => pidOf(id));

describe('the stand-in service manager', () => {
  test('starts what is always wanted at boot and starts it again after every end', async () => {
    await boot(unit('agent-WK1', sleep, always), unit('engine-WK1', sleep));
    let pid = await living('agent-WK1');
    for (let end = 0; end < 3; end += 1) {
      process.kill(pid, 'SIGKILL');
      const before = pid;
      pid = await until('another process', () => pidOf('agent-WK1') !== before && pidOf('agent-WK1'));
    }
    expect(await ask({ op: 'status', unit: 'engine-WK1' })).toEqual({
      ok: true,
      state: 'stopped',
      pid: null,
      sinceBootMs: null,
    });
  });

  test('asks the gate before a start and passes its refusal on', async () => {
    const gate = {
      command: ['/bin/bash', '-c', `[[ -e ${bench.path('open')} ]] || { echo closed >&2; exit 1; }`],
    };
    await boot(unit('engine-WK1', sleep, { gate }));
    expect(await ask({ op: 'start', unit: 'engine-WK1' })).toEqual({
      ok: false,
      refused: 'gate',
      detail: 'closed',
    });
    expect(pidOf('engine-WK1')).toBeUndefined();
    bench.write('open', '');
    const answer = await ask({ op: 'start', unit: 'engine-WK1' });
    expect(answer).toMatchObject({ ok: true, state: 'running', pid: pidOf('engine-WK1') });
    expect(await ask({ op: 'start', unit: 'engine-WK1' })).toEqual(answer);
  });

  test('never starts a killed engine again by itself', async () => {
    await boot(unit('engine-WK1', sleep), unit('agent-WK1', sleep, always));
    await ask({ op: 'start', unit: 'engine-WK1' });
    process.kill(await living('engine-WK1'), 'SIGKILL');
    await until(
      'the end is seen',
      async () => (await ask({ op: 'status', unit: 'engine-WK1' })).state === 'stopped',
    );
    // A restarted neighbour shows that longer than its own delay has passed.
    const before = await living('agent-WK1');
    process.kill(before, 'SIGKILL');
    await until('the agent is back', () => pidOf('agent-WK1') !== before && pidOf('agent-WK1'));
    expect(await ask({ op: 'status', unit: 'engine-WK1' })).toMatchObject({ state: 'stopped' });
    expect(readText(bench.path('engine-WK1.pid'))).toBeUndefined();
  });

  test('stops with SIGTERM, and with SIGKILL after the grace, and answers when the process is gone', async () => {
    await boot(unit('soft', sleep), unit('hard', stubborn));
    for (const id of ['soft', 'hard']) {
      await ask({ op: 'start', unit: id });
      const pid = await living(id);
      if (id === 'hard') await until('it is stubborn', () => readText(bench.path('hard.log')) === 'ready\n');
      const began = performance.now();
      const graceMs = id === 'hard' ? 400 : 20_000;
      expect(await ask({ op: 'stop', unit: id, graceMs })).toMatchObject({ ok: true, state: 'stopped' });
      expect(readProcess(pid)).toBeUndefined();
      const tookMs = performance.now() - began;
      if (id === 'hard') expect(tookMs).toBeGreaterThan(380);
      else expect(tookMs).toBeLessThan(10_000);
    }
  });

  test('carries out a kill behind a slow stop at once, and answers in order', async () => {
    await boot(unit('hard', stubborn));
    await ask({ op: 'start', unit: 'hard' });
    await until('it is stubborn', () => readText(bench.path('hard.log')) === 'ready\n');
    const began = performance.now();
    const answers = await control(
      socketPath,
      { op: 'stop', unit: 'hard', graceMs: 30_000 },
      { op: 'kill', unit: 'hard' },
      { op: 'list' },
    );
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(answers.slice(0, 2)).toMatchObject([{ state: 'stopped' }, { state: 'stopped' }]);
  });

  test('refuses unknown units, programs that are not there and lines it does not understand', async () => {
    await boot(unit('missing', ['/nonexistent/program']));
    expect(await ask({ op: 'start', unit: 'nobody' })).toMatchObject({ ok: false, refused: 'unknown-unit' });
    expect(await ask({ op: 'start', unit: 'missing' })).toMatchObject({ ok: false, refused: 'failed' });
    expect(await ask({ op: 'reboot' })).toMatchObject({ ok: false, refused: 'failed' });
    expect(await ask('{{{')).toMatchObject({ ok: false, refused: 'failed' });
    const flood = connect(socketPath);
    let cutOff = false;
    flood.on('error', () => undefined).on('close', () => (cutOff = true));
    flood.write('x'.repeat(10_000));
    await until('the flood is cut off', () => cutOff);
    expect(await ask({ op: 'list' })).toMatchObject({ ok: true });
  });

  test('leaves no process behind when its standard input ends, not even one in a session of its own', async () => {
    const server = await boot(
      unit('agent-WK1', ['/bin/bash', '-c', 'setsid sleep 600 & sleep 600; wait'], always),
      unit('hard', stubborn, always),
    );
    await living('hard');
    const below = await until('all are up', () => {
      const found = descendants(server.pid);
      return found.length >= 4 && found;
    });
    const pids = [...below.map((entry) => entry.pid), server.pid];
    process.kill(pids[0]!, 'SIGSTOP');
    server.stdin!.destroy();
    await until('all are dead', () => pids.every((pid) => readProcess(pid) === undefined));
  });

  test('stops engines first and agents next on SIGTERM, and starts nothing any more', async () => {
    const log = bench.path('order');
    const tell = (name: string) => [
      '/bin/bash',
      '-c',
      `trap 'echo ${name} >> ${log}; exit' TERM; echo ready; while :; do read -t 0.05 <> <(:); done`,
    ];
    const gate = { command: ['/bin/true'] };
    const server = await boot(
      unit('guard-1-WK1', tell('guard'), always),
      unit('agent-WK1', tell('agent'), always),
      unit('engine-WK1', tell('engine'), { gate }),
    );
    await ask({ op: 'start', unit: 'engine-WK1' });
    for (const id of ['guard-1-WK1', 'agent-WK1', 'engine-WK1']) {
      await until(`${id} is ready`, () => readText(bench.path(`${id}.log`)) === 'ready\n');
    }
    process.kill(server.pid, 'SIGTERM');
    await until('the server is gone', () => server.exitCode !== null || server.signalCode !== null);
    expect(server.exitCode).toBe(0);
    expect(readText(log)).toBe('engine\nagent\nguard\n');
  });
});
