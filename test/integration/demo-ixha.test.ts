import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDurable } from '../../agent/durable/durable-file.ts';
import { demoFolders } from '../../electron/host/demo/demo-folders.ts';
import { startDemoSite } from '../../electron/host/demo/start-demo-site.ts';
import type { DemoSitePort } from '../../electron/host/demo-site-port.ts';
import { createBench, node, root, until, upToThrice, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';

/**
 * Goal: a person at a terminal can look at the demo site and move its clusters.
 * Method: the command line as a process of its own against a whole running demo.
 */
let bench: Bench;
let site: DemoSitePort;
const usualTemporary = process.env['TMPDIR'];

beforeAll(async () => {
  bench = createBench();
  const runtime = await buildDemoRuntime(bench.path('programs'));
  // The pointer to the running demo shall not meet the one of a person on this machine.
  process.env['TMPDIR'] = bench.directory;
  const started = await startDemoSite(runtime);
  if (!started.ok) throw new Error(JSON.stringify(started.error));
  site = started.value;
  await served('ig-north');
});
afterAll(async () => {
  await site.stop();
  if (usualTemporary === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usualTemporary;
  bench.clean();
});

interface Said {
  readonly status: number | null;
  readonly text: string;
}

function run(program: string, ...args: string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(node, [join(root, program), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    }
    child.on('close', (status) => resolve({ status, text }));
  });
}

const ixha = (...args: string[]) => run('agent/commands.ts', ...args, '--profile', site.profileDirectory);

/** Waits until WK1 is served from here and both members are fit for the next change. */
function served(server: string): Promise<true> {
  return until(
    `WK1 is served by ${server}`,
    async () => {
      const views = await site.balancer();
      const to = views.find(({ cluster }) => cluster === 'WK1')?.sendsTo;
      return to === server && (await ixha('status', 'WK1')).status === 0 ? true : undefined;
    },
    40_000,
  );
}

/** Has WK1 moved from here as planned. On a busy machine that may be refused, or undone: then it is asked for again. */
function moved(from: string, verb: string, ...more: string[]): Promise<Said> {
  return upToThrice(async () => {
    await served(from);
    const said = await ixha(verb, 'WK1', ...more);
    expect(said.status, said.text).toBe(0);
    return said;
  });
}

/** The durable state of WK1 on ig-south, and how its agent is made to read it anew. */
function stateOfSouth() {
  const { state, agentPid } = demoFolders(dirname(site.profileDirectory)).member('ig-south', 'WK1');
  const restart = () => process.kill(Number(readFileSync(agentPid, 'utf8').split(' ')[0]), 'SIGKILL');
  return { path: join(state, 'member.json'), restart };
}

function keptBySouth(): unknown {
  const lines = readFileSync(stateOfSouth().path, 'utf8').split('\n');
  return (JSON.parse(lines[1] ?? '') as { maintenance?: unknown }).maintenance;
}

describe('ixha and the demo site', () => {
  test.each([
    ['switchover', 'ig-north', 'ig-south'],
    ['handover', 'ig-south', 'ig-north'],
  ])(
    '%s tells the steps of both servers until it has ended',
    async (verb, from, to) => {
      const { text } = await moved(from, verb, '--reason', 'a test');
      expect(text).toMatch(new RegExp(`^ +${from} .+\\(\\d+ ms\\)$`, 'm'));
      expect(text).toMatch(new RegExp(`^ +${to} .+\\(\\d+ ms\\)$`, 'm'));
      expect(text.trim().split('\n').at(-1)).toMatch(/^done: /);
      expect((await ixha('status', 'WK1')).text).toMatch(new RegExp(`^WK1 +${to} +active`, 'm'));
      const ledger = await until('the queues are compared', async () => {
        const told = await ixha('ledger', 'WK1', '--server', to);
        return told.text.includes('compared with') && told;
      });
      expect(ledger.text).toContain(`compared with the sealed ledger of ${from}`);
      expect(ledger.text).toMatch(/Of (\d+) queues \1 went on where they were/);
      expect(ledger.status).toBe(0);
    },
    240_000,
  );

  test('failback moves the cluster to its preferred server, and is refused there', async () => {
    await served('ig-north');
    expect((await ixha('failback', 'WK1')).text).toContain('is the preferred member of WK1 already');
    await moved('ig-north', 'switchover');
    const back = await moved('ig-south', 'failback', '--reason', 'a test');
    expect(back.text.trim().split('\n').at(-1)).toMatch(/^done: /);
    await served('ig-north');
    expect((await ixha('journal', 'WK1')).text).toMatch(/asked for a failback of WK1: accepted/);
  }, 360_000);

  test('failover takes over although automatic failover is blocked, and only while nobody holds the lease', async () => {
    await served('ig-north');
    const early = await ixha('failover', 'WK1', '--to', 'ig-south');
    expect([early.status, early.text]).toEqual([1, expect.stringContaining('holds the lease for another')]);
    expect((await ixha('block-failover', 'WK1', '--minutes', '5')).status).toBe(0);
    await site.inject({ kind: 'kill-server', server: 'ig-north', cluster: null, other: null });
    await until('it is blocked', async () => /R65/.test((await ixha('why', 'WK1')).text), 30_000);
    const asked = await ixha('failover', 'WK1', '--reason', 'a test');
    expect([asked.status, asked.text]).toEqual([0, expect.stringMatching(/^done: ig-south is Active/m)]);
    await site.heal();
    await served('ig-south');
    expect((await ixha('allow-failover', 'WK1')).status).toBe(0);
    await moved('ig-south', 'failback');
  }, 240_000);

  test('evidence names signals, calls of the engine, and a late writer on the storage', async () => {
    await served('ig-north');
    const { storage } = site.site.clusters.find(({ id }) => id === 'WK1')!;
    const well = await ixha('evidence', 'WK1', '--server', 'ig-north');
    expect(well.text).toMatch(/It is Active: .+ signals agree/);
    expect(well.text).toMatch(/listeners +Active +\d of \d listeners open/);
    expect(well.text).toMatch(/call \/component\/list +there/);
    writeFileSync(join(storage.directory, '.ixha/probe-elsewhere'), 'late\n');
    const late = await until('the late writer is shown', async () => {
      const told = await ixha('evidence', 'WK1', '--server', 'ig-north');
      return told.text.includes('late write') && told;
    });
    expect([late.status, late.text]).toEqual([
      1,
      expect.stringContaining('the agent of elsewhere still writes there'),
    ]);
    expect((await ixha('why', 'WK1', '--server', 'ig-north')).text).toMatch(/R37 .*CONFLICT on its storage/);
    expect((await ixha('journal', 'WK1')).text).toContain('Somebody wrote to the storage');
  });

  test('a damaged state of the Passive begins anew by itself', async () => {
    await served('ig-north');
    const { path, restart } = stateOfSouth();
    const whole = readFileSync(path, 'utf8');
    writeFileSync(path, whole.replace('sha256:', 'sha256:0'));
    restart();
    await until('it has begun anew', async () =>
      /ig-south .*its state begins anew with epoch \d+/.test((await ixha('journal', 'WK1')).text),
    );
    await served('ig-north');
  });

  test.skipIf(!existsSync('/etc/machine-id'))(
    'one of another machine only when a person says so',
    async () => {
      await served('ig-north');
      const { path, restart } = stateOfSouth();
      const own = JSON.parse(readFileSync(path, 'utf8').split('\n')[1] ?? '') as object;
      writeDurable(path, { ...own, machineId: 'another' });
      restart();
      await until('it asks for a person', async () =>
        /R01 .*a person must re-admit it/.test((await ixha('why', 'WK1', '--server', 'ig-south')).text),
      );
      const readmit = ['readmit', 'WK1', '--server', 'ig-south'];
      expect((await ixha(...readmit)).text).toContain('The reason is not said');
      expect((await ixha(...readmit, '--reason', 'a new disk')).status).toBe(0);
      await served('ig-north');
      expect((await ixha(...readmit, '--reason', 'again')).text).toContain('is its own and whole');
    },
  );

  test('maintenance keeps a dead engine as it is, and its end brings it back', async () => {
    await served('ig-north');
    expect((await ixha('maintenance', 'WK1', '--reason', 'a test')).status).toBe(2);
    expect((await ixha('maintenance', 'WK1', '--minutes', '5', '--reason', 'a test')).status).toBe(0);
    expect(keptBySouth()).toMatchObject({ reason: 'a test', lastsMs: 300_000 });
    const killed = await site.inject({
      kind: 'kill-engine',
      server: 'ig-north',
      cluster: 'WK1',
      other: null,
    });
    expect(killed.ok).toBe(true);
    await until('the agent says that nobody starts it', async () =>
      /R08.*nobody starts it/s.test((await ixha('why', 'WK1')).text) ? true : undefined,
    );
    const refused = await ixha('switchover', 'WK1');
    expect([refused.status, refused.text]).toEqual([1, expect.stringContaining('Maintenance of')]);
    expect((await ixha('end-maintenance', 'WK1')).status).toBe(0);
    await served('ig-north');
    expect((await ixha('journal', 'WK1')).text).toMatch(/asked for maintenance of WK1 for 5 min: done/);
    await until('the Passive has forgotten it', () => keptBySouth() === null);
  });

  test('maintenance is refused while the Passive cannot confirm it, and nothing is left of it', async () => {
    await served('ig-north');
    const cut = { kind: 'cut-link', server: 'ig-north', cluster: null, other: 'ig-south' } as const;
    expect(await site.inject(cut)).toMatchObject({ ok: true });
    const begin = () => ixha('maintenance', 'WK1', '--minutes', '5', '--reason', 'a test');
    const refused = await until('the cut is noticed', async () => {
      const said = await begin();
      return said.text.includes('ig-south cannot be asked to keep it') && said;
    });
    expect([refused.status, refused.text]).toEqual([1, expect.stringContaining('block-failover')]);
    expect((await ixha('status', 'WK1')).text).not.toContain('aintenance');
    expect(keptBySouth() ?? null).toBeNull();
    await site.heal();
    await served('ig-north');
  });

  test('why tells an engine that answers nonsense from one that is well', async () => {
    const wk1 = site.site.clusters.find(({ id }) => id === 'WK1')!;
    const { engine, server } = wk1.members.find(({ preferred }) => preferred)!;
    const setFault = (value: boolean) =>
      fetch(`http://127.0.0.1:${engine.apiPort}/standin/fault`, {
        method: 'POST',
        body: JSON.stringify({ fault: 'html-200', value }),
      });
    await setFault(true);
    const told = await until('the nonsense is told', async () => {
      const said = await ixha('why', 'WK1', '--server', server);
      return said.text.includes('a page instead of data') && said;
    });
    expect(told.status).toBe(0);
    await setFault(false);
    await served(server);
  });

  test('are brought together where no site is named', async () => {
    const { status, text } = await run('scripts/ixha.mjs', 'status');
    expect(text).toContain(`The running demo site is used: --profile ${site.profileDirectory}`);
    expect(text).toMatch(/^WK1 +ig-north +active/m);
    expect(status).toBe(0);
  });
});
