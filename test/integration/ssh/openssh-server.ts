import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const program = '/usr/sbin/sshd';
const startWithinMs = 20_000;

/** Debian's own SSH server; without it these tests cannot say anything. */
export const hasOpenssh = existsSync(program);

export interface OpensshOptions {
  /** Types of its host keys, such as `ed25519` and `rsa`. Default: `ed25519`. */
  readonly hostKeys?: readonly ('ed25519' | 'rsa' | 'ecdsa')[];
  /** Lines of sshd_config, before the usual ones: the first of two counts. */
  readonly config?: readonly string[];
}

/** A real sshd on a free loopback port, with its own configuration, host keys and one user key. */
export interface OpensshServer {
  readonly port: number;
  readonly folder: string;
  /** The user that may sign in: whoever runs the test. */
  readonly user: string;
  /** File of the private key that is let in. */
  readonly identity: string;
  /** What `ssh-keygen -lf` says of a host key. */
  fingerprint(type?: 'ed25519' | 'rsa' | 'ecdsa'): string;
  /** A known_hosts line for a host key, as OpenSSH itself would write it. */
  knownHostsLine(type?: 'ed25519' | 'rsa' | 'ecdsa'): string;
  /** Processes that serve a connection now. */
  connections(): number;
  /** Ends every open connection without a goodbye. */
  dropConnections(): void;
  log(): string;
  /** Ends it and leaves its files. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it as whoever runs the test; nothing outside its folder is read or changed. */
export async function startOpenssh(options: OpensshOptions = {}): Promise<OpensshServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ixha-sshd-'));
  const types = options.hostKeys ?? ['ed25519'];
  for (const type of types) makeKey(join(folder, `host_${type}`), type);
  const identity = join(folder, 'identity');
  makeKey(identity, 'ed25519');
  // Root's sshd gives up its rights for the first part of a connection, and needs this folder for it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  writeFileSync(
    join(folder, 'sshd_config'),
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...types.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
      `AuthorizedKeysFile ${folder}/identity.pub ${folder}/authorized_keys`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PidFile none',
      '',
    ].join('\n'),
  );
  const log = join(folder, 'log');
  const child = spawn(program, ['-D', '-f', join(folder, 'sshd_config'), '-E', log], { stdio: 'ignore' });
  const readLog = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const dropConnections = () => childrenOf(child.pid!).forEach(endProcess);
  const kill = async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
    dropConnections();
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  if (!(await answers(port))) {
    const said = readLog();
    await stop();
    throw new Error(`sshd did not start: ${said}`);
  }
  const publicKey = (type: string) => readFileSync(join(folder, `host_${type}.pub`), 'utf8').trim();
  return {
    port,
    folder,
    user: userInfo().username,
    identity,
    fingerprint: (type = types[0]!) =>
      execFileSync('ssh-keygen', ['-lf', join(folder, `host_${type}.pub`)])
        .toString()
        .split(' ')[1]!,
    knownHostsLine: (type = types[0]!) => `[127.0.0.1]:${port} ${publicKey(type)}`,
    connections: () => childrenOf(child.pid!).length,
    dropConnections,
    log: readLog,
    kill,
    stop,
  };
}

/** A key pair made by ssh-keygen. */
export function makeKey(file: string, type: string, passphrase = ''): void {
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...bits, '-N', passphrase, '-f', file]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

async function answers(port: number): Promise<boolean> {
  const until = performance.now() + startWithinMs;
  while (performance.now() < until) {
    const socket = connect({ port, host: '127.0.0.1' });
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isUp) return true;
    await pause(30);
  }
  return false;
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
