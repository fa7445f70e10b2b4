import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTunnel, type OpenTls } from '../../agent/api/tunnel.ts';
import { connectTo } from '../../agent/tls/connect-to.ts';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import type { Identity } from '../../shared/site/identity.ts';
import {
  consoleIdentity,
  northIdentity,
  openAgentBench,
  runIxha,
  southIdentity,
  witnessIdentity,
  type AgentBench,
} from './agent-bench.ts';
import { createBench, until, upToThrice } from './demo-harness.ts';
import { sideOf } from './tls-side.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

describe('a member that relays for its peer', () => {
  /** Method: ig-north's real agent; a plain TCP server stands where its lease store is configured. */
  let bench: AgentBench;
  let store: Server | null = null;
  const arrived: Socket[] = [];
  const opened: Duplex[] = [];

  beforeAll(async () => {
    bench = await openAgentBench();
    await bench.startMember();
  });
  beforeEach(async () => {
    store = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      // The agent's own TLS handshakes come here too; what a test has opened begins with a dot.
      socket.once('data', (first: Buffer) => {
        if (first[0] !== 0x2e) return;
        arrived.push(socket);
        socket.pause();
        socket.unshift(first);
      });
    });
    const place = bench.member.store;
    if ('kind' in place) throw new Error('these members have a witness');
    await new Promise<void>((resolve) => store!.listen(place.port, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const one of [...opened.splice(0), ...arrived.splice(0)]) one.destroy();
    await closeStore();
  });
  afterAll(() => bench.close());

  function closeStore(): Promise<void> {
    const closing = store;
    store = null;
    return new Promise((resolve) => (closing === null ? resolve() : closing.close(() => resolve())));
  }

  async function relayed(
    identity: Identity = southIdentity,
    path: string = agentPaths.relay,
    authority: 'own' | 'foreign' = 'own',
  ): Promise<Duplex> {
    const credentials = await bench.credentials(identity, authority);
    const open: OpenTls = (expected, place) => connectTo(sideOf(credentials), expected, place);
    const target = {
      expected: northIdentity,
      address: '127.0.0.1',
      port: bench.member.listen.apiPort,
      path,
    };
    return new Promise((resolve, reject) => {
      openTunnel(open, target, 5_000, {
        onOpen: (stream) => {
          opened.push(stream);
          resolve(stream);
        },
        onError: reject,
      });
    });
  }

  it('carries bytes both ways, untouched and unread', async () => {
    const near = await relayed();
    near.write('.anything at all\r\n\r\n\0');
    const far = await until('it arrives', () => arrived[0]);
    let heard = '';
    near.on('data', (part: Buffer) => (heard += part.toString('latin1')));
    far.pipe(far);
    await until('it comes back', () => heard === '.anything at all\r\n\r\n\0');
  });

  it.each([
    ['a console', consoleIdentity('admin')],
    ['the witness', witnessIdentity],
    ['a member of another cluster', { ...southIdentity, cluster: 'WK2' } as Identity],
    ['itself', northIdentity],
    ['another server', { ...southIdentity, server: 'east' } as Identity],
  ])('refuses %s', async (_who, identity) => {
    await expect(relayed(identity)).rejects.toThrow('the relay refuses it (status 403)');
    expect(arrived).toEqual([]);
  });

  it('refuses a certificate of another authority', async () => {
    await expect(relayed(southIdentity, agentPaths.relay, 'foreign')).rejects.toThrow();
  });

  it('leads nowhere but to its own lease store, whatever is asked for', async () => {
    const path = `${agentPaths.relay}?address=127.0.0.1&port=22`;
    await expect(relayed(southIdentity, path)).rejects.toThrow('status 400');
    await expect(relayed(southIdentity, `${agentPaths.relay}/127.0.0.1:22`)).rejects.toThrow('status 403');
  });

  it('says when it does not reach the store either', async () => {
    await closeStore();
    await expect(relayed()).rejects.toThrow('the relay does not reach it either');
  });

  it('has one stream at a time: a newer one ends the older', async () => {
    const first = await relayed();
    first.write('.first');
    await until('the first arrives', () => arrived[0]);
    const second = await relayed();
    await until('the first has ended', () => first.destroyed);
    second.write('.second');
    await until('the second arrives', () => arrived[1]);
  });

  it('does not read faster than the store takes, and ends its half when the other ends', async () => {
    const near = await relayed();
    near.write('.');
    const far = await until('it arrives', () => arrived[0]);
    const part = Buffer.alloc(256 * 1024, '.');
    let written = 0;
    // Far beyond what the sockets in between can hold: at some point nothing is taken any more.
    while (written < 400 && near.write(part)) written += 1;
    const offered = 64;
    for (let more = 0; more < offered; more += 1) near.write(part);
    await until('the caller is held up', () => near.writableLength > 4 * part.length);
    const gone = new Promise((resolve) => far.once('close', resolve));
    near.destroy();
    far.resume();
    await gone;
  });
});

