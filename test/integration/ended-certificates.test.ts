import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgentServer } from '../../agent/api/agent-server.ts';
import { connectTo } from '../../agent/tls/connect-to.ts';
import type { Credentials } from '../../agent/tls/credentials.ts';
import type { OnExcused } from '../../agent/tls/time-fault-words.ts';
import { createIdentity, createSiteAuthority } from '../../electron/host/authority/site-authority.ts';
import {
  clusterDesigns,
  demoSiteId,
  memberServers,
  witnessServer,
} from '../../electron/host/demo/demo-design.ts';
import { witnessMember } from '../../electron/host/demo/demo-folders.ts';
import type { Identity } from '../../shared/site/identity.ts';
import {
  callAgent,
  consoleIdentity,
  northIdentity,
  openAgentBench,
  openSocket,
  southIdentity,
  type AgentBench,
} from './agent-bench.ts';
import { createBench, freePort, until } from './demo-harness.ts';
import { sideOf } from './tls-side.ts';
import { buildDemoRuntime } from './demo-programs.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

/** Half a day ago. */
const ended = -0.5;

describe('an ended certificate in a handshake', () => {
  /** Method: the agent's server and client over real TLS, so that OpenSSL says which fault it names. */
  let bench: AgentBench;
  const servers: { close(): Promise<void> }[] = [];
  const excused: string[] = [];
  beforeAll(async () => {
    bench = await openAgentBench();
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    await bench.close();
  });

  /** A server with these credentials; answers with its port. */
  async function serve(credentials: Credentials): Promise<number> {
    const port = await freePort();
    const routes = {
      get: { '/here': () => ({ status: 200, json: {} }) },
      post: {},
      sockets: { '/socket': () => undefined },
      allows: () => true,
    };
    const note = (identity: Identity) => void excused.push(`caller ${identity.kind}`);
    servers.push(await startAgentServer(sideOf(credentials, note), { address: '127.0.0.1', port }, routes));
    return port;
  }
  const here = async (port: number, credentials: Credentials) =>
    callAgent(port, northIdentity, credentials, 'GET', '/here');

  it('is accepted of a member by a member, in both directions, and told by both', async () => {
    const port = await serve(await bench.credentials(northIdentity, 'own', ended));
    const south = await bench.credentials(southIdentity, 'own', ended);
    expect((await here(port, south)).status).toBe(200);
    (await openSocket(port, '/socket', northIdentity, south)).close();
    expect(excused).toContain('caller member');
    const told = await new Promise<string>((resolve, reject) => {
      const place = { host: '127.0.0.1', port };
      const onExcused: OnExcused = ({ kind }, { fault }) => {
        resolve(`${kind} ${fault}`);
        socket.destroy();
      };
      const socket = connectTo(sideOf(south, onExcused), northIdentity, place);
      socket.on('error', reject);
    });
    expect(told).toBe('member ended');
  });

  it('is refused of a console, with a sentence that says when it ended', async () => {
    const port = await serve(await bench.credentials(northIdentity));
    const admin = await bench.credentials(consoleIdentity('admin'), 'own', ended);
    const { status, body } = await here(port, admin);
    expect([status, body]).toEqual([
      401,
      expect.stringMatching(/certificate of the console admin-1 has ended on .* UTC.*install the site again/),
    ]);
    await expect(openSocket(port, '/socket', northIdentity, admin)).rejects.toThrow('status 401');
  });

  it('is refused by a console, with the same sentence', async () => {
    const port = await serve(await bench.credentials(northIdentity, 'own', ended));
    await expect(here(port, await bench.credentials(consoleIdentity('admin')))).rejects.toThrow(
      /certificate of WK1 on north has ended on .* UTC/,
    );
  });

  it('of another authority is refused in both directions, by members as well', async () => {
    const good = await serve(await bench.credentials(northIdentity));
    const south = await bench.credentials(southIdentity);
    for (const days of [ended, 30]) {
      await expect(here(good, await bench.credentials(southIdentity, 'foreign', days))).rejects.toThrow();
      const foreign = await serve(await bench.credentials(northIdentity, 'foreign', days));
      await expect(here(foreign, south)).rejects.toThrow(/its certificate is refused/);
    }
  });

  it('of another member is refused by whoever expects this one', async () => {
    const port = await serve(await bench.credentials(southIdentity, 'own', ended));
    await expect(here(port, await bench.credentials(southIdentity))).rejects.toThrow(
      /expected .*north, met .*south/,
    );
  });

  it('does not open the door to whoever shows none', async () => {
    const port = await serve(await bench.credentials(northIdentity));
    const without = new Promise((resolve, reject) => {
      const call = request({
        host: '127.0.0.1',
        port,
        path: '/here',
        agent: false,
        rejectUnauthorized: false,
      });
      call.on('response', resolve).on('error', reject).end();
    });
    await expect(without).rejects.toThrow();
  });
});

