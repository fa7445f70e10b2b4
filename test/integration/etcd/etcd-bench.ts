import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, until, type Bench } from '../demo-harness.ts';
import { makeEtcdCertificates } from './etcd-certificates.ts';
import { EtcdClient } from './etcd-client.ts';

const program = ['/usr/bin/etcd', '/usr/local/bin/etcd'].find((path) => existsSync(path));

/** Null: a real etcd can be started here. */
export const etcdMissing: string | null =
  program === undefined ? 'etcd is not installed here (Debian package etcd-server)' : null;

interface Member {
  readonly name: string;
  readonly client: number;
  readonly peer: number;
  process: ChildProcess | null;
}

/** A real etcd of one or three members on loopback, with mutual TLS by an authority of its own. */
export class EtcdBench {
  readonly certificates: string;
  readonly members: Member[] = [];
  readonly client: EtcdClient;
  private readonly folder: string;
  private readonly token: string;

  private constructor(bench: Bench, name: string) {
    this.folder = bench.path(name);
    this.certificates = join(this.folder, 'certificates');
    this.token = name;
    this.client = new EtcdClient(this.certificates, () => this.endpoints);
  }

  static async start(bench: Bench, size: 1 | 3, name = 'etcd'): Promise<EtcdBench> {
    const etcd = new EtcdBench(bench, name);
    makeEtcdCertificates(etcd.certificates, ['127.0.0.1']);
    for (let at = 1; at <= size; at += 1)
      etcd.members.push({
        name: `${name}${at}`,
        client: await freePort(),
        peer: await freePort(),
        process: null,
      });
    etcd.bootAll();
    await etcd.answers();
    return etcd;
  }

  get endpoints() {
    return this.members.map(({ client }) => ({ address: '127.0.0.1', port: client }));
  }

  bootAll(): void {
    for (const [at, member] of this.members.entries()) if (member.process === null) this.boot(at);
  }

  boot(at: number): void {
    const member = this.members[at]!;
    const of = (file: string) => join(this.certificates, file);
    const [client, peer] = [`https://127.0.0.1:${member.client}`, `http://127.0.0.1:${member.peer}`];
    const all = this.members.map((one) => `${one.name}=http://127.0.0.1:${one.peer}`).join(',');
    const options = {
      name: member.name,
      'data-dir': join(this.folder, member.name),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': all,
      'initial-cluster-token': this.token,
      'cert-file': of('server.pem'),
      'key-file': of('server-key.pem'),
      'trusted-ca-file': of('authority.pem'),
      'auto-compaction-retention': '1',
      'quota-backend-bytes': '16777216',
      'heartbeat-interval': '100',
      'election-timeout': '1000',
    };
    const args = Object.entries(options).map(([key, value]) => `--${key}=${value}`);
    const child = spawn(program!, [...args, '--client-cert-auth'], { stdio: 'ignore' });
    child.on('error', () => undefined);
    member.process = child;
  }

  /** Ends it as a power cut would. */
  async kill(at: number): Promise<void> {
    const { process: child } = this.members[at]!;
    this.members[at]!.process = null;
    if (child === null || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  signal(at: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.members[at]!.process?.kill(signal);
  }

  wipe(): void {
    for (const { name } of this.members) rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  leader(): Promise<number> {
    const leads = async () => {
      const at = await this.client.leader();
      return at === undefined ? undefined : { at };
    };
    return until('etcd has a leader', leads, 40_000).then(({ at }) => at);
  }

  async answers(): Promise<void> {
    await until('etcd answers', () => this.client.answers(), 40_000);
  }

  async close(): Promise<void> {
    for (const at of this.members.keys()) await this.kill(at);
  }
}