describe('an Active whose direct path to the lease store is cut', () => {
  /** Method: the whole demo site with its real processes and its network of links that can be cut. */
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

  const engineOf = (server: string) => demo.engine(server, 'WK1')?.pid;
  const cutFromStore = () => demo.inject('cut-link', { server: 'ig-north', other: 'ig-witness' });

  const snapshot = (server: string) => demo.snapshot(server);

  const renewedThroughPeer = () =>
    until('it is renewed through its peer', async () => {
      const told = await snapshot('ig-north');
      return told?.store.throughPeerMs !== undefined && told;
    });

  it('keeps its lease through its peer, says so, and goes back when the path works again', async () => {
    const engine = engineOf('ig-north');
    const { epoch } = (await snapshot('ig-north'))!.lease;
    await cutFromStore();
    const told = await renewedThroughPeer();
    expect(told).toMatchObject({ role: { observed: 'active' }, store: { reachable: true } });
    const status = await runIxha(['status', 'WK1', '--profile', demo.site.profileDirectory]);
    expect(status.out).toMatch(/ig-north +active .+ left \(renewed through its peer\)/);
    const why = await runIxha(['why', 'WK1', '--profile', demo.site.profileDirectory]);
    expect(why.out).toMatch(/Lease +ours, .+ left, renewed through ig-south for /);
    const sent = (await demo.site.traffic())[0]!.sent;
    await until('messages go on', async () => (await demo.site.traffic())[0]!.sent > sent + 200);
    expect(demo.journal('ig-north')).toContain('The lease is renewed through ig-south: the direct path');
    await demo.site.heal();
    await until(
      'it is renewed directly',
      async () => (await snapshot('ig-north'))?.store.throughPeerMs === undefined,
    );
    expect(demo.journal('ig-north')).toContain('The direct path to the lease store works again');
    expect(engineOf('ig-north')).toBe(engine);
    expect((await snapshot('ig-north'))?.lease.epoch).toBe(epoch);
    await demo.bothServe('ig-north', 'ig-south');
    await demo.judge();
  });

  it('hands over in order, and the release goes through the peer as well', async () => {
    await cutFromStore();
    await upToThrice(async () => {
      await demo.bothServe('ig-north', 'ig-south');
      await renewedThroughPeer();
      const moved = await demo.ixha('switchover', 'WK1', '--reason', 'its path to the store is cut');
      expect(moved.out, moved.err).toMatch(/^done: /m);
    });
    await demo.bothServe('ig-south', 'ig-south');
    await demo.site.heal();
    await demo.judge();
  }, 300_000);

  it('stops in time when the peer that relays dies as well', async () => {
    await demo.inject('cut-link', { server: 'ig-south', other: 'ig-witness' });
    await until('it is renewed through its peer', async () => {
      return (await snapshot('ig-south'))?.store.throughPeerMs !== undefined;
    });
    const engine = engineOf('ig-south')!;
    await demo.inject('kill-server', { server: 'ig-north' });
    await until('the engine is stopped', () => engineOf('ig-south') !== engine, 8_000);
    await demo.site.heal();
    for (const cluster of ['WK1', 'WK2']) await demo.served(cluster);
    await demo.judge();
  }, 240_000);
});