describe('a site of which all certificates have ended', () => {
  /** Method: the whole demo site; all agents and the lease store are killed and start anew with ended certificates. */
  let demo: DemoSiteBench;
  const programs = createBench();
  beforeAll(async () => {
    demo = new DemoSiteBench();
    await demo.start(await buildDemoRuntime(programs.path('programs')));
    await endAllCertificates();
    killAllAgents();
  });
  afterAll(async () => {
    await demo.close();
    programs.clean();
  });

  /** Of a new authority, since the demo keeps no key of its own one; only the console's have time. */
  async function endAllCertificates(): Promise<void> {
    const authority = await createSiteAuthority(demoSiteId);
    const write = async (folder: string, identity: Identity, days: number) => {
      const { certificatePem, privateKeyPem } = await createIdentity(authority, { identity, days });
      writeFileSync(join(folder, 'authority.pem'), authority.certificatePem);
      writeFileSync(join(folder, 'certificate.pem'), certificatePem);
      writeFileSync(join(folder, 'key.pem'), privateKeyPem);
    };
    const { folders, site } = demo;
    for (const { id: cluster } of clusterDesigns) {
      for (const server of memberServers) {
        const identity = { kind: 'member', site: demoSiteId, cluster, server } as const;
        await write(folders.member(server, cluster).certificates, identity, ended);
      }
    }
    const store = { kind: 'witness', site: demoSiteId, server: witnessServer } as const;
    await write(folders.member(witnessServer, witnessMember).certificates, store, ended);
    const person = { kind: 'console', site: demoSiteId, role: 'admin', name: 'admin-1' } as const;
    await write(join(site.profileDirectory, 'console'), person, 30);
  }

  function killAllAgents(): void {
    const agents = clusterDesigns.flatMap(({ id }) => memberServers.map((server) => demo.agent(server, id)));
    for (const one of [demo.witness(), ...agents]) {
      if (one === undefined) throw new Error('an agent of the demo does not run');
      process.kill(one.pid, 'SIGKILL');
    }
  }

  it('goes on, and writes into the journals that the certificates have ended', async () => {
    await until(
      'both members of WK1 tell of the lease store and of each other',
      () =>
        memberServers.every((server) => {
          const other = memberServers.find((name) => name !== server)!;
          const journal = demo.journal(server);
          return [`the lease store on ${witnessServer}`, `WK1 on ${other}`].every((name) =>
            journal.includes(`The certificate of ${name} has ended on `),
          );
        }),
      60_000,
    );
    // Where the agents do not come back before their leases end, the clusters may have moved.
    for (const { id } of clusterDesigns) await demo.served(id);
    await demo.judge();
  });

  it('is refused by the console with a sentence', async () => {
    const { out, err } = await demo.ixha('status', 'WK1');
    expect(out + err).toMatch(/The certificate of WK1 on ig-north has ended on .* UTC/);
  });

  it('fails over when the Active loses its power', async () => {
    const dies = await demo.served('WK1');
    const other = memberServers.find((name) => name !== dies)!;
    await demo.inject('kill-server', { server: dies });
    await demo.bothServe(other, other);
    await demo.judge();
  });
});
