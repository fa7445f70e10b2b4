import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './demo-harness.ts';
import {
  closedPort,
  createEngineBench,
  restarted,
  type EngineBench,
  type RunningEngine,
} from './engine-bench.ts';

let site: EngineBench;
beforeEach(async () => (site = await createEngineBench()));
afterEach(() => site.clean());

const clean = { lost: 0, outOfOrder: 0, unexplainedDuplicates: 0, pending: 0, clean: true };

async function killed(engine: RunningEngine): Promise<void> {
  engine.process.kill('SIGKILL');
  expect(await engine.ended()).toBe('SIGKILL');
}

describe('an engine that is killed and started again', () => {
  it('loses and reorders nothing, however often', async () => {
    let engine = await site.engine('ig-north');
    site.relay.target = engine.llpPort;
    const traffic = await site.traffic();
    for (let round = 0; round < 3; round += 1) {
      await traffic.more(40);
      await killed(engine);
      engine = restarted(site.bench, engine.configPath);
    }
    await traffic.more(40);
    const verdict = await traffic.settle();
    expect(verdict).toMatchObject({ ...clean, answeredBy: 'ig-north' });
    expect(verdict.delivered).toBeGreaterThanOrEqual(160);
    expect(verdict.longestGapMs).toBeGreaterThan(0);
  });

  it('sends what waited in its queue, in order, when the receiver comes back', async () => {
    const engine = await site.engine('ig-north');
    site.relay.target = engine.llpPort;
    const traffic = await site.traffic();
    await traffic.more(20);
    const receiver = site.behind.target;
    site.behind.target = closedPort;
    site.behind.cut();
    await traffic.more(60);
    await killed(engine);
    const again = restarted(site.bench, engine.configPath);
    await again.ready();
    expect((await again.state()).components[0]?.queueCount).toBeGreaterThanOrEqual(60);
    site.behind.target = receiver;
    await traffic.more(20);
    expect(await traffic.settle()).toMatchObject(clean);
    // The receiver has the last message a moment before the engine has its acknowledgement.
    await until('the queue is empty and the light on', async () => {
      const component = (await again.state()).components[0];
      return component?.queueCount === 0 && component.light === 'ON';
    });
  });

  it('leaves out a torn end of its journal and goes on', async () => {
    const engine = await site.engine('ig-north');
    site.relay.target = engine.llpPort;
    const traffic = await site.traffic();
    await traffic.more(40);
    await killed(engine);
    const journal = join(site.working, 'logt/journal.log');
    const torn = readFileSync(journal).subarray(0, 70);
    appendFileSync(journal, torn);
    await restarted(site.bench, engine.configPath).ready();
    await traffic.more(40);
    expect(await traffic.settle()).toMatchObject(clean);
  });

  it.each([
    ['crash-after-write', 'before the acknowledgement, so the sender sends it again'],
    ['crash-after-send', 'before the queue position, so the engine sends it again'],
  ])('delivers a message twice after %s (%s)', async (fault) => {
    const engine = await site.engine('ig-north');
    site.relay.target = engine.llpPort;
    const traffic = await site.traffic();
    await traffic.more(20);
    await engine.fault(fault, true);
    expect(await engine.ended()).toBe('SIGKILL');
    await restarted(site.bench, engine.configPath).ready();
    await traffic.more(20);
    const verdict = await traffic.settle();
    expect(verdict).toMatchObject(clean);
    expect(verdict.resentDuplicates).toBeGreaterThanOrEqual(1);
  });

  it('has no duplicates at all after an orderly stop', async () => {
    const engine = await site.engine('ig-north');
    site.relay.target = engine.llpPort;
    const traffic = await site.traffic({ kind: 'judge', ackTimeoutMs: 5000, reconnectMs: 50 });
    await traffic.more(40);
    engine.process.kill('SIGTERM');
    expect(await engine.ended()).toBe(0);
    await restarted(site.bench, engine.configPath).ready();
    await traffic.more(40);
    expect(await traffic.settle()).toMatchObject({ ...clean, duplicates: 0 });
  });
});

describe('a second engine with a newer generation', () => {
  it('takes the queue over, and the first one ends by itself', async () => {
    site.generation(1);
    const first = await site.engine('ig-north');
    site.relay.target = first.llpPort;
    const traffic = await site.traffic();
    await traffic.more(40);
    site.generation(2);
    const second = await site.engine('ig-south');
    site.relay.target = second.llpPort;
    expect(await first.ended()).toBe(78);
    await traffic.more(40);
    expect(await traffic.settle()).toMatchObject({ ...clean, answeredBy: 'ig-south' });
  });

  it('is not harmed by the first one waking up from a freeze in the middle of its work', async () => {
    site.generation(1);
    const first = await site.engine('ig-north');
    site.relay.target = first.llpPort;
    const traffic = await site.traffic();
    await traffic.more(40);
    first.process.kill('SIGSTOP');
    site.generation(2);
    const second = await site.engine('ig-south');
    site.relay.target = second.llpPort;
    await traffic.more(40);
    first.process.kill('SIGCONT');
    expect(await first.ended()).toBe(78);
    await traffic.more(40);
    await killed(second);
    await restarted(site.bench, second.configPath).ready();
    await traffic.more(20);
    const verdict = await traffic.settle();
    expect(verdict).toMatchObject({ lost: 0, outOfOrder: 0, pending: 0, answeredBy: 'ig-south' });
    // What the frozen one had in its hand may arrive once more, before it looks at the generation again. No
    // engine can be kept from that by itself; a second such message would mean that it went on working.
    expect(verdict.unexplainedDuplicates).toBeLessThanOrEqual(1);
  });

  it('sees a late write into the journal it took over', async () => {
    site.generation(1);
    const first = await site.engine('ig-north');
    first.process.kill('SIGTERM');
    await first.ended();
    site.generation(2);
    const second = await site.engine('ig-south');
    await until('the old journal was looked at', async () => (await second.state()).generation === 2);
    expect((await second.state()).lateWrites).toBe(0);
    await until('a late write is seen', async () => {
      appendFileSync(join(site.working, 'logt/journal-1.log'), 'late\n');
      return (await second.state()).lateWrites > 0;
    });
  });
});
