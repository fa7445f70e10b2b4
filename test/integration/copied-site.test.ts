import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterDesigns, demoSiteId, memberServers } from '../../electron/host/demo/demo-design.ts';
import { demoFolders } from '../../electron/host/demo/demo-folders.ts';
import { createBench, root, until, type Bench } from './demo-harness.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench } from './demo-site-bench.ts';
import { hasOpenssh, makeKey, startOpenssh, type OpensshServer } from './ssh/openssh-server.ts';

/**
 * Goal: a cluster whose directory is copied moves as planned without a loss, fails over with the last complete copy, and
 * keeps what only the old Active had. Method: the demo site with its real agents and engines, and rsync through a real
 * sshd; WK1 on ig-north.
 */
const ready = hasOpenssh && spawnSync('rsync', ['--version']).status === 0 && process.getuid?.() === 0;
const script = join(root, 'resources/agent/copy.sh');

describe.runIf(ready)('a site whose directories are copied', { timeout: 150_000 }, () => {
  const bench: Bench = createBench();
  const demo = new DemoSiteBench();
  let sshd: OpensshServer;
  const keys = (server: string, cluster: string) => bench.path(`keys/${server}/${cluster}`);

  beforeAll(async () => {
    const runtime = await buildDemoRuntime(bench.path('programs'));
    sshd = await startOpenssh();
    const directory = bench.path('demo');
    for (const { id } of clusterDesigns) letIn(directory, id);
    await demo.start(runtime, undefined, { directory, copied: { sshPort: sshd.port, keys } });
  }, 180_000);
  afterAll(async () => {
    await demo.close();
    await sshd.stop();
    bench.clean();
  });

  /** What the installer does on real servers. */
  function letIn(directory: string, cluster: string): void {
    const folders = demoFolders(directory);
    for (const server of memberServers) {
      const sender = memberServers.find((other) => other !== server)!;
      for (const one of [server, sender]) mkdirSync(keys(one, cluster), { recursive: true });
      makeKey(join(keys(server, cluster), 'key'), 'ed25519');
      const [, ...hostKey] = sshd.knownHostsLine().split(' ');
      writeFileSync(join(keys(server, cluster), 'known_hosts'), `ixha-peer ${hostKey.join(' ')}\n`);
      const { run } = folders.member(server, cluster);
      const lines = [folders.copied(server, cluster), demoSiteId, cluster, server, sender, run];
      writeFileSync(join(keys(server, cluster), 'receive'), `${lines.join('\n')}\n`);
      const forced = `restrict,command="${script} receive ${keys(sender, cluster)}/receive"`;
      const key = readFileSync(join(keys(server, cluster), 'key.pub'), 'utf8');
      appendFileSync(join(sshd.folder, 'authorized_keys'), `${forced} ${key}`);
    }
  }

  const copyOf = async (server: string) => (await demo.snapshot(server))?.storage.copy;

  test('tells how far the copy lags, and that the guarantee is not met', async () => {
    await until('a copy is complete', async () => (await copyOf('ig-south'))?.loss?.kind === 'lag', 30_000);
    expect(await copyOf('ig-north')).toMatchObject({ direction: 'sends', failure: null });
    const said = (await demo.ixha('status', 'WK1')).out;
    expect(said).toContain('The no-loss guarantee is not met');
    expect(said).toContain('The last complete copy on the other server is');
  });

  test('loses nothing in a planned move, which makes the last copy after the engine has stopped', async () => {
    const { epoch } = demo.memory('ig-north');
    await demo.move('switchover');
    await demo.bothServe('ig-south', 'ig-south');
    expect(demo.journal('ig-north')).toMatch(
      /Step copy-last: the last copy is complete on ig-south .*nothing is lost/,
    );
    const words = /generation (\d+); the last copy, made after the engine had stopped, of epoch (\d+)/.exec(
      demo.journal('ig-south'),
    );
    const [generation, copied] = [Number(words?.[1]), Number(words?.[2])];
    expect(generation).toBeGreaterThan(copied);
    // A busy machine may have had it moved more than once.
    expect(copied).toBeGreaterThanOrEqual(epoch);
    await demo.judge();
  });

  test('rolls a planned move back when the last copy cannot be had', async () => {
    const authorised = join(sshd.folder, 'authorized_keys');
    const lines = readFileSync(authorised, 'utf8');
    writeFileSync(authorised, '');
    const moved = await demo.ixha('switchover', 'WK1');
    expect(moved.code, moved.out).not.toBe(0);
    await demo.bothServe('ig-south', 'ig-south');
    expect(demo.journal('ig-south')).toContain('The last copy could not be completed on ig-north');
    writeFileSync(authorised, lines);
    await until('copies arrive again', async () => (await copyOf('ig-south'))?.failure === null, 30_000);
    await demo.judge();
  });

  test('fails over with the last complete copy, tells what may be lost, and keeps it aside', async () => {
    await until(
      'north could take over',
      async () => (await copyOf('ig-north'))?.loss?.kind === 'lag',
      30_000,
    );
    await demo.inject('kill-server', { server: 'ig-south' });
    await demo.bothServe('ig-north', 'ig-north');
    expect(demo.journal('ig-north')).toMatch(/may be lost/);
    expect(demo.journal('ig-north')).toMatch(/the last complete copy of epoch \d+, read at .* is used/);
    await demo.site.heal();
    const back = () => demo.journal('ig-south').includes('is not in the copy that ig-north sends');
    await until('the old Active tells that it has more', back, 40_000);
    await until('south could take over', async () => (await demo.ixha('status', 'WK1')).code === 0, 40_000);
    await demo.move('switchover');
    const aside = join(demo.folders.copied('ig-south', 'WK1'), '.ixha/aside');
    expect(readdirSync(aside)).toHaveLength(1);
    expect(demo.journal('ig-south')).toContain(`lies in ${aside}/`);
  });
});
