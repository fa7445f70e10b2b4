import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startActiveServer } from '../../agent/api/active-server.ts';
import { HeldChecks } from '../../agent/api/held-checks.ts';
import { haproxyConfig } from '../../shared/balancer/haproxy-config.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { sampleSite } from '../unit/host/install/install-samples.ts';
import { freePort, until } from './demo-harness.ts';

const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;
const limitMs = 15_000;

/** A member behind the balancer: `/active`, and two listeners that say the member's name and keep the session open. */
class StandInMember {
  readonly name: string;
  asked = 0;
  private active = false;
  private readonly answers: HttpServer;
  private readonly listeners: readonly Server[];

  constructor(name: string) {
    this.name = name;
    this.answers = createHttpServer((_request, response) => {
      this.asked += 1;
      response.writeHead(this.active ? 200 : 503).end();
    });
    this.listeners = [0, 1].map(() => createServer((socket) => greet(socket, name)));
  }

  async start(): Promise<void> {
    for (const server of [this.answers, ...this.listeners])
      await once(server.listen(0, '127.0.0.1'), 'listening');
  }

  ports(): { active: number; listeners: [number, number] } {
    const [first, second] = this.listeners;
    return { active: portOf(this.answers), listeners: [portOf(first!), portOf(second!)] };
  }

  become(active: boolean): void {
    this.active = active;
  }

  /** Leaves its port to another one. */
  stopAnswering(): void {
    this.answers.close();
  }

  stop(): void {
    this.stopAnswering();
    for (const listener of this.listeners) listener.close();
  }
}

function greet(socket: Socket, name: string): void {
  socket.on('error', () => undefined);
  socket.write(`${name}\n`);
}

function portOf(server: { address(): unknown }): number {
  return (server.address() as AddressInfo).port;
}

const running: { stop(): void }[] = [];
afterEach(() => {
  for (const part of running.splice(0).reverse()) part.stop();
});

/** One cluster with two listeners on loopback, served by HAProxy with the configuration of the product. */
async function balancedPair() {
  const members = [new StandInMember('north'), new StandInMember('south')] as const;
  for (const member of members) {
    await member.start();
    running.push(member);
  }
  const frontends = [await freePort(), await freePort()] as const;
  await startHaproxy(haproxyConfig(siteOf(members, frontends)));
  return { members, frontends };
}

function siteOf(members: readonly StandInMember[], frontends: readonly [number, number]): SiteDocument {
  const site = sampleSite();
  for (const server of site.servers) server.address = '127.0.0.1';
  const cluster = site.clusters[0]!;
  const names = ['ADT in', 'ORU in'] as const;
  cluster.listeners = names.map((name, index) => ({
    name,
    port: 6661 + index,
    frontendPort: frontends[index]!,
  }));
  cluster.members.forEach((member, index) => {
    const { active, listeners } = members[index]!.ports();
    member.ports = {
      active,
      listeners: Object.fromEntries(names.map((name, at) => [name, listeners[at]!])),
    };
  });
  return { ...site, clusters: [cluster] };
}

async function startHaproxy(configuration: string): Promise<ChildProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, configuration.replaceAll(/^    (user|group|log) .*\n/gm, ''));
  const haproxy = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  await once(haproxy, 'spawn');
  running.push({
    stop: () => {
      haproxy.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    },
  });
  return haproxy;
}

/** A sender's session: who greeted it, and whether it was ended. */
function session(port: number) {
  const seen = { greeted: '', ended: false };
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => (seen.greeted += bytes.toString('utf8')));
  socket.on('close', () => (seen.ended = true));
  running.push({ stop: () => socket.destroy() });
  return seen;
}

/** Connects again, as senders do, until this member greets. */
async function reached(port: number, name: string) {
  let last = session(port);
  await until(
    `${name} is reached`,
    () => {
      if (last.greeted === `${name}\n`) return true;
      if (last.ended) last = session(port);
      return false;
    },
    limitMs,
  );
  return last;
}

describe.skipIf(!hasHaproxy)('HAProxy before a cluster with two listeners', () => {
  it('follows for the second what it has asked for the first, and cuts its sessions too', async () => {
    const { members, frontends } = await balancedPair();
    const [north, south] = members;
    north.become(true);
    const before = await Promise.all(frontends.map((port) => reached(port, 'north')));
    north.become(false);
    south.become(true);
    for (const port of frontends) await reached(port, 'south');
    await until(
      'all sessions with the former Active are cut',
      () => before.every(({ ended }) => ended),
      limitMs,
    );
  });

  it('asks each member once per interval, not once for each listener', async () => {
    const { members, frontends } = await balancedPair();
    const [north] = members;
    north.become(true);
    await reached(frontends[1], 'north');
    const [asked, since] = [north.asked, performance.now()];
    await until('ten more questions', () => north.asked >= asked + 10, limitMs);
    // Ten of a question each 200 ms; one for each listener would be here in half of the time.
    expect(performance.now() - since).toBeGreaterThan(1_500);
  });
  it('asks a member that holds its checks less than half as often, and believes it at once', async () => {
    const { members, frontends } = await balancedPair();
    const [north, south] = members;
    const port = north.ports().active;
    north.stopAnswering();
    let active = true;
    let asked = 0;
    const held = new HeldChecks();
    const state = { active: () => active, passive: () => !active, healthy: () => true, held };
    const agent = await startActiveServer(
      { address: '127.0.0.1', port },
      { ...state, asked: () => (asked += 1) },
    );
    running.push({ stop: () => void agent.close() });
    await reached(frontends[1], 'north');
    const [northBefore, southBefore] = [asked, south.asked];
    await until('twenty questions to the other one', () => south.asked >= southBefore + 20, limitMs);
    expect((asked - northBefore) * 2).toBeLessThan(south.asked - southBefore);
    active = false;
    south.become(true);
    held.look();
    await reached(frontends[1], 'south');
  });
});
