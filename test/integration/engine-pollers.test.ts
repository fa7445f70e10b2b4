import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IguanaX } from '../../agent/engines/iguanax.ts';
import { clusterDesigns } from '../../electron/host/demo/demo-design.ts';
import { demoFolders, type DemoFolders } from '../../electron/host/demo/demo-folders.ts';
import { startDemoSite } from '../../electron/host/demo/start-demo-site.ts';
import type { DemoSitePort } from '../../electron/host/demo-site-port.ts';
import { createBench, node, root, until, upToThrice, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { createEngineBench } from './engine-bench.ts';

/**
 * Goal: no poller runs twice (I2). Method: files fall into a folder all the time while the cluster moves; each name
 * must come out exactly once, and the pollers' own records must never lie within each other.
 */
const everyMs = 40;

/** Drops numbered files into a folder until it is stopped; each appears whole. */
function feed(inbox: string): { readonly dropped: () => number; stop(): void } {
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    const name = `f-${String(count).padStart(5, '0')}`;
    writeFileSync(join(inbox, '..', `${name}.part`), name);
    renameSync(join(inbox, '..', `${name}.part`), join(inbox, name));
  }, everyMs);
  return { dropped: () => count, stop: () => clearInterval(timer) };
}

/** Names of files by how often they were fetched. */
function fetchedCounts(outbox: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of existsSync(outbox) ? readdirSync(outbox) : []) {
    const name = entry.split('.')[0] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
const fetchedTwice = (outbox: string) => [...fetchedCounts(outbox)].filter(([, count]) => count > 1);

/** Milliseconds in which runs of the poller on both servers lie within each other. */
function overlapMs(records: readonly string[]): number {
  const runs = records.map((path) => {
    const spans: { from: number; to: number }[] = [];
    if (!existsSync(path)) return spans;
    for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
      const { at, poller, phase } = JSON.parse(line) as { at: number; poller?: string; phase?: string };
      if (poller === undefined) continue;
      if (phase === 'start') spans.push({ from: at, to: at });
      const last = spans.at(-1);
      if (last !== undefined) last.to = at;
    }
    return spans;
  });
  const [one = [], other = []] = runs;
  return one
    .flatMap((a) => other.map((b) => Math.min(a.to, b.to) - Math.max(a.from, b.from)))
    .reduce((sum, overlap) => sum + Math.max(0, overlap), 0);
}

describe('two pollers at once', () => {
  test('are seen by this judge: files come out twice', async () => {
    const site = await createEngineBench();
    const [inbox, outbox] = [site.bench.path('in'), site.bench.path('out')];
    mkdirSync(inbox);
    const files = { name: 'files', kind: 'file', directory: inbox, outDirectory: outbox, everyMs: 10 };
    const feeding = feed(inbox);
    try {
      for (const server of ['ig-north', 'ig-south']) {
        const working = site.bench.path(server);
        mkdirSync(working);
        const engine = await site.engine(server, { workingDirectory: working, pollers: [files] });
        const account = { user: 'ha', passwordFile: site.bench.path('password') };
        const adapter = new IguanaX({ port: engine.apiPort, ...account, pollers: ['files'] });
        expect(await adapter.switchComponents('pollers', true, 5_000)).toMatchObject({ ok: true });
      }
      await until('a file is fetched twice', () => fetchedTwice(outbox).length > 0);
      const records = ['ig-north', 'ig-south'].map((name) => site.bench.path(`record-${name}.jsonl`));
      await until('the records overlap', () => overlapMs(records) > 0);
    } finally {
      feeding.stop();
      site.clean();
    }
  });
});

describe('a file poller of a whole site', () => {
  let bench: Bench;
  let site: DemoSitePort;
  let folders: DemoFolders;
  const usualTemporary = process.env['TMPDIR'];
  const poller = clusterDesigns[0]!.poller;

  beforeEach(async () => {
    bench = createBench();
    const runtime = await buildDemoRuntime(bench.path('programs'));
    process.env['TMPDIR'] = bench.directory;
    const started = await startDemoSite({ ...runtime, keepRecords: true });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    site = started.value;
    folders = demoFolders(dirname(site.profileDirectory));
    mkdirSync(bench.path('in'));
  });
  afterEach(async () => {
    await site.stop();
    if (usualTemporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usualTemporary;
    bench.clean();
  });

  /** Gives both engines of WK1 a file poller; they take it up at their next start. */
  function useFilePoller(): void {
    for (const server of ['ig-north', 'ig-south']) {
      const path = folders.member(server, 'WK1').engineConfig;
      const config = JSON.parse(readFileSync(path, 'utf8')) as object;
      const files = { directory: bench.path('in'), outDirectory: bench.path('out') };
      const pollers = [{ name: poller, kind: 'file', ...files, everyMs: 20 }];
      writeFileSync(path, JSON.stringify({ ...config, pollers }));
    }
  }

  function ixha(...args: string[]): Promise<{ status: number | null; text: string }> {
    return new Promise((resolve) => {
      const command = [join(root, 'agent/commands.ts'), ...args, '--profile', site.profileDirectory];
      const child = spawn(node, command, { stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      child.on('close', (status) => resolve({ status, text }));
    });
  }

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

  /** Files come out that went in after this call. */
  async function flows(dropped: () => number): Promise<void> {
    const from = dropped() + 5;
    const name = `f-${String(from).padStart(5, '0')}`;
    await until(`${name} is fetched`, () => fetchedCounts(bench.path('out')).has(name), 40_000);
  }

  test('fetches each file exactly once across a switchover and a failover', async () => {
    useFilePoller();
    await served('ig-north');
    const kill = { kind: 'kill-engine', server: 'ig-north', cluster: 'WK1', other: null } as const;
    expect((await site.inject(kill)).ok).toBe(true);
    const feeding = feed(bench.path('in'));
    await flows(feeding.dropped);

    const moved = await upToThrice(async () => {
      await served('ig-north');
      const said = await ixha('switchover', 'WK1', '--reason', 'a test');
      expect([said.status, said.text]).toEqual([0, expect.stringContaining('done: ')]);
      return said;
    });
    await flows(feeding.dropped);
    // Off first and on last, and the evidence names the poller.
    const lines = moved.text.split('\n');
    const at = (title: string) => lines.findIndex((line) => line.includes(title));
    expect(at('Pollers stopped')).toBeGreaterThan(-1);
    expect(at('Pollers stopped')).toBeLessThan(at('Engine stopped'));
    expect(at('Pollers on')).toBeGreaterThan(at('Load balancer sends here'));
    const journal = (await ixha('journal', 'WK1')).text;
    expect(journal).toContain(`switched off: ${poller}`);
    expect(journal).toContain(`switched on: ${poller}`);

    const power = { kind: 'kill-server', server: 'ig-south', cluster: null, other: null } as const;
    expect((await site.inject(power)).ok).toBe(true);
    await flows(feeding.dropped);
    feeding.stop();
    await until('nothing is left at the source', () => readdirSync(bench.path('in')).length === 0);

    const counts = fetchedCounts(bench.path('out'));
    expect(fetchedTwice(bench.path('out'))).toEqual([]);
    expect(counts.size).toBe(feeding.dropped());
    const by = new Set(readdirSync(bench.path('out')).map((entry) => /\.(ig-[a-z]+)-/.exec(entry)?.[1]));
    expect([...by].sort()).toEqual(['ig-north', 'ig-south']);
    const records = ['ig-north', 'ig-south'].map((server) =>
      join(folders.records, `engine-${server}-WK1.jsonl`),
    );
    expect(overlapMs(records)).toBe(0);
  }, 300_000);
});
