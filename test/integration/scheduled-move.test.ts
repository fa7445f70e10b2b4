import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DemoSiteBench } from './demo-site-bench.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { until, upToThrice } from './demo-harness.ts';

/**
 * Goal: the Active makes a scheduled move itself, inside its window, once, and no other. Method: the whole demo with
 * real agents, asked by `ixha`, with no console open.
 */
const demo = new DemoSiteBench();
beforeAll(async () => void (await demo.start(await buildDemoRuntime(demo.bench.path('programs')))));
afterAll(() => demo.close());

const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const schedule = (fromMs: number, untilMs: number, ...more: string[]) =>
  demo.ixha('schedule', 'WK1', '--at', at(fromMs), '--until', at(untilMs), '--reason', 'a test', ...more);
const kept = async (server = 'ig-north') => (await demo.snapshot(server))?.schedule;

describe('a scheduled move of the demo site', () => {
  test('is refused outside of all reason, with a next step', async () => {
    const past = await schedule(-7_200_000, -3_600_000);
    expect(past.code, past.out + past.err).toBe(1);
    expect(past.err).toContain('The window has passed already.');
    const unreadable = await demo.ixha('schedule', 'WK1', '--at', 'tonight', '--until', at(60_000));
    expect(unreadable.code).toBe(2);
    const nothing = await demo.ixha('cancel-schedule', 'WK1');
    expect(nothing.code).toBe(1);
  }, 60_000);

  test('is told by status, survives the agent, and is called off by a person', async () => {
    // An agent that a busy machine restarts too late loses its lease, and with it what it had kept.
    await upToThrice(async () => {
      await demo.putBack();
      expect((await schedule(3_600_000, 7_200_000)).code).toBe(0);
      const again = await schedule(3_600_000, 7_200_000);
      expect(again.err).toContain('has a scheduled move already');
      await until('status tells it', async () =>
        (await demo.ixha('status', 'WK1')).out.includes('switchover to ig-south scheduled by'),
      );
      const before = demo.agent('ig-north', 'WK1')!.pid;
      process.kill(before, 'SIGKILL');
      await until(
        'the restarted agent keeps it',
        async () => demo.agent('ig-north', 'WK1')?.pid !== before && (await kept())?.state === 'waiting',
        60_000,
      );
    });
    expect((await demo.ixha('cancel-schedule', 'WK1')).code).toBe(0);
    await until('it is called off', async () => (await kept())?.state === 'cancelled', 20_000);
    await demo.bothServe('ig-north', 'ig-south');
  }, 480_000);

  test('is made once its window begins, without any console, and only once', async () => {
    await upToThrice(async () => {
      await demo.putBack();
      expect((await schedule(15_000, 135_000)).code).toBe(0);
      await until('it has begun', async () => (await kept())?.state === 'begun', 60_000);
      await demo.bothServe('ig-south', 'ig-south');
    });
    expect(demo.journal('ig-north')).toContain('scheduled: a test');
  }, 480_000);

  test('is skipped at once when the cluster has moved before its time', async () => {
    await until('ig-south keeps it', async () => (await schedule(3_600_000, 7_200_000)).code === 0, 60_000);
    await until(
      'the cluster is moved by hand',
      async () => (await demo.ixha('failback', 'WK1', '--reason', 'by hand')).code === 0,
      120_000,
    );
    const skipped = await until(
      'it is skipped',
      async () => {
        const seen = await kept('ig-south');
        return seen?.state === 'skipped' && seen;
      },
      60_000,
    );
    expect(skipped.why).toContain('the cluster has moved since');
    // By this mark people are told of it.
    expect(demo.journal('ig-south')).toMatch(/"verdict":"schedule-skipped"/);
    await demo.bothServe('ig-north', 'ig-south');
    await demo.judge();
  }, 240_000);
});
