import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { openBootClock } from '../../agent/boot-clock.ts';
import { startMember } from '../../agent/member/start-member.ts';
import { connectTo } from '../../agent/tls/connect-to.ts';
import { loadCredentials, type Credentials } from '../../agent/tls/credentials.ts';
import { seedLeaseRecords } from '../../agent/witness/lease-records.ts';
import { startWitness } from '../../agent/witness/witness.ts';
import {
  createIdentity,
  createSiteAuthority,
  type KeyPairPem,
} from '../../electron/host/authority/site-authority.ts';
import { timingPresets } from '../../shared/lease/timing.ts';
import type { Identity } from '../../shared/site/identity.ts';
import {
  memberConfig,
  witnessConfig,
  type MemberConfig,
  type WitnessConfig,
} from '../../shared/site/member-config.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { freePort } from './demo-harness.ts';
import { sideOf } from './tls-side.ts';

const root = join(import.meta.dirname, '../..');
const clock = openBootClock();

/** A witness and a Passive member of WK1 in this process, with certificates for everybody who may call. */
export interface AgentBench {
  readonly folder: string;
  readonly site: SiteDocument;
  readonly member: MemberConfig;
  readonly witness: WitnessConfig;
  /** The authority that has issued everything here. */
  readonly authority: KeyPairPem;
  startWitness(): Promise<{ close(): Promise<void> }>;
  startMember(): Promise<{ close(): Promise<void> }>;
  /** Credentials of this identity, issued by this site's authority or by a foreign one, of usual or of other length. */
  credentials(identity: Identity, authority?: 'own' | 'foreign', days?: number): Promise<Credentials>;
  close(): Promise<void>;
}

export const northIdentity: Identity = { kind: 'member', site: 'bench', cluster: 'WK1', server: 'north' };
export const southIdentity: Identity = { kind: 'member', site: 'bench', cluster: 'WK1', server: 'south' };
export const witnessIdentity: Identity = { kind: 'witness', site: 'bench', server: 'wit' };
export const consoleIdentity = (role: 'viewer' | 'operator' | 'admin'): Identity => ({
  kind: 'console',
  site: 'bench',
  role,
  name: `${role}-1`,
});

export async function openAgentBench(): Promise<AgentBench> {
  const folder = mkdtempSync(join(tmpdir(), 'ixa-'));
  const own = await createSiteAuthority('bench');
  const foreign = await createSiteAuthority('bench');
  const running: { close(): Promise<void> }[] = [];
  const site = await benchSite(folder);
  const write = async (name: string, identity: Identity, authority: KeyPairPem = own, days = 30) => {
    const directory = join(folder, 'certificates', name);
    const issued = await createIdentity(authority, { identity, days });
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'authority.pem'), own.certificatePem);
    writeFileSync(join(directory, 'certificate.pem'), issued.certificatePem);
    writeFileSync(join(directory, 'key.pem'), issued.privateKeyPem);
    return directory;
  };
  const member = memberConfig(site, 'WK1', 'north', {
    paths: {
      state: join(folder, 'state'),
      run: join(folder, 'run'),
      certificates: await write('north', northIdentity),
      scripts: join(root, 'resources/agent'),
      enginePasswordFile: join(folder, 'password'),
    },
  });
  const witness = witnessConfig(site, {
    state: join(folder, 'leases'),
    certificates: await write('wit', witnessIdentity),
  });
  running.push(await startStoppedEngineManager(join(folder, 'manager.sock')));
  mkdirSync(join(folder, 'shared/.ixha'), { recursive: true });
  writeFileSync(join(folder, 'shared/.ixha/identity'), 'bench WK1\n');
  writeFileSync(join(folder, 'password'), 'secret\n');
  let issued = 0;
  const keep = async (starting: Promise<{ close(): Promise<void> }>) => {
    const started = await starting;
    running.push(started);
    return started;
  };
  return {
    folder,
    site,
    member,
    witness,
    authority: own,
    startWitness() {
      seedLeaseRecords(witness.paths.state, witness.clusters, 0);
      return keep(startWitness(witness, clock));
    },
    startMember: () => keep(startMember(member, clock)),
    async credentials(identity, authority = 'own', days = 30) {
      issued += 1;
      const issuer = authority === 'own' ? own : foreign;
      return loadCredentials(await write(`caller-${issued}`, identity, issuer, days));
    },
    async close() {
      for (const one of running.reverse()) await one.close().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function benchSite(folder: string): Promise<SiteDocument> {
  const ports = await Promise.all(Array.from({ length: 10 }, () => freePort()));
  const [witnessPort, ...rest] = ports as [number, ...number[]];
  const member = (server: string, preferred: boolean, at: number) => ({
    server,
    preferred,
    engine: {
      service: { kind: 'process' as const, socket: join(folder, 'manager.sock'), unit: 'engine-WK1' },
      apiPort: rest[at]!,
      apiUser: 'ha',
      workingDirectory: join(folder, 'shared'),
    },
    ports: { api: rest[at + 1]!, active: rest[at + 2]!, listeners: { ADT: rest[at + 3]! } },
  });
  return {
    schema: 1,
    id: 'bench',
    name: 'Bench',
    version: 1,
    servers: ['north', 'south', 'wit'].map((id) => ({ id, name: `ig-${id}`, address: '127.0.0.1' })),
    clusters: [
      {
        id: 'WK1',
        title: 'Bench',
        index: 0,
        timing: timingPresets.fast,
        storage: { kind: 'shared', directory: join(folder, 'shared'), mustBeMount: false },
        listeners: [{ name: 'ADT', port: 6661, frontendPort: 7661 }],
        pollers: [],
        members: [member('north', true, 0), member('south', false, 4)],
        localRestarts: 1,
      },
    ],
    leaseStore: { kind: 'witness', server: 'wit', port: witnessPort },
    loadBalancer: { kind: 'demo', address: '127.0.0.1' },
  };
}

/** A service manager whose engine is always stopped and whose gate refuses every start. */
function startStoppedEngineManager(socketPath: string): Promise<{ close(): Promise<void> }> {
  const stopped = JSON.stringify({ ok: true, state: 'stopped', pid: null, sinceBootMs: null });
  const refused = JSON.stringify({ ok: false, refused: 'gate', detail: 'no deadline lies ahead' });
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      const { op } = JSON.parse(data.toString('utf8')) as { op: string };
      socket.write(`${op === 'start' ? refused : stopped}\n`);
    });
  });
  return new Promise((resolve) => {
    server.listen(socketPath, () =>
      resolve({
        close: () =>
          new Promise((closed) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => closed());
          }),
      }),
    );
  });
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** One HTTPS call with these credentials; rejects when the connection is refused. */
export function callAgent(
  port: number,
  expected: Identity,
  credentials: Credentials,
  method: string,
  path: string,
  body?: string,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        createConnection: () => connectTo(sideOf(credentials), expected, { host: '127.0.0.1', port }),
        method,
        path,
        timeout: 30_000,
      },
      (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString('utf8')));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', reject);
    call.end(body);
  });
}

/** Opens a WebSocket; rejects with the status when the upgrade is refused. */
export function openSocket(
  port: number,
  path: string,
  expected: Identity,
  credentials: Credentials,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}${path}`, {
      createConnection: () => connectTo(sideOf(credentials), expected, { host: '127.0.0.1', port }),
    });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) =>
      reject(new Error(`status ${response.statusCode}`)),
    );
    socket.on('error', reject);
  });
}

/** Runs `ixha` from its source and answers with what it printed. */
export function runIxha(args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const program = args[0] === 'member' ? 'agent/main.ts' : 'agent/commands.ts';
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, program), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')));
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
