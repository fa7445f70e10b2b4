import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { descendants, processOfPidFile } from '../../electron/demo/server/process-table.ts';
import { demoFolders } from '../../electron/host/demo/demo-folders.ts';
import type { DemoRuntime } from '../../electron/host/demo/demo-programs.ts';
import { removeOldDemos } from '../../electron/host/demo/old-demos.ts';
import { startDemoSite } from '../../electron/host/demo/start-demo-site.ts';
import { readProfile } from '../../electron/host/profile/read-profile.ts';
import { createBench, node, root, until, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench, fault, isDead } from './demo-site-bench.ts';

let programs: Bench;
let runtime: DemoRuntime;
let demo: DemoSiteBench;

beforeAll(async () => {
  programs = createBench();
  runtime = await buildDemoRuntime(programs.path('programs'));
});
afterAll(() => programs.clean());

const open = () => void (demo = new DemoSiteBench());
const close = () => demo.close();
const start = () => demo.start(runtime);

/** These leave the site as they found it, so they share one. */
describe('a demo site that stays healthy', () => {
  beforeAll(async () => {
    open();
    await start();
  });
  afterAll(close);

  test('serves both clusters from their preferred servers and gives the console a valid profile', async () => {
    const { profileDirectory } = demo.site;
    const profile = await readProfile(profileDirectory, new Date().toISOString());
    expect(profile).toMatchObject({
      ok: true,
      value: { me: { role: 'admin', name: 'admin-1' }, site: { id: 'demo' } },
    });
    expect(demo.engine('ig-north', 'WK1')).toBeDefined();
    expect(demo.engine('ig-south', 'WK1')).toBeUndefined();
    expect(demo.site.faults()).toEqual([]);
    await demo.judge();
  });

  test('restarts a killed engine where it was', async () => {
    const before = demo.engine('ig-south', 'WK2')!.pid;
    await demo.inject('kill-engine', { server: 'ig-south', cluster: 'WK2' });
    await until('another engine runs', () => {
      const now = demo.engine('ig-south', 'WK2');
      return now !== undefined && now.pid !== before;
    });
    expect(demo.site.faults()).toEqual([]);
    await demo.bothServe('ig-north', 'ig-south');
    await demo.judge();
  });

  test('cuts a link without moving anything, and cuts it only once', async () => {
    await demo.inject('cut-link', { server: 'ig-north', other: 'ig-south' });
    const again = await demo.site.inject(fault('cut-link', { server: 'ig-south', other: 'ig-north' }));
    expect(again).toMatchObject({ ok: false, error: { code: 'command.refused' } });
    const sent = (await demo.site.traffic())[0]!.sent;
    await until('five seconds of traffic', async () => (await demo.site.traffic())[0]!.sent > sent + 100);
    await demo.bothServe('ig-north', 'ig-south');
    await demo.site.heal();
    await demo.judge();
  });

  test('stops the witness and boots it again', async () => {
    await demo.inject('stop-witness');
    expect(demo.site.faults()).toMatchObject([{ kind: 'stop-witness', server: 'ig-witness' }]);
    await demo.site.heal();
    await demo.bothServe('ig-north', 'ig-south');
    await demo.judge();
  });

  test('refuses whoever does not know the token', async () => {
    const file = join(demo.site.profileDirectory, 'demo.json');
    const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
    const heal = await fetch(`${url}/heal`, { method: 'POST', headers: { authorization: 'Bearer guessed' } });
    expect(heal.status).toBe(401);
  });
});

