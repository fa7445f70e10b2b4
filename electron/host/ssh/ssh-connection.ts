import { readFile } from 'node:fs/promises';
import { Client, type ClientChannel, type ConnectConfig } from 'ssh2';
import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { describeHostKey, judgeHostKey } from './host-key.ts';
import { OutputCollector } from './output-collector.ts';
import { noPrivilege, prepareCommand } from './privilege.ts';
import { quoteCommand } from './quoting.ts';
import type {
  CommandOutput,
  Privilege,
  RunOptions,
  ServerConnection,
  SshTarget,
} from './server-connection.ts';
import { connectError, connectionLost, hostKeyError, timedOut } from './ssh-errors.ts';
import { uploadFile } from './upload.ts';

const connectTimeoutMs = 15_000;
const commandTimeoutMs = 30_000;
const transferTimeoutMs = 10 * 60_000;
const keepAlive = { keepaliveInterval: 5_000, keepaliveCountMax: 3 };
const outputLimitBytes = 1024 * 1024;

/**
 * Connects to a server and proves that its user can act as root. The host key is compared with the
 * pinned ones before anything is sent: the library alone would accept any key.
 *
 * Errors: server.unreachable, server.timeout, ssh.authentication, ssh.host-key-changed,
 * ssh.host-key-unknown, ssh.no-privilege.
 */
export async function connectServer(target: SshTarget): Promise<Result<ServerConnection, ProductError>> {
  const client = new Client();
  const connected = await openClient(client, target);
  if (!connected.ok) return connected;
  const privilege = await provePrivilege(client, target);
  if (!privilege.ok) {
    client.end();
    return privilege;
  }
  const run: ServerConnection['run'] = (argv, options = {}) =>
    runCommand(client, target, privilege.value, argv, options);
  return succeed({
    name: target.name,
    run,
    upload: async (source, uploadTarget) => {
      const content = source.kind === 'content' ? Buffer.from(source.content) : await readFile(source.file);
      const write = (path: string) => writeOverSftp(client, target, path, content);
      return uploadFile({ name: target.name, run, write }, content, uploadTarget);
    },
    close: () => client.end(),
  });
}

function openClient(client: Client, target: SshTarget): Promise<Result<void, ProductError>> {
  const timeoutMs = target.connectTimeoutMs ?? connectTimeoutMs;
  return new Promise((resolve) => {
    let refused: ProductError | undefined;
    const finish = (result: Result<void, ProductError>) => {
      clearTimeout(timer);
      resolve(result);
      if (!result.ok) client.destroy();
    };
    const timer = setTimeout(() => finish(fail(timedOut(target, 'connecting', timeoutMs))), timeoutMs);
    client.on('connect', () => client.setNoDelay(true));
    client.on('ready', () => finish(succeed(undefined)));
    // Stays for the connection's life: a later error without a listener would end the whole program.
    client.on('error', (error) => finish(fail(refused ?? connectError(target, error))));
    client.on('close', () => finish(fail(refused ?? connectionLost(target, 'connecting'))));
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, answer) =>
      answer(prompts.map(() => target.password ?? '')),
    );
    const hostVerifier = (blob: Buffer): boolean => {
      const presented = describeHostKey(blob);
      const verdict = judgeHostKey(target.pinned, presented);
      if (verdict !== 'match') refused = hostKeyError(target, verdict, target.pinned, presented);
      return verdict === 'match';
    };
    try {
      client.connect({ ...connectConfig(target), readyTimeout: timeoutMs, hostVerifier });
    } catch (error) {
      finish(fail(connectError(target, error as Error)));
    }
  });
}

function connectConfig(target: SshTarget): ConnectConfig {
  const { privateKey, password, sshAgent } = target;
  return {
    host: target.address,
    port: target.port,
    username: target.user,
    ...keepAlive,
    ...(privateKey && { privateKey: privateKey.text }),
    ...(privateKey?.passphrase !== undefined && { passphrase: privateKey.passphrase }),
    ...(password !== undefined && { password, tryKeyboard: true }),
    ...(sshAgent !== undefined && { agent: sshAgent }),
  };
}

