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

describe('a lease store that has lost its disk', () => {
  it('is not replaced while it works: nothing changes, and that is said', async () => {
    const before = demo.memory('ig-north');
    const { code, out } = await replace('WK1');
    expect({ code, out }).toMatchObject({ code: 0 });
    expect(demo.memory('ig-north').storeId).toBe(before.storeId);
    expect(demo.journal('ig-north') + demo.journal('ig-south')).toContain('already, and it works');
  });

  it('asks for a reason, and for a store that runs', async () => {
    expect((await demo.ixha('replace-store', 'WK1')).err).toContain('The reason is not said.');
    await demo.inject('stop-witness');
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
    await until(
      'both clusters live on promises',
      () => demo.memory('ig-north').peer && demo.memory('ig-south', 'WK2').peer,
    );
    const engine = demo.engine('ig-north', 'WK1')!.pid;
    const before = demo.memory('ig-north');
    const state = demo.folders.member(witnessServer, witnessMember).state;
    for (const name of readdirSync(state)) rmSync(join(state, name));
    await demo.site.heal();
    const refused = async () => (await demo.ixha('why', 'WK1')).out.includes('it must be seeded');
    await until('the empty store is seen', refused, 20_000);
    expect(existsSync(join(state, 'lease-WK1.json'))).toBe(false);

    const replaced = await replace('WK1');
    expect(replaced, demo.journal('ig-north') + demo.journal('ig-south')).toMatchObject({ code: 0, err: '' });
    const [north, south] = [demo.memory('ig-north'), demo.memory('ig-south')];
    expect(north.storeId).not.toBe(before.storeId);
    expect(south.storeId).toBe(north.storeId);
    expect(demo.journal('ig-north') + demo.journal('ig-south')).toMatch(
      /admin-1 asked to replace the lease store of WK1: it is seeded with epoch \d+ as store .+ because: its disk died/,
    );
    const again = await replace('WK1');
    expect(again.code).toBe(0);
    expect(demo.memory('ig-south').storeId).toBe(north.storeId);

    await until(
      'the Active holds a lease of the new store',
      () => demo.memory('ig-north').epoch > before.epoch && !demo.memory('ig-north').peer,
      20_000,
    );
    expect(demo.engine('ig-north', 'WK1')?.pid).toBe(engine);
    expect((await replace('WK2')).code).toBe(0);
    await demo.bothServe('ig-north', 'ig-south');
    await until('both are ready', async () => (await demo.ixha('status')).code === 0, 20_000);
  });

  it('protects as before: the peer takes over when the Active dies', async () => {
    await demo.inject('kill-server', { server: 'ig-north' });
    await demo.bothServe('ig-south', 'ig-south');
    await demo.judge();
  });

  it('is not replaced while only one member can be asked', async () => {
    const { code, err } = await replace('WK1');
    expect(code).toBe(1);
    expect(err).toContain('ig-north does not answer');
    await demo.site.heal();
  });
});
