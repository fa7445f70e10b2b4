import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBench, until, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

/**
 * Goal: who takes over has the storage withdrawn from a server that cannot prove that it stopped, and gives it back.
 * Method: the demo site with its real agents, and a program that writes down what it is asked; WK1 on ig-north.
 */
describe('a site with a program that cuts off the storage', { timeout: 120_000 }, () => {
  const bench: Bench = createBench();
  const demo = new DemoSiteBench();
  const record = bench.path('asked');
  const asked = () =>
    existsSync(record)
      ? readFileSync(record, 'utf8')
          .split('\n')
          .filter((line) => line.includes(' WK1 '))
      : [];

  beforeAll(async () => {
    const program = bench.path('cut-storage');
    writeFileSync(program, `#!/bin/sh\necho "$@" >>${record}\necho "the export says $1"\n`);
    chmodSync(program, 0o700);
    await demo.start(await buildDemoRuntime(bench.path('programs')), undefined, { cutProgram: program });
  }, 180_000);
  afterAll(async () => {
    await demo.close();
    bench.clean();
  });

  test('cuts nobody off at a planned switchover', async () => {
    await demo.move('switchover');
    await demo.bothServe('ig-south', 'ig-south');
    expect(asked()).toEqual([]);
  });

  test('cuts off a server that has lost its power, before the engine starts', async () => {
    await demo.inject('kill-server', { server: 'ig-south' });
    await demo.bothServe('ig-north', 'ig-north');
    expect(asked()).toEqual([expect.stringMatching(/^cut ig-south 127\.0\.0\.1 WK1 \d+$/)]);
    const journal = demo.journal('ig-north');
    expect(journal).toMatch(/Step prove-storage: ig-south is cut off from the storage: the export says cut/);
    expect((await demo.ixha('status', 'WK1', '--server', 'ig-north')).out).toContain(
      'ig-south is cut off from the storage since the takeover',
    );
  });

  test('lets it in again by itself once it is back and runs nothing', async () => {
    await demo.site.heal();
    await until(
      'ig-south is let in again',
      () => asked().some((line) => line.startsWith('allow ig-south ')),
      60_000,
    );
    await until(
      'nothing is told of it any more',
      async () => {
        const { out } = await demo.ixha('status', 'WK1', '--server', 'ig-north');
        return !out.includes('cut off');
      },
      30_000,
    );
    expect(asked()).toHaveLength(2);
    await demo.judge();
  });
});
