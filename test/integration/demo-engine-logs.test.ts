import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckedLine, Verification } from '../../shared/verification/verification.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { until } from './demo-harness.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

/**
 * Goal: what the engines have logged proves a move where nobody counts messages from outside, and betrays an engine that
 * works wrongly. Method: the whole demo with real agents, and the command line, which counts nothing; engines that send
 * a message twice, leave one out, or change the order of two right after a move.
 */
const demo = new DemoSiteBench();

beforeAll(async () => {
  await demo.start(await buildDemoRuntime(demo.bench.path('programs')));
}, 120_000);
afterAll(() => demo.close(), 60_000);

/** The next engine of WK1 on this server does so once, with the first message that it comes to. */
function plant(server: string, fault: string): void {
  const path = demo.folders.member(server, 'WK1').engineConfig;
  const { record } = JSON.parse(readFileSync(path, 'utf8')) as { record: string };
  writeFileSync(`${record}.faults`, JSON.stringify({ [fault]: 1 }));
}

/** What `ixha verify` tells once the line is at this verdict. */
function verified(id: string, verdict: CheckedLine['verdict']): Promise<CheckedLine> {
  return until(
    `${id} is ${verdict}`,
    async () => {
      const { out } = await demo.ixha('verify', 'WK1', '--json');
      const line = (JSON.parse(out) as Verification).lines.find((one) => one.id === id)!;
      return line.verdict === verdict && line;
    },
    60_000,
  );
}

describe('moves of the demo site, by the logs of its engines', () => {
  test('an orderly one is proven to have kept the order, and to have sent nothing twice', async () => {
    await demo.move('switchover', '--reason', 'a test');
    for (const id of ['V08', 'V09']) {
      const { signs } = await verified(id, 'proven');
      const told = signs.filter(({ from }) => from.startsWith('engine log of ')).map(({ side }) => side);
      expect(new Set(told)).toEqual(new Set(['before', 'after']));
    }
    const { out } = await demo.ixha('evidence', 'WK1');
    expect(out).toMatch(/call logt\/messages-\*\.log +there +standin-messages\/1/);
  }, 200_000);

  test.each([
    ['send-twice', 'V09', 'ig-north', 'failback'],
    ['swap-messages', 'V08', 'ig-south', 'switchover'],
    ['skip-message', 'V06', 'ig-north', 'failback'],
  ] as const)(
    'after %s %s is violated',
    async (fault, id, server, verb) => {
      plant(server, fault);
      await demo.move(verb, '--reason', 'a test');
      const line = await verified(id, 'violated');
      expect(line.signs[0]).toMatchObject({ kind: 'against', from: `engine log of ${server}` });
      expect((await demo.ixha('verify', 'WK1')).code).toBe(1);
    },
    200_000,
  );
});
