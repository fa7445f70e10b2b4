import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webSocketDial, type Dialled } from '../../agent/api/dial.ts';
import { openBootClock } from '../../agent/boot-clock.ts';
import { loadCredentials } from '../../agent/tls/credentials.ts';
import { seedLeaseRecords } from '../../agent/witness/lease-records.ts';
import { createIdentity, createSiteAuthority } from '../../electron/host/authority/site-authority.ts';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import { newHolder, prepareRequest, receiveAnswer } from '../../shared/lease/holder.ts';
import { timingPresets } from '../../shared/lease/timing.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { WitnessConfig } from '../../shared/site/member-config.ts';
import { sideOf } from '../integration/tls-side.ts';
import { pause, until } from '../lab/hosts/command.ts';
import { processUsage } from './process-usage.ts';

/** Preset with H = 1 s. */
const timing = timingPresets.lan;
const clock = openBootClock();

export interface WitnessResult {
  readonly clusters: number;
  readonly seconds: number;
  readonly answersPerSecond: number;
  readonly cpuPercent: number;
  readonly anonymousKb: number;
  readonly rssKb: number;
  /** From a request's sending to its answer, worst and median. */
  readonly roundTripMs: { readonly median: number; readonly max: number };
}

export interface WitnessOptions {
  readonly clusters: readonly number[];
  readonly seconds: number;
  readonly tell: (line: string) => void;
}

/** A real witness process on loopback; this process plays both members of every cluster, each with its own connection. */
export async function measureWitness({ clusters, seconds, tell }: WitnessOptions): Promise<WitnessResult[]> {
  const results: WitnessResult[] = [];
  for (const count of clusters) {
    tell(`a witness with ${count} clusters, H = ${timing.H} s, ${seconds} s`);
    results.push(await withFolder((folder) => measureOne(folder, count, seconds)));
  }
  return results;
}

async function withFolder<Value>(work: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(folder);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

async function measureOne(folder: string, count: number, seconds: number): Promise<WitnessResult> {
  const ids = Array.from({ length: count }, (_, index) => `C${index + 1}`);
  const site = await createSite(folder, ids);
  const witness = startWitness(folder, site.config);
  const members: Member[] = [];
  try {
    const { port } = site.config.listen;
    // A member connects once: one that comes before the witness listens would never be heard again.
    await until('the witness listens', () => listens(port), { deadlineMs: 60_000 });
    for (const id of ids)
      for (const server of site.config.clusters[0]!.members)
        members.push(new Member(id, server, await site.credentials(id, server), port));
    await until('every cluster holds its lease', () => members.every((member) => member.settled()), {
      // This process makes every handshake too, so that many clusters take their time on a busy machine.
      deadlineMs: 60_000 + 500 * count,
      everyMs: 200,
    });
    await pause(5_000); // What connecting has left behind is collected.
    const before = processUsage(witness.pid!)!;
    const began = performance.now();
    for (const member of members) member.roundTrips.length = 0;
    await pause(seconds * 1_000);
    const after = processUsage(witness.pid!);
    if (after === null) throw new Error('the witness has ended');
    const tookMs = performance.now() - began;
    const roundTrips = members.flatMap((member) => member.roundTrips).sort((one, other) => one - other);
    return {
      clusters: count,
      seconds: Math.round(tookMs / 1_000),
      answersPerSecond: roundTrips.length / (tookMs / 1_000),
      cpuPercent: (100 * (after.cpuMs - before.cpuMs)) / tookMs,
      anonymousKb: after.anonymousKb,
      rssKb: after.rssKb,
      roundTripMs: {
        median: roundTrips[Math.floor(roundTrips.length / 2)] ?? Number.NaN,
        max: roundTrips.at(-1) ?? Number.NaN,
      },
    };
  } finally {
    for (const member of members) member.close();
    await ended(witness);
  }
}

async function createSite(folder: string, ids: readonly string[]) {
  const authority = await createSiteAuthority('bench');
  const write = async (name: string, identity: Identity) => {
    const directory = join(folder, 'certificates', name);
    const issued = await createIdentity(authority, { identity, days: 2 });
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'authority.pem'), authority.certificatePem);
    writeFileSync(join(directory, 'certificate.pem'), issued.certificatePem);
    writeFileSync(join(directory, 'key.pem'), issued.privateKeyPem);
    return directory;
  };
  const config: WitnessConfig = {
    schema: 1,
    siteId: 'bench',
    server: 'wit',
    listen: { address: '127.0.0.1', port: await freePort() },
    clusters: ids.map((id) => ({ id, T: timing.T, members: ['north', 'south'] })),
    paths: {
      state: join(folder, 'leases'),
      certificates: await write('wit', { kind: 'witness', site: 'bench', server: 'wit' }),
    },
  };
  seedLeaseRecords(config.paths.state, config.clusters, 0);
  return {
    config,
    credentials: async (cluster: string, server: string) =>
      loadCredentials(
        await write(`${cluster}-${server}`, { kind: 'member', site: 'bench', cluster, server }),
      ),
  };
}