/** Tries to act as root the way the target says. A password that sudo does not want is never sent. */
async function provePrivilege(client: Client, target: SshTarget): Promise<Result<Privilege, ProductError>> {
  const attempt = (argv: readonly string[], privilege: Privilege, privileged: boolean) =>
    runCommand(client, target, privilege, argv, { privileged });
  const wanted = target.privilege;
  if (wanted.kind === 'root') {
    const id = await attempt(['id', '-u'], wanted, false);
    if (!id.ok) return id;
    return id.value.stdout.trim() === '0'
      ? succeed(wanted)
      : fail(
          noPrivilege(
            target.name,
            target.user,
            'this user is not root and sudo is not allowed by the site file',
          ),
        );
  }
  const free: Privilege = { kind: 'passwordless' };
  const silent = await attempt(['sudo', '-n', '-k', 'true'], free, false);
  if (!silent.ok) return silent;
  if (silent.value.exitCode === 0) return succeed(free);
  const why = lastLine(silent.value.stderr) || 'sudo does not work without a password';
  if (wanted.kind === 'passwordless') return fail(noPrivilege(target.name, target.user, why));
  const asked = await attempt(['true'], wanted, true);
  if (!asked.ok) return asked;
  return asked.value.exitCode === 0
    ? succeed(wanted)
    : fail(
        noPrivilege(target.name, target.user, lastLine(asked.value.stderr) || 'sudo refused the password'),
      );
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function runCommand(
  client: Client,
  target: SshTarget,
  privilege: Privilege,
  argv: readonly string[],
  options: RunOptions,
): Promise<Result<CommandOutput, ProductError>> {
  const command = prepareCommand(argv, options, privilege);
  const what = `“${argv.slice(0, 2).join(' ')}”`;
  const timeoutMs = options.timeoutMs ?? commandTimeoutMs;
  return new Promise((resolve) => {
    let channel: ClientChannel | undefined;
    const finish = (result: Result<CommandOutput, ProductError>) => {
      clearTimeout(timer);
      client.off('close', lost);
      resolve(result);
    };
    const lost = () => finish(fail(connectionLost(target, what)));
    const timer = setTimeout(() => {
      channel?.signal('KILL');
      channel?.close();
      finish(fail(timedOut(target, what, timeoutMs)));
    }, timeoutMs);
    client.on('close', lost);
    const opened = (error: Error | undefined, stream: ClientChannel) => {
      if (error) return finish(fail(connectionLost(target, `${what}: ${error.message}`)));
      channel = stream;
      const stdout = new OutputCollector(options.maxOutputBytes ?? outputLimitBytes);
      const stderr = new OutputCollector(options.maxOutputBytes ?? outputLimitBytes);
      let ended: Pick<CommandOutput, 'exitCode' | 'signal'> | undefined;
      stream.on('data', (chunk: Buffer) => stdout.add(chunk));
      stream.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
      stream.on('exit', (code: number | null, signal?: string) => {
        ended = { exitCode: code, signal: signal ?? null };
      });
      stream.on('close', () => {
        if (!ended) return lost();
        const truncated = stdout.truncated || stderr.truncated;
        finish(succeed({ ...ended, stdout: stdout.text(), stderr: stderr.text(), truncated }));
      });
      // A program that ends without reading its input is no failure of the connection.
      stream.on('error', () => {});
      stream.end(command.stdin);
    };
    try {
      client.exec(quoteCommand(command.argv), opened);
    } catch {
      lost();
    }
  });
}

function writeOverSftp(
  client: Client,
  target: SshTarget,
  path: string,
  content: Buffer,
): Promise<Result<void, ProductError>> {
  return new Promise((resolve) => {
    const finish = (result: Result<void, ProductError>) => {
      clearTimeout(timer);
      client.off('close', lost);
      resolve(result);
    };
    const lost = () => finish(fail(connectionLost(target, `the transfer of ${path}`)));
    const timer = setTimeout(
      () => finish(fail(timedOut(target, 'a file transfer', transferTimeoutMs))),
      transferTimeoutMs,
    );
    client.on('close', lost);
    try {
      client.sftp((error, sftp) => {
        if (error) return finish(fail(connectionLost(target, `opening SFTP: ${error.message}`)));
        const stream = sftp.createWriteStream(path, { mode: 0o600 });
        stream.on('error', (cause: Error) => {
          sftp.end();
          finish(fail(connectionLost(target, `the transfer of ${path}: ${cause.message}`)));
        });
        stream.on('close', () => {
          sftp.end();
          finish(succeed(undefined));
        });
        stream.end(content);
      });
    } catch {
      lost();
    }
  });
}