describe('the demo site', () => {
  beforeEach(open);
  afterEach(close);

  test('survives a power cut, tells of the fault, and takes the server back after healing', async () => {
    await start();
    const pids = descendants(process.pid);
    await demo.inject('kill-server', { server: 'ig-north' });
    expect(demo.site.faults()).toMatchObject([
      { kind: 'kill-server', server: 'ig-north', cluster: null, other: null },
    ]);
    expect(pids.filter(({ pid }) => isDead(pid)).length).toBeGreaterThanOrEqual(8);
    await demo.bothServe('ig-south', 'ig-south');
    expect(
      await demo.site.inject(fault('freeze-agent', { server: 'ig-north', cluster: 'WK1' })),
    ).toMatchObject({
      ok: false,
      error: { code: 'command.refused', message: 'ig-north is off already.' },
    });
    expect(await demo.site.heal()).toEqual({ ok: true, value: undefined });
    expect(demo.site.faults()).toEqual([]);
    await until('its agents are back', () => demo.agent('ig-north', 'WK1') && demo.agent('ig-north', 'WK2'));
    await demo.bothServe('ig-south', 'ig-south');
    await demo.judge();
  });

  test('has the guards kill the engine of a frozen agent before the other server starts its own', async () => {
    await start();
    const frozenEngine = demo.engine('ig-north', 'WK1')!;
    await demo.inject('freeze-agent', { server: 'ig-north', cluster: 'WK1' });
    await until('the engine is dead', () => isDead(frozenEngine.pid));
    const run = demo.folders.member('ig-north', 'WK1').run;
    const note = await until('a guard notes it', () =>
      readdirSync(run).find((name) => /^kill-[12]$/.test(name)),
    );
    const told = () => readFileSync(join(run, note), 'utf8');
    await until('it has noted all of it', () => told().endsWith('\n'));
    expect(told()).toMatch(/^\d+ the deadline /);
    await demo.bothServe('ig-south', 'ig-south');
    expect(demo.agent('ig-north', 'WK1')?.state).toBe('T');
    await demo.site.heal();
    await until('the agent goes on', () => demo.agent('ig-north', 'WK1')?.state !== 'T');
    await demo.bothServe('ig-south', 'ig-south');
    await demo.judge();
  });

  test('shows a server whose service manager was killed from outside as off', async () => {
    await start();
    const { nodePath, programs: files } = runtime;
    const manager = descendants(process.pid).find(({ pid }) => {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return line[0] === nodePath && line[1] === files.demoServer && line[3]!.includes('ig-south');
    })!;
    process.kill(manager.pid, 'SIGKILL');
    await until('it is shown', () => demo.site.faults().some(({ server }) => server === 'ig-south'));
    await until('nothing of it lives', () => demo.agent('ig-south', 'WK2') === undefined);
    await demo.site.heal();
    await until('it is back', () => demo.agent('ig-south', 'WK2'));
  });

  test('ends every process and its folder with stop', async () => {
    const { profileDirectory } = await start();
    const pids = descendants(process.pid).map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(15);
    await demo.site.stop();
    expect(pids.filter((pid) => !isDead(pid))).toEqual([]);
    expect(existsSync(dirname(profileDirectory))).toBe(false);
    expect(await demo.site.heal()).toMatchObject({
      ok: false,
      error: { message: 'The demo site is ending.' },
    });
    expect(descendants(process.pid).filter(({ pid }) => pids.includes(pid))).toEqual([]);
  }, 120_000);
});

