import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentApiLimits } from '../../shared/agent-api/agent-api.ts';
import type { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { WitnessConfig } from '../../shared/site/member-config.ts';
import { openBootClock } from '../../agent/boot-clock.ts';
import { connectTo } from '../../agent/tls/connect-to.ts';
import type { Credentials } from '../../agent/tls/credentials.ts';
import { seedLeaseRecords } from '../../agent/witness/lease-records.ts';
import { startWitness } from '../../agent/witness/witness.ts';
import {
  callAgent,
  consoleIdentity,
  northIdentity,
  openAgentBench,
  openSocket,
  runIxha,
  southIdentity,
  witnessIdentity,
  type AgentBench,
} from './agent-bench.ts';
import { freePort, until } from './demo-harness.ts';
import { sideOf } from './tls-side.ts';

/** Goal: who may ask an agent what, and what bad input gets. Method: a real witness and member over real TLS. */
let bench: AgentBench;
let memberPort: number;

beforeAll(async () => {
  bench = await openAgentBench();
  memberPort = bench.member.listen.apiPort;
  await bench.startWitness();
  await bench.startMember();
});
afterAll(() => bench.close());

async function call(identity: Identity, method: string, path: string, body?: unknown) {
  const credentials = await bench.credentials(identity);
  return callAgent(
    memberPort,
    northIdentity,
    credentials,
    method,
    path,
    body === undefined ? undefined : JSON.stringify(body),
  );
}

/** Sends many requests over one connection before any is answered. */
async function statusesAtOnce(credentials: Credentials, path: string, count: number): Promise<number[]> {
  const link = connectTo(sideOf(credentials), northIdentity, { host: '127.0.0.1', port: memberPort });
  const ask = (more: string) => `GET ${path} HTTP/1.1\r\nHost: agent\r\n${more}\r\n`;
  link.write(`${ask('').repeat(count - 1)}${ask('Connection: close\r\n')}`);
  const said = await text(link);
  return [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

const switchover = {
  verb: 'switchover',
  cluster: 'WK1',
  target: null,
  epoch: 0,
  idempotencyKey: 'key-00000001',
  reason: '',
};

describe('the agent over TLS', () => {
  it('tells its whole state to a viewer', async () => {
    const told = async () => {
      const { status, body } = await call(consoleIdentity('viewer'), 'GET', '/v1/status');
      expect(status).toBe(200);
      const snapshot = JSON.parse(body) as MemberSnapshot;
      // Until its first look at everything has ended.
      return snapshot.role.observed !== 'unknown' && snapshot;
    };
    const { cluster, server, role } = await until('it knows its role', told);
    expect([cluster, server, role.observed]).toEqual(['WK1', 'north', 'passive']);
  });

  it('lets a viewer look but not command', async () => {
    const { status, body } = await call(consoleIdentity('viewer'), 'POST', '/v1/commands', switchover);
    expect([status, (JSON.parse(body) as { error: { code: string } }).error.code]).toEqual([
      403,
      'command.forbidden',
    ]);
  });

  it('tells an operator that only the Active can hand over', async () => {
    const { status, body } = await call(consoleIdentity('operator'), 'POST', '/v1/commands', switchover);
    expect([status, (JSON.parse(body) as { error: { code: string } }).error.code]).toEqual([
      409,
      'command.not-active',
    ]);
  });

  it.each([
    ['not JSON', '{'],
    ['another form', { verb: 'explode' }],
    ['an unknown field', { ...switchover, force: true }],
  ])('refuses a command that is %s and names the field', async (_what, body) => {
    const credentials = await bench.credentials(consoleIdentity('admin'));
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await callAgent(memberPort, northIdentity, credentials, 'POST', '/v1/commands', text);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('request.invalid')]);
  });

  it('refuses a body above its limit', async () => {
    const credentials = await bench.credentials(consoleIdentity('admin'));
    const huge = 'x'.repeat(agentApiLimits.bodyBytes + 1);
    const answer = await callAgent(memberPort, northIdentity, credentials, 'POST', '/v1/commands', huge);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('larger than')]);
  });

  it.each(['/', '/v1', '/v1/status/', '/__proto__', '/constructor'])('does not know %s', async (path) => {
    expect((await call(consoleIdentity('admin'), 'GET', path)).status).toBe(404);
  });

  it('refuses a caller without a certificate of this site before any answer', async () => {
    const foreign = await bench.credentials(consoleIdentity('admin'), 'foreign');
    await expect(callAgent(memberPort, northIdentity, foreign, 'GET', '/v1/status')).rejects.toThrow();
  });

  it('refuses to speak to somebody else than expected', async () => {
    const credentials = await bench.credentials(consoleIdentity('admin'));
    await expect(callAgent(memberPort, southIdentity, credentials, 'GET', '/v1/status')).rejects.toThrow(
      /expected .*south, met .*north/,
    );
  });

  it('lets only the peer beat and only members of the cluster ask for leases', async () => {
    const peer = await openSocket(
      memberPort,
      '/v1/peer',
      northIdentity,
      await bench.credentials(southIdentity),
    );
    peer.close();
    const admin = await bench.credentials(consoleIdentity('admin'));
    await expect(openSocket(memberPort, '/v1/peer', northIdentity, admin)).rejects.toThrow('status 403');
    await expect(openSocket(bench.witness.listen.port, '/v1/lease', witnessIdentity, admin)).rejects.toThrow(
      'status 403',
    );
  });

  it('limits what one caller may ask in a second', async () => {
    const credentials = await bench.credentials(consoleIdentity('viewer'));
    // More than two seconds have room for, in one packet: it does not matter where a second ends.
    const burst = agentApiLimits.requestsPerSecond * 3;
    const refused = async () => (await statusesAtOnce(credentials, '/metrics', burst)).includes(429);
    await until('it refuses', refused);
    await until(
      'it answers again',
      async () => (await callAgent(memberPort, northIdentity, credentials, 'GET', '/metrics')).status === 200,
    );
  });

  it('serves three paths to balancers and nothing else', async () => {
    const base = `http://127.0.0.1:${bench.member.listen.activePort}`;
    const status = async (path: string, method = 'GET') => (await fetch(base + path, { method })).status;
    expect(
      await Promise.all(
        ['/active', '/passive', '/v1/status', '/', '/active/', '/active?x=1'].map((path) => status(path)),
      ),
    ).toEqual([503, 200, 404, 404, 404, 404]);
    expect(await status('/active', 'POST')).toBe(404);
  });
});

