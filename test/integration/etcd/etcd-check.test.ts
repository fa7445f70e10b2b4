import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkEtcd } from '../../../electron/host/etcd/check-etcd.ts';
import { lookFromHere, type LookAtEtcd } from '../../../electron/host/etcd/look-from-here.ts';
import type { ServerConnection } from '../../../electron/host/ssh/server-connection.ts';
import { fail, succeed } from '../../../shared/result.ts';
import { productError } from '../../../shared/errors.ts';
import { createBench, freePort, type Bench } from '../demo-harness.ts';
import { buildDemoRuntime } from '../demo-programs.ts';
import { EtcdBench, etcdMissing } from './etcd-bench.ts';

/**
 * Goal: before a site is installed the console says truly whether an etcd may keep its leases. Method: the check itself
 * against a real etcd of three with users; this machine stands for the members.
 */
const prefix = '/ixha/clinic';
const password = 'only-for-leases';

/** Runs commands on this machine, and notes how they were called. */
const called: string[] = [];
const here = (name: string): ServerConnection => ({
  name,
  run: (argv, options) =>
    new Promise((resolve) => {
      called.push(`${argv.join(' ')} ${String(options?.stdin ?? '')}`);
      execFile(argv[0]!, argv.slice(1), (error, stdout, stderr) =>
        resolve(succeed({ exitCode: error ? 1 : 0, signal: null, stdout, stderr, truncated: false })),
      );
    }),
  upload: () => Promise.resolve(succeed(undefined)),
  close: () => undefined,
});

describe.skipIf(etcdMissing !== null)(
  'the check of an etcd before the installation',
  { timeout: 90_000 },
  () => {
    const bench: Bench = createBench();
    let etcd: EtcdBench;
    let look: LookAtEtcd;

    beforeAll(async () => {
      const runtime = await buildDemoRuntime(bench.path('programs'));
      look = lookFromHere({ node: runtime.nodePath, agent: runtime.programs.agent });
      etcd = await EtcdBench.start(bench, 3);
      await etcd.client.addUsers(prefix, password);
    }, 120_000);
    afterAll(async () => {
      await etcd?.close();
      bench.clean();
    });

    async function check(
      change: { password?: string; endpoints?: { address: string; port: number }[] } = {},
    ) {
      const read = (name: string) => readFileSync(join(etcd.certificates, name), 'utf8');
      const checked = await checkEtcd({
        store: { kind: 'etcd', endpoints: change.endpoints ?? etcd.endpoints, prefix, user: 'ixha' },
        secrets: {
          authorityPem: read('authority.pem'),
          certificatePem: read('certificate.pem'),
          keyPem: read('key.pem'),
          password: change.password ?? password,
        },
        clusters: ['WK1', 'WK2'],
        look,
        members: [
          async () => succeed(here('ig-north')),
          async () => fail(productError('server.unreachable', 'ig-south cannot be reached.')),
        ],
      });
      if (!checked.ok) throw new Error(checked.error.map(({ message }) => message).join('\n'));
      return checked.value;
    }

    test('says version, confirmed round trip and the ways of those members that can be asked', async () => {
      const { endpoints, ways, refusals } = await check();
      expect(refusals).toEqual([]);
      expect(endpoints.map(({ why }) => why)).toEqual([null, null, null]);
      for (const { version, roundTripMs } of endpoints) {
        expect(version).toMatch(/^3\./);
        expect(roundTripMs).toBeGreaterThan(0);
      }
      expect(ways.map(({ from }) => from)).toEqual(['ig-north', 'ig-north', 'ig-north']);
      for (const { rttMs } of ways) expect(rttMs).toBeGreaterThan(0);
      expect(called.join('\n')).not.toContain(password);
    });

    test('refuses a wrong password with the words of etcd', async () => {
      const { refusals } = await check({ password: 'not-the-password' });
      expect(refusals.join('\n')).toContain('etcd refuses the user or its password');
    });

    test('refuses endpoints of which no quorum answers, for the members too', async () => {
      const silent = [
        { address: '127.0.0.1', port: await freePort() },
        { address: '127.0.0.1', port: await freePort() },
      ];
      const { refusals, ways } = await check({ endpoints: [etcd.endpoints[0]!, ...silent] });
      expect(refusals.join('\n')).toContain('1 of 3 etcd endpoints answer, 2 are needed');
      expect(refusals.join('\n')).toContain('ig-north reaches 1 of 3 endpoints: that is no quorum');
      expect(ways.map(({ rttMs }) => rttMs === null)).toEqual([false, true, true]);
    });

    test('says so where the try itself cannot be made', async () => {
      const nowhere = lookFromHere({ node: '/nowhere/node', agent: '/nowhere/ixha.cjs' });
      const order = {
        cluster: 'WK1',
        member: 'setup',
        store: { kind: 'etcd' as const, endpoints: etcd.endpoints, prefix },
      };
      const secrets = { authorityPem: '', certificatePem: '', keyPem: '' };
      const looked = await nowhere({ ...order, secrets });
      expect(!looked.ok && looked.error.code).toBe('etcd.not-looked-at');
    });
  },
);
