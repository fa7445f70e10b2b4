import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { freePort, until, type Bench } from '../demo-harness.ts';

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
  private readonly folder: string;
  private readonly token: string;

  private constructor(bench: Bench, name: string) {
    this.folder = bench.path(name);
    this.certificates = join(this.folder, 'certificates');
    this.token = name;
    mkdirSync(this.certificates, { recursive: true });
  }

  static async start(bench: Bench, size: 1 | 3, name = 'etcd'): Promise<EtcdBench> {
    const etcd = new EtcdBench(bench, name);
    makeCertificates(etcd.certificates);
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

  async leader(): Promise<number> {
    return until(
      'etcd has a leader',
      async () => {
        for (const [at] of this.members.entries()) {
          const status = await this.call(at, '/v3/maintenance/status', {}).catch(() => null);
          const { leader, header } = (status ?? {}) as { leader?: string; header?: { member_id: string } };
          if (leader !== undefined && leader !== '0' && leader === header?.member_id) return { at };
        }
        return undefined;
      },
      40_000,
    ).then(({ at }) => at);
  }

  async answers(): Promise<void> {
    await until(
      'etcd answers',
      () =>
        this.put('started', 'yes').then(
          () => true,
          () => false,
        ),
      40_000,
    );
  }

  put(key: string, value: string): Promise<unknown> {
    return this.anywhere('/v3/kv/put', { key: base64(key), value: base64(value) });
  }

  async get(key: string): Promise<string | undefined> {
    const answer = (await this.anywhere('/v3/kv/range', { key: base64(key) })) as {
      kvs?: { value: string }[];
    };
    const value = answer.kvs?.[0]?.value;
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  }

  /** Users on: `root`, and `ixha` who may read and write below the prefix only. */
  async addUsers(prefix: string, password: string): Promise<void> {
    const call = (path: string, body: object) => this.anywhere(`/v3/auth/${path}`, body);
    await call('user/add', { name: 'root', password: 'root-only' });
    await call('role/add', { name: 'root' });
    await call('user/grant', { user: 'root', role: 'root' });
    await call('role/add', { name: 'leases' });
    const range = { key: base64(`${prefix}/`), range_end: base64(`${prefix}0`) };
    await call('role/grant', { name: 'leases', perm: { permType: 'READWRITE', ...range } });
    await call('user/add', { name: 'ixha', password });
    await call('user/grant', { user: 'ixha', role: 'leases' });
    await call('enable', {});
  }

  async anywhere(path: string, body: object): Promise<unknown> {
    let last: unknown;
    for (const at of this.members.keys()) {
      try {
        return await this.call(at, path, body);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  call(at: number, path: string, body: object): Promise<unknown> {
    const of = (file: string) => readFileSync(join(this.certificates, file), 'utf8');
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.members[at]!.client,
          path,
          method: 'POST',
          ca: of('authority.pem'),
          cert: of('certificate.pem'),
          key: of('key.pem'),
          agent: false,
          timeout: 10_000,
        },
        (response) => {
          let text = '';
          response.on('data', (part: Buffer) => (text += part.toString('utf8')));
          response.on('error', reject);
          response.on('end', () =>
            response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text)),
          );
        },
      );
      call.on('timeout', () => call.destroy(new Error('timeout')));
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
  }

  async close(): Promise<void> {
    for (const at of this.members.keys()) await this.kill(at);
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** An authority, a server's certificate for loopback, and a member's without a common name. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'authority-key.pem',
    '-out',
    'authority.pem',
    '-days',
    '2',
    '-subj',
    '/O=etcd authority',
  );
  writeFileSync(
    join(folder, 'server.ext'),
    'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n',
  );
  writeFileSync(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
  const issue = (out: string, keyOut: string, subject: string, extensions: string) => {
    openssl('req', '-new', ...key, '-keyout', keyOut, '-out', `${out}.csr`, '-subj', subject);
    openssl(
      'x509',
      '-req',
      '-in',
      `${out}.csr`,
      '-CA',
      'authority.pem',
      '-CAkey',
      'authority-key.pem',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      extensions,
      '-out',
      out,
    );
  };
  issue('server.pem', 'server-key.pem', '/O=etcd', 'server.ext');
  issue('certificate.pem', 'key.pem', '/O=member', 'client.ext');
}