describe('the witness', () => {
  async function ask(frame: object, port = bench.witness.listen.port): Promise<LeaseAnswer> {
    const socket = await openSocket(
      port,
      '/v1/lease',
      witnessIdentity,
      await bench.credentials(southIdentity),
    );
    const answer = new Promise<LeaseAnswer>((resolve) =>
      socket.once('message', (data) => resolve(JSON.parse((data as Buffer).toString('utf8')) as LeaseAnswer)),
    );
    socket.send('nonsense');
    socket.send(JSON.stringify({ op: 'explode' }));
    socket.send(JSON.stringify(frame));
    const got = await answer;
    socket.close();
    return got;
  }

  it('ignores nonsense and answers the next question', async () => {
    expect(await ask({ id: 7, op: 'read', cluster: 'WK1', storeId: null })).toMatchObject({
      id: 7,
      result: 'read',
    });
  });

  it('keeps to the clusters of the certificate', async () => {
    expect(await ask({ id: 1, op: 'read', cluster: 'WK2', storeId: null })).toMatchObject({
      result: 'refused',
      why: 'unknown-cluster',
    });
  });

  it('grants nothing before T + δ after its seeding', async () => {
    const { listen, clusters, paths } = bench.witness;
    // One of its own that has just been seeded, with a T that no busy machine outlasts.
    const fresh: WitnessConfig = {
      ...bench.witness,
      listen: { ...listen, port: await freePort() },
      clusters: clusters.map((cluster) => ({ ...cluster, T: 600 })),
      paths: { ...paths, state: join(bench.folder, 'fresh-leases') },
    };
    seedLeaseRecords(fresh.paths.state, fresh.clusters, 0);
    const witness = await startWitness(fresh, openBootClock());
    const acquire = { id: 2, op: 'acquire', cluster: 'WK1', storeId: null, epochSeen: 0, T: 600 };
    const answer = await ask(acquire, fresh.listen.port).finally(() => witness.close());
    expect(answer).toMatchObject({ result: 'refused', why: 'live' });
  });
});

