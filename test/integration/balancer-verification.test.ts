import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyBalancer } from '../../electron/host/balancer/verify-balancer.ts';
import type { CommandRunner } from '../../electron/host/ssh/server-connection.ts';
import { succeed } from '../../shared/result.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { sampleSite } from '../unit/host/install/install-samples.ts';

/**
 * Goal: the verification names the member that really gets what comes in through the balancer, and says nothing to it.
 * Method: listeners, /active and a TCP balancer on loopback; the kernel's own list of sessions is read.
 */
const servers: Server[] = [];
const sockets = new Set<Socket>();
let received = '';

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
  received = '';
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => keep(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function keep(socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
}

const engine = () =>
  listen(createServer((socket) => socket.on('data', (bytes) => (received += bytes.toString('latin1')))));
const activePort = (status: number) =>
  listen(createHttpServer((_request, response) => response.writeHead(status).end()));

/** Passes every connection on to that port; null: ends it at once, as a balancer without a member does. */
const balancer = (to: number | null) =>
  listen(
    createServer((client) => {
      if (to === null) return void client.end();
      const server = connect(to, '127.0.0.1');
      keep(server);
      client.pipe(server).pipe(client);
      client.on('close', () => server.destroy());
    }),
  );

/** Runs commands on this machine, which stands for both members. */
const here: CommandRunner = {
  name: 'here',
  run: (argv) =>
    new Promise((resolve) => {
      execFile(argv[0]!, argv.slice(1), (error, stdout, stderr) =>
        resolve(succeed({ exitCode: error ? 1 : 0, signal: null, stdout, stderr, truncated: false })),
      );
    }),
};

async function siteOn(ports: {
  front: number;
  north: number;
  south: number;
  northActive: number;
  southActive: number;
}): Promise<SiteDocument> {
  const site = sampleSite();
  for (const server of site.servers) server.address = '127.0.0.1';
  const [cluster] = site.clusters;
  cluster!.listeners[0]!.frontendPort = ports.front;
  cluster!.members[0]!.ports = { active: ports.northActive, listeners: { 'ADT in': ports.north } };
  cluster!.members[1]!.ports = { active: ports.southActive, listeners: { 'ADT in': ports.south } };
  return {
    ...site,
    clusters: [cluster!],
    loadBalancer: { kind: 'generic', addresses: { WK1: '127.0.0.1' } },
  };
}

const runners = new Map([
  ['north', here],
  ['south', here],
]);

async function bench(to: 'north' | 'south' | 'nobody', status = { north: 503, south: 200 }) {
  const [north, south] = [await engine(), await engine()];
  const front = await balancer(to === 'nobody' ? null : to === 'north' ? north : south);
  const site = await siteOn({
    front,
    north,
    south,
    northActive: await activePort(status.north),
    southActive: await activePort(status.south),
  });
  return site;
}

describe('the verification of a balancer', () => {
  it('proves that the Active answers, without a word to its engine', async () => {
    const [check] = await verifyBalancer(await bench('south'), runners);
    expect(check).toMatchObject({ verdict: 'proven', server: 'south' });
    expect(received).toBe('');
  });

  it('sees a balancer that does not obey /active', async () => {
    const [check] = await verifyBalancer(await bench('north'), runners);
    expect(check).toMatchObject({ verdict: 'failed', server: 'north' });
  });

  it('sees one that sends to nobody', async () => {
    const [check] = await verifyBalancer(await bench('nobody'), runners);
    expect(check).toMatchObject({ verdict: 'failed', server: null });
    expect(check!.finding).toContain('sends to nobody');
  });

  it('says what it does not know where a member cannot be asked', async () => {
    const [check] = await verifyBalancer(await bench('south'), new Map([['north', here]]));
    expect(check).toMatchObject({ verdict: 'unknown', server: null });
  });

  it('says that nobody answers where nothing listens', async () => {
    const site = await bench('south');
    // The balancer was the third to listen.
    await new Promise((done) => servers.splice(2, 1)[0]!.close(done));
    const [check] = await verifyBalancer(site, runners);
    expect(check!.finding).toContain('nobody answers there');
  });
});
