import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { readDurable } from '../../agent/durable/durable-file.ts';
import type { MemberMemory } from '../../agent/member/member-memory.ts';
import { descendants, processOfPidFile, readProcess } from '../../electron/demo/server/process-table.ts';
import type { FaultRequest } from '../../electron/host/demo/demo-faults.ts';
import type { DemoEtcd } from '../../electron/host/demo/demo-files.ts';
import { demoFolders } from '../../electron/host/demo/demo-folders.ts';
import type { DemoRuntime } from '../../electron/host/demo/demo-programs.ts';
import { openConsoleSite, type ConsoleSite } from '../../electron/host/console-site.ts';
import { startDemoSite, type DemoSiteOptions } from '../../electron/host/demo/start-demo-site.ts';
import type { DemoSitePort } from '../../electron/host/demo-site-port.ts';
import { systemTime, type HostTime } from '../../electron/host/host-time.ts';
import { succeed } from '../../shared/result.ts';
import { runIxha } from './agent-bench.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { attempts, createBench, until, upToThrice, type Bench } from './demo-harness.ts';

/** How a lease store is lost, and how it comes back. */
interface Loss {
  lose(): Promise<unknown>;
  heal(): unknown;
}

const usualTemporary = process.env['TMPDIR'];

/** The whole demo with real agents, guards and gate, in a temporary folder of its own. */
export class DemoSiteBench {
  readonly bench: Bench;
  private started: DemoSitePort | undefined;

  constructor() {
    this.bench = createBench();
    // The pointer to the running demo and its folder shall not meet those of a person on this machine.
    process.env['TMPDIR'] = this.bench.directory;
  }

  async start(
    runtime: DemoRuntime,
    etcd?: DemoEtcd,
    more: Pick<DemoSiteOptions, 'copied' | 'directory' | 'cutProgram'> = {},
  ): Promise<DemoSitePort> {
    const started = await startDemoSite({
      ...{ ...runtime, keepRecords: true, readyLimitMs: 90_000 },
      ...{ ...(etcd && { etcd }), ...more },
    });
    if (!started.ok) throw new Error(JSON.stringify(started.error));
    this.started = started.value;
    await this.bothServe('ig-north', 'ig-south');
    await this.allFit();
    return started.value;
  }

  /** Starts it with the built programs and opens it as a console does. */
  async openConsole(time: HostTime = systemTime()): Promise<ConsoleSite> {
    const port = await this.start(await buildDemoRuntime(this.bench.path('programs')));
    const log = { info: () => undefined, error: () => undefined };
    const opened = await openConsoleSite(
      { kind: 'demo', start: () => Promise.resolve(succeed(port)) },
      { time, chance: () => 0.5, log, onProgress: () => undefined, onNews: () => undefined },
    );
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  }

