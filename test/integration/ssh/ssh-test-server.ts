import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import ssh2, { type ServerConfig, type Connection, type ServerChannel, type Session } from 'ssh2';
import { describeHostKey, type PresentedHostKey } from '../../../electron/host/ssh/host-key.ts';
import { judgeSignIn, type SignInOptions } from './test-sign-in.ts';

/** How the test server treats its callers. */
export interface SshTestServerOptions extends SignInOptions {
  readonly hostKey?: string;
  readonly algorithms?: ServerConfig['algorithms'];
  /** Put in front of PATH, so that a test brings its own `sudo` or `id`. */
  readonly pathPrefix?: string;
  /** Changes bytes on their way into a program. */
  readonly corruptInput?: boolean;
}

export interface SshTestServer {
  readonly port: number;
  readonly hostKey: PresentedHostKey;
  /** As it stands in known_hosts. */
  readonly hostKeyBlob: string;
  /** Command lines as they arrived. */
  readonly commands: string[];
  /** Ways to sign in as they were tried. */
  readonly tried: string[];
  /** Ends every open connection without a goodbye. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** Now and then ssh2 makes a key that it cannot read itself; such a one is made anew. */
export function ed25519(): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** A real SSH server on loopback whose commands run in this machine's own shell. */
export async function startSshTestServer(options: SshTestServerOptions = {}): Promise<SshTestServer> {
  const hostKey = options.hostKey ?? ed25519().private;
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw parsed;
  const commands: string[] = [];
  const tried: string[] = [];
  const connections = new Set<Connection>();
  const server = new ssh2.Server(
    { hostKeys: [hostKey], ...(options.algorithms && { algorithms: options.algorithms }) },
    (client) => {
      connections.add(client);
      (client as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
      client.on('error', () => {});
      client.on('close', () => connections.delete(client));
      client.on('authentication', (context) => {
        tried.push(context.method);
        judgeSignIn(context, options);
      });
      client.on('tcpip', (accept, reject, { destIP, destPort }) => {
        const onward = connectSocket(destPort, destIP);
        onward.once('error', () => reject());
        onward.once('connect', () => {
          const channel = accept();
          onward.on('error', () => channel.destroy());
          onward.pipe(channel).pipe(onward);
        });
      });
      client.on('session', (accept) => serveSession(accept(), options, commands));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: describeHostKey(parsed.getPublicSSH()),
    hostKeyBlob: parsed.getPublicSSH().toString('base64'),
    commands,
    tried,
    dropConnections: () => connections.forEach((connection) => connection.end()),
    close: async () => {
      connections.forEach((connection) => connection.end());
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serveSession(session: Session, options: SshTestServerOptions, commands: string[]): void {
  session.on('exec', (accept, _reject, info) => {
    commands.push(info.command);
    runInShell(accept(), info.command, options);
  });
}

function runInShell(channel: ServerChannel, command: string, options: SshTestServerOptions): void {
  const path = options.pathPrefix ? `${options.pathPrefix}:${process.env['PATH']}` : process.env['PATH'];
  const child = spawn('sh', ['-c', withOwnPrograms(command, options)], { env: { PATH: path } });
  const spoil = (bytes: Buffer) => bytes.map((byte) => byte ^ 1);
  if (options.corruptInput) channel.on('data', (bytes: Buffer) => child.stdin.write(spoil(bytes)));
  if (options.corruptInput) channel.on('end', () => child.stdin.end());
  else channel.pipe(child.stdin);
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  child.on('close', (code, signal) => {
    if (code === null) channel.exit(signal ?? 'KILL');
    else channel.exit(code);
    channel.end();
  });
  channel.on('close', () => child.kill('SIGKILL'));
}

/** Commands come with a path of their own, which the test's programs go before too. */
function withOwnPrograms(command: string, { pathPrefix }: SshTestServerOptions): string {
  return pathPrefix === undefined ? command : command.replace("'PATH=", `'PATH=${pathPrefix}:`);
}
