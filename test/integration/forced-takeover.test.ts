import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DemoRuntime } from '../../electron/host/demo/demo-programs.ts';
import { createBench, until, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench, isDead } from './demo-site-bench.ts';

/**
 * Goal: when lease store and Active are lost at once, a person gets the cluster going again, and what comes back
 * afterwards never makes a second Active. Method: the whole demo site with its real processes; cluster WK1, Active on
 * ig-north, is forced to ig-south by `ixha`.
 */
let programs: Bench;
let runtime: DemoRuntime;
let demo: DemoSiteBench;

beforeAll(async () => {
  programs = createBench();
  runtime = await buildDemoRuntime(programs.path('programs'));
});
afterAll(() => programs.clean());
beforeEach(async () => {
  demo = new DemoSiteBench();
  await demo.start(runtime);
});
afterEach(() => demo.close());

const force = (...more: string[]) =>
  demo.ixha(
    ...['force-takeover', 'WK1', '--to', 'ig-south', '--fence', 'power-off'],
    ...['--reason', 'store and ig-north are off', ...more],
  );

async function loseStoreAndActive(): Promise<void> {
  await Promise.all([demo.inject('kill-server', { server: 'ig-north' }), demo.inject('stop-witness')]);
}

const sentTo = async () => (await demo.site.balancer()).find(({ cluster }) => cluster === 'WK1')?.sendsTo;

describe('a forced takeover without the lease store', { timeout: 300_000 }, () => {
  test('gets the cluster going; the old Active returns Passive, and takes part again once re-admitted', async () => {
    await loseStoreAndActive();
    const before = demo.memory('ig-south').epoch;
    expect(demo.engine('ig-south', 'WK1')).toBeUndefined();
    await until(
      'a person may force it',
      async () => (await force('--without-store', '--typed-name', 'WK1')).code === 0,
      30_000,
    );
    await until('WK1 is served by ig-south', async () => (await sentTo()) === 'ig-south', 20_000);
    expect(demo.memory('ig-south').epoch).toBeGreaterThanOrEqual(before + 1000);
    expect(demo.memory('ig-south').forced).toBeDefined();
    const engine = demo.engine('ig-south', 'WK1')!.pid;

    // The store and the old Active come back together: the one that a person has forced stays the only Active.
    await demo.site.heal();
    await until('the old Active knows that it is out', () => demo.memory('ig-north').expelled, 30_000);
    expect(demo.engine('ig-north', 'WK1')).toBeUndefined();
    await until(
      're-admitted',
      async () =>
        (await demo.ixha('readmit', 'WK1', '--server', 'ig-north', '--reason', 'it has been looked at'))
          .code === 0,
      30_000,
    );
    await until(
      'both know it',
      () => !demo.memory('ig-north').expelled && !demo.memory('ig-south').forced,
      20_000,
    );
    expect(isDead(engine)).toBe(false);

    // And automatic failover works again, in the other direction.
    await demo.inject('kill-server', { server: 'ig-south' });
    await until('WK1 is served by ig-north', async () => (await sentTo()) === 'ig-north', 40_000);
    await demo.judge();
  });

  test('is refused while the other server answers, without the typed name, and without the word for it', async () => {
    const alive = await force('--typed-name', 'WK1');
    expect(alive.code).not.toBe(0);
    expect(alive.err).toContain('ig-north');
    const untyped = await force('--typed-name', 'WK2');
    expect(untyped.code).not.toBe(0);
    await loseStoreAndActive();
    // Asked for before the store is missed, it would be accepted, and wait for the store.
    await until(
      'the store is missed',
      async () => (await demo.snapshot('ig-south'))?.store.reachable === false,
      30_000,
    );
    expect((await force('--typed-name', 'WK1')).err).toContain('--without-store');
    expect(demo.engine('ig-south', 'WK1')).toBeUndefined();
  });
});
