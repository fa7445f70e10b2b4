import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DemoRuntime } from '../../electron/host/demo/demo-programs.ts';
import { createBench, until, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench, isDead } from './demo-site-bench.ts';

/**
 * Goal: losing the lease store costs nothing, whatever is lost after it; losing it together with the peer stops the
 * Active in time. Method: the whole demo site with its real processes, killed, frozen and cut; cluster WK1, Active on
 * ig-north.
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

const north = () => demo.memory('ig-north');
const south = () => demo.memory('ig-south');
const engineOf = (server: string) => demo.engine(server, 'WK1')?.pid;

/** The lease store dies, and WK1 goes on on a promise. */
const enterPeerMode = () => demo.enterPeerMode(onPromise);
const onPromise = () => north().peer && south().promise;

/** Some seconds in which messages go on arriving. */
async function serveOn(messages: number): Promise<void> {
  const sent = async () => (await demo.site.traffic()).find(({ cluster }) => cluster === 'WK1')!.sent;
  const before = await sent();
  await until(`${messages} messages`, async () => (await sent()) > before + messages, 40_000);
}

describe('a lease store that is lost', { timeout: 240_000 }, () => {
  test('costs nothing, and after its return automatic failover works again', async () => {
    const engine = await enterPeerMode();
    await serveOn(200);
    expect(engineOf('ig-north')).toBe(engine);
    await demo.site.heal();
    await until('both have left', () => !north().peer && !south().promise, 20_000);
    expect(engineOf('ig-north')).toBe(engine);
    expect(north().left).toMatchObject({ e: north().epoch });
    await demo.inject('kill-server', { server: 'ig-north' });
    await demo.bothServe('ig-south', 'ig-south');
    await demo.judge();
  });

  test('and then the peer: the Active runs on, and takes the lease up again when both are back', async () => {
    const engine = await enterPeerMode();
    await demo.inject('cut-link', { server: 'ig-north', other: 'ig-south' });
    await serveOn(200);
    expect(engineOf('ig-north')).toBe(engine);
    expect(engineOf('ig-south')).toBeUndefined();
    await demo.site.heal();
    await until('both have left', () => !north().peer && !south().promise, 20_000);
    expect(engineOf('ig-north')).toBe(engine);
    await demo.judge();
  });

  test('together with the peer: the Active stops in time', async () => {
    const engine = engineOf('ig-north')!;
    await Promise.all([
      demo.inject('cut-link', { server: 'ig-north', other: 'ig-south' }),
      demo.inject('stop-witness'),
    ]);
    await until('its engine is stopped', () => isDead(engine), 8_000);
    expect(north().peer ?? null).toBeNull();
    await demo.site.heal();
    await demo.judge();
  });

  test('and then the agent of the Passive: its promise stands after a restart, also when the store is back', async () => {
    const engine = await enterPeerMode();
    await demo.inject('cut-link', { server: 'ig-north', other: 'ig-witness' });
    const agent = demo.agent('ig-south', 'WK1')!;
    process.kill(agent.pid, 'SIGKILL');
    await until('it is restarted', () => {
      const now = demo.agent('ig-south', 'WK1');
      return now !== undefined && now.pid !== agent.pid;
    });
    await serveOn(200);
    expect(engineOf('ig-north')).toBe(engine);
    expect(engineOf('ig-south')).toBeUndefined();
    expect(south().promise).not.toBeNull();
    await demo.site.heal();
    await until('both have left', () => !north().peer && !south().promise, 20_000);
    await demo.judge();
  });

  test('and then the state of the Passive: it takes nothing over before the Active counts on no promise', async () => {
    const witness = demo.witness()!;
    const signal = (name: NodeJS.Signals) => Promise.resolve(process.kill(witness.pid, name));
    const engine = await demo.enterPeerMode(onPromise, {
      lose: () => signal('SIGSTOP'),
      heal: () => signal('SIGCONT'),
    });
    await demo.inject('cut-link', { server: 'ig-north', other: 'ig-witness' });
    const agent = demo.agent('ig-south', 'WK1')!;
    process.kill(agent.pid, 'SIGSTOP');
    const { state } = demo.folders.member('ig-south', 'WK1');
    for (const name of readdirSync(state))
      if (name.startsWith('member.json')) rmSync(join(state, name), { recursive: true });
    process.kill(agent.pid, 'SIGKILL');
    process.kill(witness.pid, 'SIGCONT');
    await until('it has no past, and knows it', () =>
      demo.journal('ig-south').includes('although the cluster has been Active before'),
    );
    await serveOn(400);
    expect(engineOf('ig-north')).toBe(engine);
    expect(engineOf('ig-south')).toBeUndefined();
    await demo.site.heal();
    await until('its state has begun anew', () => south().epoch === north().epoch, 20_000);
    expect(engineOf('ig-north')).toBe(engine);
    await demo.inject('kill-server', { server: 'ig-north' });
    await demo.bothServe('ig-south', 'ig-south');
    await demo.judge();
  });

  // It is restarted before its lease ends, or a guard kills its engine: a busy machine may be late.
  test('and then the agent of the Active: restarted, it goes on', { retry: 2 }, async () => {
    const engine = await enterPeerMode();
    const agent = demo.agent('ig-north', 'WK1')!;
    process.kill(agent.pid, 'SIGKILL');
    await until('it is restarted', () => {
      const now = demo.agent('ig-north', 'WK1');
      return now !== undefined && now.pid !== agent.pid;
    });
    await serveOn(200);
    expect(engineOf('ig-north')).toBe(engine);
    expect(demo.journal('ig-north')).toContain('Peer mode goes on: the engine has kept running');
    await demo.site.heal();
    await until('both have left', () => !north().peer && !south().promise, 20_000);
    expect(engineOf('ig-north')).toBe(engine);
    await demo.judge();
  });

  test('and then the agent of the Active frozen: a guard kills its engine, and nobody else starts one', async () => {
    const engine = await enterPeerMode();
    await demo.inject('freeze-agent', { server: 'ig-north', cluster: 'WK1' });
    await until('the engine is dead', () => isDead(engine), 8_000);
    expect(engineOf('ig-south')).toBeUndefined();
    expect(south().promise).not.toBeNull();
    await demo.site.heal();
    await demo.bothServe('ig-north', 'ig-south');
    await demo.judge();
  });
});