  async close(): Promise<void> {
    await this.started?.stop();
    this.started = undefined;
    if (usualTemporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usualTemporary;
    this.bench.clean();
  }

  get site(): DemoSitePort {
    if (this.started === undefined) throw new Error('the demo site has not been started');
    return this.started;
  }

  get folders() {
    return demoFolders(dirname(this.site.profileDirectory));
  }

  engine(server: string, cluster: string) {
    return processOfPidFile(this.folders.member(server, cluster).enginePid);
  }

  agent(server: string, cluster: string) {
    return processOfPidFile(this.folders.member(server, cluster).agentPid);
  }

  /** The lease store's process, found by the configuration that it was started with. */
  witness() {
    const config = join(this.folders.server('ig-witness').root, 'witness.json');
    return descendants(process.pid).find(({ pid }) => {
      const said = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return said.includes(config) && said.some((word) => word.endsWith('node'));
    });
  }

  /** What a member has on disk now. */
  memory(server: string, cluster = 'WK1'): MemberMemory {
    const read = readDurable(join(this.folders.member(server, cluster).state, 'member.json'));
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    return read.value as MemberMemory;
  }

  /** All that a member has told, as text. */
  journal(server: string, cluster = 'WK1'): string {
    const folder = join(this.folders.member(server, cluster).state, 'journal');
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  }

  ixha(...args: string[]): ReturnType<typeof runIxha> {
    return runIxha([...args, '--profile', this.site.profileDirectory]);
  }

  /** What the agent of WK1 on a server tells `ixha`; undefined where it does not answer. */
  async snapshot(server: string): Promise<MemberSnapshot | undefined> {
    const { out } = await this.ixha('status', 'WK1', '--server', server, '--json');
    const { members } = JSON.parse(out) as { members: { snapshot: MemberSnapshot | null }[] };
    return members[0]?.snapshot ?? undefined;
  }

  async inject(kind: FaultRequest['kind'], more: Partial<FaultRequest> = {}): Promise<void> {
    expect(await this.site.inject(fault(kind, more))).toEqual({ ok: true, value: undefined });
  }

  /** Waits until the balancer sends each cluster to this server and messages arrive behind it. */
  async bothServe(wk1: string, wk2: string): Promise<void> {
    await until(
      `WK1 is served by ${wk1}, WK2 by ${wk2}`,
      async () => {
        const views = await this.site.balancer();
        const flows = await this.site.traffic();
        const to = (cluster: string) => views.find((view) => view.cluster === cluster)?.sendsTo;
        return (
          to('WK1') === wk1 &&
          to('WK2') === wk2 &&
          flows.every((view) => view.currentGapMs < 200 && view.acknowledged > 0)
        );
      },
      60_000,
    );
  }

  /** Waits until each member takes part and nothing keeps it: what is asked for sooner is refused. */
  async allFit(): Promise<void> {
    await until('every member is fit', async () => (await this.ixha('status')).code === 0, 60_000);
  }

  /**
   * Has WK1 moved as planned. On a busy machine a move may be refused, or undone, for want of time: then it is asked for
   * again, up to twice.
   */
  async move(verb: 'switchover' | 'failback', ...more: string[]): Promise<void> {
    await upToThrice(async () => {
      await this.allFit();
      const moved = await this.ixha(verb, 'WK1', ...more);
      if (moved.code !== 0) throw new Error(`WK1 is not moved: ${moved.out}${moved.err}`);
    });
  }

  /**
   * Loses the lease store, and waits until the clusters live on promises as `lives` says. On a busy machine the moment
   * for that may be missed: then all is healed, each cluster goes back to its place, and it is done again, up to twice.
   * Answers the process of WK1's engine before the loss.
   */
  async enterPeerMode(
    lives: () => unknown,
    loss: Loss = { lose: () => this.inject('stop-witness'), heal: () => this.site.heal() },
  ): Promise<number> {
    const [wk1, wk2] = [await this.servedBy('WK1'), await this.servedBy('WK2')];
    if (!wk1 || !wk2) throw new Error('a cluster is not served');
    for (let attempt = 1; ; attempt += 1) {
      const engine = this.engine(wk1, 'WK1')!.pid;
      await loss.lose();
      try {
        await until('the clusters live on promises', () => Boolean(lives()), 8_000);
        return engine;
      } catch (late) {
        if (attempt === attempts) throw new Error(`${String(late)}\n${this.journals()}`, { cause: late });
      }
      await loss.heal();
      await this.putBack(wk1, wk2);
    }
  }

  /** To whom the balancer sends a cluster now. */
  async servedBy(cluster: string): Promise<string | null | undefined> {
    return (await this.site.balancer()).find((view) => view.cluster === cluster)?.sendsTo;
  }

  /** Waits until a cluster is served, wherever, and answers where. */
  async served(cluster: string): Promise<string> {
    return until(`${cluster} is served`, async () => (await this.servedBy(cluster)) ?? undefined, 60_000);
  }

  /** Has both clusters served from these places again, and fit for the next change. */
  async putBack(wk1 = 'ig-north', wk2 = 'ig-south'): Promise<void> {
    for (const [cluster, server] of [
      ['WK1', wk1],
      ['WK2', wk2],
    ] as const) {
      await this.served(cluster);
      await this.allFit();
      if ((await this.servedBy(cluster)) !== server) await this.ixha('switchover', cluster);
    }
    await this.bothServe(wk1, wk2);
    await this.allFit();
  }

  private journals(): string {
    return `${this.journal('ig-north')}\n${this.journal('ig-south')}`;
  }

  /** No message lost or out of order, and never two engines of a cluster at once. */
  async judge(): Promise<void> {
    const flows = await until('every acknowledged message is settled', async () => {
      const views = await this.site.traffic();
      return views.every((view) => view.lost === 0) && views;
    });
    for (const view of flows) expect(view).toMatchObject({ lost: 0, outOfOrder: 0 });
    for (const cluster of ['WK1', 'WK2']) expect(overlapMs(this.folders.records, cluster)).toBe(0);
  }
}

export const fault = (kind: FaultRequest['kind'], more: Partial<FaultRequest> = {}): FaultRequest => ({
  kind,
  server: null,
  cluster: null,
  other: null,
  ...more,
});

/** Milliseconds in which records of both servers' engines of a cluster lie within each other's runs. */
function overlapMs(records: string, cluster: string): number {
  const runs = ['ig-north', 'ig-south'].map((server) => {
    const file = join(records, `engine-${server}-${cluster}.jsonl`);
    const times = new Map<number, { from: number; to: number }>();
    if (!existsSync(file)) return [];
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      const { at, pid } = JSON.parse(line) as { at: number; pid: number };
      times.set(pid, { from: times.get(pid)?.from ?? at, to: at });
    }
    return [...times.values()];
  });
  return runs[0]!
    .flatMap((north) =>
      runs[1]!.map((south) => Math.min(north.to, south.to) - Math.max(north.from, south.from)),
    )
    .reduce((sum, overlap) => sum + Math.max(0, overlap), 0);
}

export const isDead = (pid: number) => readProcess(pid) === undefined;
