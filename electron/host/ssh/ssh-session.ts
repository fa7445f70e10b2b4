import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { ChannelSlots } from './channel-slots.ts';
import type { LegacyAlgorithm } from '../../../shared/site/legacy-algorithms.ts';
import { OutputCollector } from './output-collector.ts';
import type { PreparedCommand } from './privilege.ts';
import { quoteCommand } from './quoting.ts';
import type { CommandOutput, RunOptions, SshPlace } from './server-connection.ts';
import { openClient } from './ssh-client.ts';
import { connectionLost, timedOut, where } from './ssh-errors.ts';

const commandTimeoutMs = 30_000;
const forwardTimeoutMs = 10_000;
const outputLimitBytes = 1024 * 1024;
/** Two less than OpenSSH lets by default, for whoever else uses the same connection's server. */
const mostChannels = 8;

/** One open SSH connection. Everything on it has a time limit and ends with it. */
export interface SshSession {
  readonly legacy: readonly LegacyAlgorithm[];
  /** False from the moment the connection ends, for whatever reason. */
  isOpen(): boolean;
  onEnd(listener: () => void): void;
  run(
    command: PreparedCommand,
    what: string,
    options: RunOptions,
  ): Promise<Result<CommandOutput, ProductError>>;
  /** A TCP connection that begins on that server. */
  forward(address: string, port: number): Promise<Result<Duplex, ProductError>>;
  end(): void;
}

/** Connects and signs in; `through` as in `openClient`, and errors too. */
export async function openSession(
  target: SshPlace,
  through?: Duplex,
): Promise<Result<SshSession, ProductError>> {
  const opened = await openClient(target, through);
  if (!opened.ok) return opened;
  const { client, legacy } = opened.value;
  const slots = new ChannelSlots(mostChannels);
  let isOpen = true;
  client.on('close', () => (isOpen = false));
  return succeed({
    legacy,
    isOpen: () => isOpen,
    onEnd: (listener) => client.on('close', listener),
    run: (command, what, options) => runCommand({ client, target, slots }, command, what, options),
    forward: (address, port) => forward(client, target, address, port),
    end: () => {
      isOpen = false;
      client.end();
    },
  });
}

interface Link {
  readonly client: Client;
  readonly target: SshPlace;
  readonly slots: ChannelSlots;
}

/** An action on the connection: a time limit, the end of the connection, and whatever must be closed after it. */
class Action<Value> {
  readonly result: Promise<Result<Value, ProductError>>;
  readonly #resolve: (result: Result<Value, ProductError>) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #client: Client;
  readonly lost: () => void;
  isOver = false;
  /** Closes what was opened when the time limit has passed. */
  abandon: () => void = () => undefined;

  constructor(client: Client, target: SshPlace, what: string, timeoutMs: number) {
    const { promise, resolve } = Promise.withResolvers<Result<Value, ProductError>>();
    this.result = promise;
    this.#resolve = resolve;
    this.#client = client;
    this.lost = () => this.end(fail(connectionLost(target, what)));
    this.#timer = setTimeout(() => {
      this.end(fail(timedOut(target, what, timeoutMs)));
      this.abandon();
    }, timeoutMs);
    client.on('close', this.lost);
  }

  end(result: Result<Value, ProductError>): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#client.off('close', this.lost);
    this.#resolve(result);
  }
}

async function runCommand(
  link: Link,
  command: PreparedCommand,
  what: string,
  options: RunOptions,
): Promise<Result<CommandOutput, ProductError>> {
  const release = await link.slots.take();
  const line = quoteCommand(command.argv);
  const timeoutMs = options.timeoutMs ?? commandTimeoutMs;
  const action = new Action<CommandOutput>(link.client, link.target, what, timeoutMs);
  let isRefused = false;
  try {
    link.client.exec(line, (error, stream) => {
      if (error) {
        isRefused = isChannelRefusal(error) && link.slots.refused();
        action.end(fail(connectionLost(link.target, `${what}: ${error.message}`)));
      } else if (action.isOver) stream.close();
      else collect(action, stream, command.stdin, options.maxOutputBytes ?? outputLimitBytes);
    });
  } catch {
    action.lost();
  }
  const result = await action.result;
  release();
  return isRefused ? runCommand(link, command, what, options) : result;
}

function collect(
  action: Action<CommandOutput>,
  stream: ClientChannel,
  stdin: Uint8Array,
  limitBytes: number,
): void {
  const stdout = new OutputCollector(limitBytes);
  const stderr = new OutputCollector(limitBytes);
  let ended: Pick<CommandOutput, 'exitCode' | 'signal'> | undefined;
  action.abandon = () => {
    stream.signal('KILL');
    stream.close();
  };
  stream.on('data', (chunk: Buffer) => stdout.add(chunk));
  stream.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  stream.on('exit', (code: number | null, signal?: string) => {
    ended = { exitCode: code, signal: signal ?? null };
  });
  stream.on('close', () => {
    if (!ended) return action.lost();
    const truncated = stdout.truncated || stderr.truncated;
    action.end(succeed({ ...ended, stdout: stdout.text(), stderr: stderr.text(), truncated }));
  });
  // A program that ends without reading its input is no failure of the connection.
  stream.on('error', () => {});
  stream.end(stdin);
}

/** The server answered, and would not open another channel now. */
function isChannelRefusal(error: Error & { reason?: unknown }): boolean {
  return error.reason !== undefined;
}

function forward(
  client: Client,
  target: SshPlace,
  address: string,
  port: number,
): Promise<Result<Duplex, ProductError>> {
  const what = `reaching ${address} port ${port} from there`;
  const action = new Action<Duplex>(client, target, what, forwardTimeoutMs);
  try {
    client.forwardOut('127.0.0.1', 0, address, port, (error, stream) => {
      if (error) action.end(fail(notForwarded(target, address, port, error)));
      else if (action.isOver) stream.destroy();
      else action.end(succeed(stream));
    });
  } catch {
    action.lost();
  }
  return action.result;
}

const administrativelyProhibited = 1;

function notForwarded(
  target: SshPlace,
  address: string,
  port: number,
  error: Error & { reason?: unknown },
): ProductError {
  if (error.reason !== administrativelyProhibited) {
    const said = `${where(target)} cannot reach ${address} port ${port}.`;
    return productError('server.unreachable', said, [error.message]);
  }
  return productError(
    'ssh.no-forwarding',
    `${where(target)} does not let connections through to ${address} port ${port}.`,
    [error.message],
  );
}
