import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsoleSite } from '../../electron/host/console-site.ts';
import { keepDrill, readDrills } from '../../electron/host/drills/drill-files.ts';
import { DrillsKeeper } from '../../electron/host/drills/drills-keeper.ts';
import { systemTime } from '../../electron/host/host-time.ts';
import type { DrillKind, DrillRecord } from '../../shared/drills/drill-record.ts';
import { goneAfterMs } from '../../shared/drills/drill-record.ts';
import { clusterVerdict } from '../../shared/fleet/cluster-verdict.ts';
import { siteSight } from '../../shared/fleet/sight.ts';
import { until } from './demo-harness.ts';
import { DemoSiteBench } from './demo-site-bench.ts';
import { TestListener } from './test-listener.ts';

/**
 * Goal: a drill proves what it says, on a cluster that it leaves as it was, and one that is cut short leaves nothing
 * unprotected. Method: the whole demo with real agents, guards and messages.
 */
const demo = new DemoSiteBench();
const time = systemTime();
const log = { info: () => undefined, error: () => undefined };
let site: ConsoleSite;

const keeperOf = () => new DrillsKeeper({ time, log, site: () => site, onNews: () => undefined });

beforeAll(async () => {
  site = await demo.openConsole(time);
}, 120_000);
afterAll(async () => {
  await site?.close();
  await demo.close();
}, 60_000);

const order = (kind: DrillKind, probe?: string) =>
  ({ act: 'start', cluster: 'WK1', kind, reason: 'a test', probe }) as const;

/** Of WK1 by what this console knows of both members: a drill that begins sooner judges a member it has not seen. */
function verdict() {
  const { clusters } = siteSight(site.watch.view(time.bootMs()), 0);
  return clusterVerdict(clusters.find(({ cluster }) => cluster.id === 'WK1')!).kind;
}

/** What the last drill has told of when its agent gives something back, each once. */
let healings: string[] = [];

/** Makes a drill, once the cluster is ready for one, and waits for its end. */
async function made(kind: DrillKind, withinMs: number, probe?: string): Promise<DrillRecord> {
  const keeper = keeperOf();
  healings = [];
  await until(
    'a drill can begin',
    async () => {
      if (verdict() !== 'ready') return false;
      const begun = await keeper.act(order(kind, probe));
      return begun.ok;
    },
    60_000,
  );
  return until(
    `the ${kind} drill has ended`,
    () => {
      const { healing } = keeper.view().records.find(({ state }) => state === 'running') ?? {};
      if (healing?.by && !healings.includes(healing.by)) healings.push(healing.by);
      return keeper.view().records.find((record) => record.kind === kind && record.state === 'ended');
    },
    withinMs,
  );
}

/** What a person would be told, when a test fails. */
const told = ({ lines, steps }: DrillRecord) =>
  [
    ...lines.map(({ id, verdict, happened }) => `${id} ${verdict}: ${happened}`),
    ...steps.map(({ title, state, evidence }) => `${title} ${state}: ${evidence}`),
  ].join('\n');
const verdicts = ({ lines }: DrillRecord) =>
  Object.fromEntries(lines.map(({ id, verdict }) => [id, verdict]));