describe('ixha', () => {
  function profile(): string {
    const directory = join(bench.folder, 'profile');
    mkdirSync(join(directory, 'console'), { recursive: true });
    writeFileSync(join(directory, 'site.json'), JSON.stringify(bench.site));
    return directory;
  }

  async function consoleFiles(directory: string, authority: 'own' | 'foreign' = 'own') {
    const { authority: ca, certificate, key } = await bench.credentials(consoleIdentity('admin'), authority);
    for (const [name, text] of Object.entries({ authority: ca, certificate, key })) {
      writeFileSync(join(directory, 'console', `${name}.pem`), text);
    }
    return directory;
  }

  it('shows what answers and says what does not, with its exit code', async () => {
    const directory = await consoleFiles(profile());
    const { code, out } = await until('it knows its role', async () => {
      const told = await runIxha(['status', '--profile', directory]);
      return /WK1 +north +(passive|taking-over)/.test(told.out) && told;
    });
    expect(out).toMatch(/WK1 +south +unknown +The agent of WK1 on south cannot be reached: ECONNREFUSED/);
    expect(code).toBe(3);
  });

  it('explains a decision with its facts', async () => {
    const { code, out } = await runIxha([
      'why',
      '--server',
      'north',
      '--profile',
      await consoleFiles(profile()),
    ]);
    expect(out).toMatch(/WK1 on north: R\d\d ig-north .+: .+\./);
    expect(out).toContain('Lease');
    expect(code).toBe(0);
  });

  it('prints JSON that a script can read', async () => {
    const { out } = await runIxha([
      'journal',
      '--json',
      '--server',
      'north',
      '--profile',
      await consoleFiles(profile()),
    ]);
    const { records } = JSON.parse(out) as { records: { seq: number; sentence: string }[] };
    expect(records[0]?.sentence).toContain('started on ig-north');
  });

  it('says that its own certificate comes from another authority', async () => {
    const { code, err } = await runIxha(['status', '--profile', await consoleFiles(profile(), 'foreign')]);
    expect([code, err]).toEqual([2, expect.stringContaining('[agent.foreign]')]);
    expect(err).toContain('was not issued by the authority of the site bench');
    expect(err).toContain('Next: Use the profile folder of this site');
  });

  it('does not speak for a site with the certificate of another one', async () => {
    const directory = await consoleFiles(profile());
    writeFileSync(join(directory, 'site.json'), JSON.stringify({ ...bench.site, id: 'elsewhere' }));
    const { code, err } = await runIxha(['status', '--profile', directory]);
    expect([code, err]).toEqual([2, expect.stringContaining('[agent.foreign]')]);
    expect(err).toContain('belongs to the site bench, not to elsewhere');
  });

  it.each(['authority.pem', 'certificate.pem', 'key.pem'])(
    'takes a damaged %s for what it is, not for silent agents',
    async (name) => {
      const directory = await consoleFiles(profile());
      writeFileSync(join(directory, 'console', name), '-----BEGIN NONSENSE');
      const damaged = await runIxha(['status', '--profile', directory]);
      expect([damaged.code, damaged.err]).toEqual([2, expect.stringContaining('[site.damaged]')]);
      expect(damaged.err).toContain(name);
      expect(damaged.err).toContain('Next: Restore the file');
      rmSync(join(directory, 'console', name));
      const missing = await runIxha(['status', '--profile', directory]);
      expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('[site.missing]')]);
    },
  );

  it('explains itself with --help after any verb', async () => {
    for (const words of [['help'], ['--help'], ['status', '--help'], ['switchover', '-h']]) {
      const { code, out } = await runIxha(words);
      expect([code, out]).toEqual([0, expect.stringContaining('exit codes: 0 done')]);
    }
  });

  it.each([
    ['an unknown verb', ['explode'], 'There is no verb explode'],
    ['an unknown option', ['status', '--force'], "Unknown option '--force'"],
    ['a missing profile', ['status', '--profile', '/nowhere'], 'site.missing'],
    ['a limit out of range', ['journal', '--limit', '0'], '--limit must be between 1 and 500'],
    ['two names', ['status', 'WK1', 'WK2'], 'Only one cluster can be named'],
  ])('refuses %s with a sentence', async (_what, args, words) => {
    const { code, err } = await runIxha(args);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });

  it('refuses a damaged site file and names it', async () => {
    const directory = await consoleFiles(profile());
    writeFileSync(join(directory, 'site.json'), '{"schema":1}');
    const { code, err } = await runIxha(['status', '--profile', directory]);
    expect([code, err]).toEqual([2, expect.stringContaining('site.damaged')]);
  });

  it('does not start a member whose timing cannot be kept', async () => {
    const file = join(bench.folder, 'member-with-bad-timing.json');
    const timing = { ...bench.member.timing, T: 2 };
    writeFileSync(file, JSON.stringify({ ...bench.member, timing }));
    const { code, err } = await runIxha(['member', '--config', file]);
    expect([code, err]).toEqual([2, expect.stringContaining('max(H, O) + 2·O + K + δ ≤ T does not hold')]);
  });

  it('asks for the cluster of a switchover', async () => {
    const { code, err } = await runIxha(['switchover', '--profile', await consoleFiles(profile())]);
    expect([code, err]).toEqual([2, expect.stringContaining('The cluster is not named. [request.invalid]')]);
  });

  it('does not find a cluster that is not there', async () => {
    const { code, err } = await runIxha(['status', 'WK9', '--profile', await consoleFiles(profile())]);
    expect([code, err]).toEqual([2, expect.stringContaining('There is no member WK9 here.')]);
  });
});
