import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { witnessServer } from '../../electron/host/demo/demo-design.ts';
import { witnessMember } from '../../electron/host/demo/demo-folders.ts';
import { createBench, until } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

/**
 * Goal: a witness that has lost its disk is replaced by an empty one, with an Active running all the time.
 * Method: the whole demo site with its real processes; the lease records are removed while the witness is off.
 */
let demo: DemoSiteBench;
const programs = createBench();

beforeAll(async () => {
  demo = new DemoSiteBench();
  await demo.start(await buildDemoRuntime(programs.path('programs')));
});
afterAll(async () => {
  await demo.close();
  programs.clean();
});

const replace = (cluster: string) => demo.ixha('replace-store', cluster, '--reason', 'its disk died');

/** A member that has not seen the empty store yet refuses, and says to ask again: nothing is done twice by that. */
const replaceAtLast = (cluster: string) =>
  until(
    `the lease store of ${cluster} is replaced`,
    async () => {
      const said = await replace(cluster);
      return said.code === 0 && said;
    },
    20_000,
  );
const storeState = () => demo.folders.member(witnessServer, witnessMember).state;
const bothOnPromises = () => demo.memory('ig-north').peer && demo.memory('ig-south', 'WK2').peer;

/** While it is off. */
function loseTheRecords(): void {
  for (const name of readdirSync(storeState())) rmSync(join(storeState(), name));
}

describe('a lease store that has lost its disk', { timeout: 240_000 }, () => {
  it('is not replaced while it works: nothing changes, and that is said', async () => {
    const before = demo.memory('ig-north');
    const { code, out } = await replace('WK1');
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(demo.memory('ig-north').storeId).toBe(before.storeId);
    expect(demo.journal('ig-north') + demo.journal('ig-south')).toContain('already, and it works');
  });

  it('asks for a reason, and for a store that runs', async () => {
    expect((await demo.ixha('replace-store', 'WK1')).err).toContain('The reason is not said.');
    await demo.enterPeerMode(bothOnPromises);
    const silent = await until(
      'the store is silent',
      async () => {
        const said = await replace('WK1');
        return said.code === 1 && said.err.includes('Nothing answers') && said;
      },
      20_000,
    );
    expect(silent.err).toContain('Start the witness on ig-witness');
  });

  it('is replaced by the empty one that runs in its place, while the Active serves on', async () => {
    await until('both clusters live on promises', bothOnPromises);
    const engine = demo.engine('ig-north', 'WK1')!.pid;
    const before = demo.memory('ig-north');
    loseTheRecords();
    await demo.site.heal();
    const refused = async () => (await demo.ixha('why', 'WK1')).out.includes('it must be seeded');
    await until('the empty store is seen', refused, 20_000);
    expect(existsSync(join(storeState(), 'lease-WK1.json'))).toBe(false);

    expect(await replaceAtLast('WK1')).toMatchObject({ err: '' });
    const [north, south] = [demo.memory('ig-north'), demo.memory('ig-south')];
    expect(north.storeId).not.toBe(before.storeId);
    expect(south.storeId).toBe(north.storeId);
    expect(demo.journal('ig-north') + demo.journal('ig-south')).toMatch(
      /admin-1 asked to replace the lease store of WK1: it is seeded with epoch \d+ as store .+ because: its disk died/,
    );
    await replaceAtLast('WK1');
    expect(demo.memory('ig-south').storeId).toBe(north.storeId);

    await until(
      'the Active holds a lease of the new store',
      () => demo.memory('ig-north').epoch > before.epoch && !demo.memory('ig-north').peer,
      20_000,
    );
    expect(demo.engine('ig-north', 'WK1')?.pid).toBe(engine);
    await replaceAtLast('WK2');
    await demo.bothServe('ig-north', 'ig-south');
    await until('both are ready', async () => (await demo.ixha('status')).code === 0, 20_000);
  });

  it('protects as before: the peer takes over when the Active dies', async () => {
    await demo.inject('kill-server', { server: 'ig-north' });
    await demo.bothServe('ig-south', 'ig-south');
    await demo.judge();
  });

  it('is not replaced while only one member can be asked, unless a person states that the other one is fenced', async () => {
    const { code, err } = await replace('WK1');
    expect(code).toBe(1);
    expect(err).toContain('ig-north does not answer');
    expect(err).toContain('state that it is fenced');
    await demo.site.heal();
  });
});

describe('a lost lease store whose other member is gone', { timeout: 240_000 }, () => {
  const stated = ['--fence', 'power-off', '--typed-name', 'WK1', '--reason', 'burned'];
  let before: ReturnType<DemoSiteBench['memory']>;
  let engine: number | undefined;

  it('is replaced at a person’s word: the Active goes on, far above every epoch that may have been used', async () => {
    await until('both are ready', async () => (await demo.ixha('status')).code === 0, 30_000);
    await demo.enterPeerMode(() => demo.memory('ig-south').peer);
    loseTheRecords();
    await demo.site.heal();
    const refused = async () => (await demo.ixha('why', 'WK1')).out.includes('it must be seeded');
    await until('the empty store is seen', refused, 20_000);
    before = demo.memory('ig-south');
    engine = demo.engine('ig-south', 'WK1')?.pid;
    const early = await demo.ixha('replace-store', 'WK1', ...stated);
    expect(early.err).toContain('so it is neither off nor cut off');
    await demo.inject('kill-server', { server: 'ig-north' });
    const replaced = await until(
      'it is replaced',
      async () => {
        const said = await demo.ixha('replace-store', 'WK1', ...stated);
        return said.code === 0 && said;
      },
      20_000,
    );
    expect(replaced.out).toContain('two engines can process the same messages at once');
    expect(demo.journal('ig-south')).toMatch(
      /replace the lease store of WK1 without ig-north, and states that it is powered off: it is seeded with epoch \d+ .+ ig-north must stay powered off until it is re-admitted/,
    );
    await until('it holds a lease of the new store', () => demo.memory('ig-south').peer === null, 20_000);
    expect(demo.memory('ig-south').epoch).toBeGreaterThan(before.epoch + 1_000);
    expect(demo.engine('ig-south', 'WK1')?.pid).toBe(engine);
  });

  it('keeps the other one out when it returns, until it belongs to the new store and a person re-admits it', async () => {
    await demo.site.heal();
    await until('it takes no part', () => demo.memory('ig-north').expelled, 30_000);
    const early = await demo.ixha('readmit', 'WK1', '--server', 'ig-north', '--reason', 'rebuilt');
    expect(early.code).toBe(1);
    expect(early.err).toContain('ask for its replacement once more');
    await replaceAtLast('WK1');
    const readmitted = await until(
      'it is re-admitted',
      async () => {
        const said = await demo.ixha('readmit', 'WK1', '--server', 'ig-north', '--reason', 'rebuilt');
        return said.code === 0 && said;
      },
      20_000,
    );
    expect(readmitted.code).toBe(0);
    await until('the fence has ended', () => demo.memory('ig-south').forced === undefined, 20_000);
    await replaceAtLast('WK2');
    await demo.bothServe('ig-south', 'ig-south');
    await until('both are ready', async () => (await demo.ixha('status')).code === 0, 30_000);
    expect(demo.engine('ig-south', 'WK1')?.pid).toBe(engine);
    await demo.judge();
  });
});