describe('drills of the demo site', () => {
  test('a dry run tells what the rules of both agents would decide, and changes nothing', async () => {
    const record = await made('dry-run', 30_000);
    expect(record.verdict, told(record)).toBe('passed');
    expect(record.lines.find(({ id }) => id === 'takes')?.happened).toMatch(/takes over/);
    expect(record.operations).toEqual([]);
    await demo.bothServe('ig-north', 'ig-south');
  }, 120_000);

  test('one guard is restarted, and everything else answers', async () => {
    const record = await made('components', 60_000);
    expect(record.verdict, told(record)).toBe('passed');
    expect(demo.journal('ig-south')).toContain('a restart of guard 1');
  }, 120_000);

  test('a cluster is moved, verified, moved back and verified', async () => {
    const record = await made('switchover-and-back', 240_000);
    expect(record.verdict, told(record)).toBe('passed');
    expect(verdicts(record)).toMatchObject({ there: 'met', back: 'met', loss: 'met', ready: 'met' });
    expect(record.operations).toHaveLength(2);
    expect(record.outage).toMatchObject({ by: 'acknowledged-messages', ms: expect.any(Number) as number });
    expect(record.loss?.lost).toBe(0);
    await demo.bothServe('ig-north', 'ig-south');
  }, 360_000);

  test('an engine that is killed on purpose comes back by rule', async () => {
    const before = demo.engine('ig-north', 'WK1');
    const record = await made('engine-kill', 240_000);
    expect(record.verdict, told(record)).toBe('passed');
    expect(verdicts(record)).toMatchObject({ died: 'met', back: 'met', loss: 'met', ready: 'met' });
    expect(demo.engine('ig-north', 'WK1')?.pid).not.toBe(before?.pid);
    expect(demo.journal('ig-north')).toContain('as a crash would end it');
  }, 360_000);

  test('a cluster whose Active loses the lease store stays where it is, and the way comes back by itself', async () => {
    const before = demo.engine('ig-north', 'WK1');
    const listener = new TestListener();
    const record = await made('store-cut', 240_000, `127.0.0.1:${await listener.open()}`);
    await listener.close();
    expect(record.verdict, told(record)).toBe('passed');
    expect(record.outage?.sentence).toMatch(/by \d+ test messages that this console sent/);
    expect(listener.ids.length).toBeGreaterThan(50);
    expect(verdicts(record)).toMatchObject({ cut: 'met', stays: 'met', healed: 'met', loss: 'met' });
    // Told once, for the countdown, and gone once the way is back.
    expect(healings.map((by) => Date.parse(by) > Date.parse(record.startedAt))).toEqual([true]);
    expect(record.healing).toBeNull();
    expect(demo.engine('ig-north', 'WK1')?.pid).toBe(before?.pid);
    expect(demo.journal('ig-north')).toMatch(/What a drill had cut for \d+ s is whole again/);
  }, 360_000);

  test('a console that is closed in the middle leaves the cluster Active and protected, and says where', async () => {
    const keeper = keeperOf();
    const begun = await until(
      'a drill can begin',
      async () => (await keeper.act(order('switchover-and-back'))).ok,
    );
    expect(begun).toBe(true);
    const other = await keeperOf().act(order('dry-run'));
    expect(other).toMatchObject({ ok: false, error: { code: 'drill.refused' } });
    await until('the first move has begun', () => keeper.view().records[0]!.operations.length === 1);
    await keeper.stop();
    const [record] = (await readDrills(site.profileDirectory, time.wallTime())).records;
    expect(record).toMatchObject({
      state: 'ended',
      verdict: 'interrupted',
      steps: expect.anything() as unknown,
    });
    expect(record?.sentence).toMatch(/The console was closed.*move it back/);
    await demo.bothServe('ig-south', 'ig-south');
  }, 180_000);

  test('an Active that reaches nobody is taken over from, and comes back as Passive', async () => {
    const from = (await demo.site.balancer()).find(({ cluster }) => cluster === 'WK1')?.sendsTo;
    const record = await made('cut-off', 240_000);
    expect(record.verdict, told(record)).toBe('passed');
    expect(verdicts(record)).toMatchObject({
      cut: 'met',
      takes: 'met',
      healed: 'met',
      loss: 'met',
      ready: 'met',
    });
    await demo.bothServe(from === 'ig-north' ? 'ig-south' : 'ig-north', 'ig-south');
  }, 360_000);

  test('a console that vanishes is told as interrupted by the next one', async () => {
    const [last] = (await readDrills(site.profileDirectory, time.wallTime())).records;
    const aliveAt = new Date(Date.now() - goneAfterMs - 1).toISOString();
    const left: DrillRecord = {
      ...last!,
      id: 'left-1',
      state: 'running',
      verdict: null,
      endedAt: null,
      aliveAt,
    };
    expect(await keepDrill(site.profileDirectory, left)).toMatchObject({ ok: true });
    const view = await keeperOf().open();
    expect(view.records.find(({ id }) => id === 'left-1')).toMatchObject({
      verdict: 'interrupted',
      endedAt: aliveAt,
    });
  });

  test('no message was lost, and never two engines ran', async () => {
    await demo.judge();
  }, 60_000);
});