/** One member's side of the lease with the product's own reducer: it renews when it holds, reads when it does not. */
class Member {
  readonly roundTrips: number[] = [];
  readonly #cluster: string;
  readonly #wantsLease: boolean;
  readonly #connection: Dialled;
  readonly #sent = new Map<number, number>();
  #holder = newHolder({ epoch: 0, ended: 0, storeId: null });
  #timer: NodeJS.Timeout | undefined;

  constructor(
    cluster: string,
    server: string,
    credentials: ReturnType<typeof loadCredentials>,
    port: number,
  ) {
    this.#cluster = cluster;
    this.#wantsLease = server === 'north';
    const expected: Identity = { kind: 'witness', site: 'bench', server: 'wit' };
    this.#connection = webSocketDial(sideOf(credentials))(
      { expected, address: '127.0.0.1', port, path: agentPaths.lease, limitMs: 20_000 },
      {
        onOpen: () => this.#begin(),
        onText: (text) => this.#take(text),
        onError: () => undefined,
        onClose: () => clearInterval(this.#timer),
      },
    );
  }

  settled(): boolean {
    return this.#wantsLease ? this.#holder.memory.epoch > 0 : this.#holder.seen !== null;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#connection.terminate();
  }

  #begin(): void {
    this.#turn();
    this.#timer = setInterval(() => this.#turn(), timing.H * 1_000);
  }

  #turn(): void {
    const { epoch } = this.#holder.memory;
    const free = this.#holder.seen !== null && this.#holder.seen.view.freeInMs === 0;
    const op = epoch > 0 ? 'renew' : this.#wantsLease && free ? 'acquire' : 'read';
    const prepared = prepareRequest(this.#holder, this.#cluster, { op }, clock.bootMs(), timing);
    if (prepared === null || !this.#connection.isOpen()) return;
    this.#holder = prepared.state;
    this.#sent.set(prepared.request.id, performance.now());
    this.#connection.send(JSON.stringify(prepared.request));
  }

  #take(text: string): void {
    const answer = LeaseAnswer.parse(JSON.parse(text));
    const sentAt = this.#sent.get(answer.id);
    this.#sent.delete(answer.id);
    if (sentAt !== undefined) this.roundTrips.push(performance.now() - sentAt);
    const { state, effects } = receiveAnswer(this.#holder, answer, clock.bootMs(), timing);
    this.#holder = state;
    for (const effect of effects) {
      const { memory } = this.#holder;
      if (effect.kind === 'granted')
        this.#holder = { ...this.#holder, memory: { ...memory, epoch: effect.epoch } };
    }
  }
}

function startWitness(folder: string, config: WitnessConfig): ChildProcess {
  const file = join(folder, 'witness.json');
  writeFileSync(file, JSON.stringify(config));
  const program = join(import.meta.dirname, '../../dist/agent/ixha.cjs');
  const { flags, environment } = asItsService();
  const child = spawn(process.execPath, [...flags, program, 'witness', '--config', file], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** The flags and the environment with which its service starts it. */
function asItsService(): { readonly flags: string[]; readonly environment: Record<string, string> } {
  const unit = readFileSync(join(import.meta.dirname, '../../resources/units/ixha-witness.service'), 'utf8');
  const words = (line: RegExp) => (line.exec(unit)?.[1] ?? '').split(' ').filter(Boolean);
  const environment = words(/^Environment=(.*)$/m).map((word) => word.split('='));
  return {
    flags: words(/^ExecStart=\S+ ((?:--\S+ )*)/m),
    environment: Object.fromEntries(environment) as Record<string, string>,
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