describe('a supervisor that dies', () => {
  beforeEach(open);
  afterEach(close);

  test.each(['SIGKILL', 'SIGTERM', 'SIGUSR2'] as const)(
    'leaves no process behind after %s',
    { timeout: 300_000 },
    async (signal) => {
      const supervisor = spawn(
        node,
        [join(root, 'test/integration/demo-supervisor.ts'), JSON.stringify(runtime)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let said = '';
      supervisor.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
      await until('the demo runs', () => said.endsWith('\n'), 90_000);
      const folder = demoFolders(dirname(said.trim()));
      await until(
        'an engine runs',
        () => processOfPidFile(folder.member('ig-north', 'WK1').enginePid),
        60_000,
      );
      const frozen = processOfPidFile(folder.member('ig-south', 'WK2').agentPid)!;
      process.kill(frozen.pid, 'SIGSTOP');
      const pids = descendants(supervisor.pid!).map(({ pid }) => pid);
      expect(pids.length).toBeGreaterThan(15);
      process.kill(supervisor.pid!, signal);
      await until('none of its processes lives', () => pids.every(isDead), 60_000);
      await until(
        'it has ended itself',
        () => supervisor.exitCode !== null || supervisor.signalCode !== null,
      );
      expect(existsSync(folder.root)).toBe(signal === 'SIGKILL');
      removeOldDemos(demo.bench.directory);
      expect(existsSync(folder.root)).toBe(false);
    },
  );
});

describe('a demo that cannot start', () => {
  beforeEach(open);
  afterEach(close);

  test('says that it needs Linux elsewhere', async () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const started = await startDemoSite({ ...runtime, platform });
      expect(started).toMatchObject({ ok: false, error: { code: 'demo.failed' } });
      expect(!started.ok && started.error.message).toMatch(/^The demo needs Linux/);
    }
  });

  test('says when its folder leaves no room for the names of sockets', async () => {
    const started = await startDemoSite({ ...runtime, directory: demo.bench.path('x'.repeat(80)) });
    expect(!started.ok && started.error.details?.[0]).toContain('too long a path for Unix sockets');
  });

  test('names the file that is missing', async () => {
    const missing = { ...runtime, programs: { ...runtime.programs, traffic: '/nonexistent/traffic.cjs' } };
    const started = await startDemoSite(missing);
    expect(started).toMatchObject({ ok: false, error: { message: '/nonexistent/traffic.cjs is missing.' } });
  });

  test('ends what it had started and shows the last words of the program that failed', async () => {
    const broken = demo.bench.path('broken.cjs');
    writeFileSync(broken, 'console.error("the traffic is broken"); process.exit(1);');
    const before = descendants(process.pid).length;
    const started = await startDemoSite({
      ...runtime,
      programs: { ...runtime.programs, traffic: broken },
      readyLimitMs: 40_000,
    });
    expect(started).toMatchObject({ ok: false, error: { code: 'demo.failed' } });
    expect(!started.ok && started.error.details?.[0]).toContain('the traffic is broken');
    expect(descendants(process.pid).length).toBe(before);
  });
});

describe('the demo on the command line', () => {
  beforeEach(open);
  afterEach(close);

  const command = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(node, [join(root, 'scripts/demo.mjs'), ...args], {
      encoding: 'utf8',
    });
    return { status, text: stdout + stderr };
  };
  /** The command talks to this very process, so it must not be waited for without turning the event loop. */
  const commandAsync = (...args: string[]) =>
    new Promise<{ status: number | null; text: string }>((resolve) => {
      const child = spawn(node, [join(root, 'scripts/demo.mjs'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      }
      child.on('close', (status) => resolve({ status, text }));
    });

  test('injects the same faults and heals them', async () => {
    await start();
    expect(await commandAsync('kill-server', 'ig-north')).toEqual({ status: 0, text: 'Done.\n' });
    expect(demo.site.faults()).toMatchObject([{ kind: 'kill-server', server: 'ig-north' }]);
    const status = await commandAsync('status');
    expect(status.text).toMatch(/Fault: kill-server ig-north, since \d+ s/);
    const again = await commandAsync('kill-server', 'ig-north');
    expect(again.status).toBe(1);
    expect(again.text).toContain('ig-north is off already.');
    expect((await commandAsync('kill-server', 'ig-east')).text).toContain(
      'the servers are ig-north and ig-south',
    );
    expect(await commandAsync('heal')).toEqual({ status: 0, text: 'Healed.\n' });
    expect((await commandAsync('status')).text).toContain('No fault is in force.');
  });

  test('explains itself when nothing runs or the verb is unknown', () => {
    expect(command('status')).toMatchObject({
      status: 1,
      text: expect.stringContaining('No demo site of yours') as string,
    });
    expect(command('stauts')).toMatchObject({
      status: 2,
      text: expect.stringContaining('There is no verb stauts. Did you mean status?') as string,
    });
    expect(command('kill-server')).toMatchObject({
      status: 2,
      text: expect.stringContaining('is called as "kill-server SERVER"') as string,
    });
    expect(command('--help')).toMatchObject({ status: 0, text: expect.stringContaining('Usage:') as string });
  });
});
