import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterDesigns, demoSiteId } from '../../../electron/host/demo/demo-design.ts';
import type { DemoEtcd } from '../../../electron/host/demo/demo-files.ts';
import type { DemoRuntime } from '../../../electron/host/demo/demo-programs.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import { EtcdLook, etcdLookRefusals, type EtcdLookOrder } from '../../../shared/site/etcd-look.ts';
import { createBench, until, type Bench } from '../demo-harness.ts';
import { buildDemoRuntime } from '../demo-programs.ts';
import { DemoSiteBench, isDead } from '../demo-site-bench.ts';
import { EtcdBench, etcdMissing } from './etcd-bench.ts';

/**
 * Goal: a whole site with its leases in an etcd does what it does with a witness. Method: the demo site with its real
 * processes, an etcd of three real members beside it, first records made as the installer makes them; cluster WK1,
 * Active on ig-north.
 */
const prefix = `/ixha/${demoSiteId}`;
const password = 'only-for-leases';

describe.skipIf(etcdMissing !== null)(
  'a site whose leases are in an etcd of three',
  { timeout: 240_000 },
  () => {
    const bench: Bench = createBench();
    const demo = new DemoSiteBench();
    let etcd: EtcdBench;
    let runtime: DemoRuntime;

    const store = (): DemoEtcd['store'] => ({
      kind: 'etcd',
      endpoints: etcd.endpoints,
      prefix,
      user: 'ixha',
    });

    function look(cluster: string, change: Partial<EtcdLookOrder> = {}): EtcdLook {
      const read = (name: string) => readFileSync(join(etcd.certificates, name), 'utf8');
      const order: EtcdLookOrder = {
        ...{ cluster, member: 'ig-north', store: store() },
        secrets: {
          authorityPem: read('authority.pem'),
          certificatePem: read('certificate.pem'),
          keyPem: read('key.pem'),
          password,
        },
        ...change,
      };
      const args = [runtime.programs.agent, 'look-at-etcd'];
      const said = spawnSync(runtime.nodePath, args, { input: JSON.stringify(order), encoding: 'utf8' });
      expect(said.stderr).toBe('');
      return EtcdLook.parse(JSON.parse(said.stdout));
    }

    beforeAll(async () => {
      runtime = await buildDemoRuntime(bench.path('programs'));
      etcd = await EtcdBench.start(bench, 3);
      await etcd.client.addUsers(prefix, password);
      const seed = { storeId: 's1', epoch: 0, T: timingPresets.fast.T };
      for (const { id } of clusterDesigns) expect(look(id, { seed }).seeded).toBe(true);
      const passwordFile = bench.write('password', `${password}\n`);
      await demo.start(runtime, {
        store: store(),
        access: { certificates: etcd.certificates, passwordFile },
      });
    }, 180_000);
    afterAll(async () => {
      await demo.close();
      await etcd.close();
      bench.clean();
    });

    const north = () => demo.memory('ig-north');
    const south = () => demo.memory('ig-south');
    const engineOf = (server: string) => demo.engine(server, 'WK1')?.pid;
    const backOnLeases = () => until('both live on leases', () => !north().peer && !south().promise, 30_000);

    test('a look tells version and record, makes no second one, and names who does not answer', () => {
      const again = look('WK1', { seed: { storeId: 's2', epoch: 900, T: timingPresets.fast.T } });
      expect(again).toMatchObject({ record: { kind: 'present', storeId: 's1' }, seeded: false });
      expect(etcdLookRefusals(again)).toEqual([]);
      const wrong = look('WK1', { store: { ...store(), user: 'nobody' } });
      expect(etcdLookRefusals(wrong).join('\n')).toContain('etcd refuses the user or its password');
    });

    test('grants, and the peer takes over when the server of the Active dies', async () => {
      const { storeId, epoch } = north();
      expect(storeId).toBe('s1');
      const said = await until('each member is fit', async () => {
        const status = await demo.ixha('status');
        return status.code === 0 && status;
      });
      expect(said.out + (await demo.ixha('why', 'WK1')).out).not.toMatch(/witness/i);
      await demo.inject('kill-server', { server: 'ig-north' });
      await demo.bothServe('ig-south', 'ig-south');
      expect(south().epoch).toBeGreaterThan(epoch);
      await demo.site.heal();
      await demo.move('switchover');
      await demo.bothServe('ig-north', 'ig-south');
      await demo.judge();
    });

    test('the leader of etcd is killed and comes back: no engine stops', async () => {
      const engine = engineOf('ig-north')!;
      const leader = await etcd.leader();
      await etcd.kill(leader);
      await backOnLeases();
      const { epoch } = north();
      etcd.boot(leader);
      await backOnLeases();
      expect(engineOf('ig-north')).toBe(engine);
      expect(north().epoch).toBe(epoch);
      await demo.judge();
    });

    test('its quorum is lost: the Active goes on with its peer’s promise, and takes its lease up again', async () => {
      const engine = await demo.enterPeerMode(() => north().peer && south().promise, {
        lose: () => Promise.all([etcd.kill(0), etcd.kill(1)]),
        heal: () => etcd.bootAll(),
      });
      etcd.bootAll();
      await backOnLeases();
      expect(engineOf('ig-north')).toBe(engine);
      await demo.judge();
    });

    test('its quorum is lost together with the peer: the Active stops in time', async () => {
      const engine = engineOf('ig-north')!;
      await Promise.all([
        demo.inject('cut-link', { server: 'ig-north', other: 'ig-south' }),
        etcd.kill(0),
        etcd.kill(1),
      ]);
      await until('its engine is stopped', () => isDead(engine), 10_000);
      expect(north().peer ?? null).toBeNull();
      etcd.bootAll();
      await demo.site.heal();
      await until('somebody serves again', async () => (await demo.ixha('status')).code === 0, 60_000);
      await demo.judge();
    });
  },
);
