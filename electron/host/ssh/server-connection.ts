import type { Duplex } from 'node:stream';
import type { ProductError } from '../../../shared/errors.ts';
import { productError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { PinnedHostKey } from './host-key.ts';
import type { LegacyAlgorithm } from '../../../shared/site/legacy-algorithms.ts';

/** How to become root: already root, by sudo without a password, or by sudo with one (on stdin only). */
export type Privilege =
  | { readonly kind: 'root' }
  | { readonly kind: 'passwordless' }
  | { readonly kind: 'password'; readonly password: string };

/** Where an SSH server is and how it lets us in. Secrets are values in memory, never arguments or logs. */
export interface SshPlace {
  /** How messages call this server. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly pinned: readonly PinnedHostKey[];
  /** Fingerprints declared lost by their owners. */
  readonly revoked?: readonly string[];
  /** Text of a private key, with its passphrase when it is encrypted. */
  readonly privateKey?: { readonly text: string; readonly passphrase?: string };
  readonly password?: string;
  /** Socket of a running SSH agent (or `pageant`). */
  readonly sshAgent?: string;
  /** Answers what the server asks beside the password, such as a second factor. */
  readonly answer?: AnswerQuestion;
  /** Outdated algorithms that somebody consented to, for this server only. */
  readonly legacyAlgorithms?: readonly LegacyAlgorithm[];
  /** Another SSH server that the connection goes through; its own key is pinned too. */
  readonly jump?: SshPlace;
  readonly connectTimeoutMs?: number;
}

export interface SshTarget extends SshPlace {
  readonly privilege: Privilege;
}

/** Something that only a person can answer while a connection is made. */
export interface SshQuestion {
  readonly server: string;
  readonly user: string;
  /** What the server says about it; plain text without control characters. */
  readonly instructions: string;
  readonly prompts: readonly { readonly text: string; readonly hidden: boolean }[];
}

/** One answer per prompt; undefined when nobody answers. */
export type AnswerQuestion = (
  question: SshQuestion,
  signal: AbortSignal,
) => Promise<readonly string[] | undefined>;

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** Default 30 s. */
  readonly timeoutMs?: number;
  /** Run as root by the target's privilege. */
  readonly privileged?: boolean;
  /** Kept of stdout and of stderr each; the rest is dropped and `truncated` set. Default 1 MiB. */
  readonly maxOutputBytes?: number;
}

export interface CommandOutput {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

export interface UploadTarget {
  readonly path: string;
  /** Such as `0640`. */
  readonly mode: string;
  /** Such as `root:root`. */
  readonly owner: string;
}

export type UploadSource =
  | { readonly kind: 'content'; readonly content: string | Uint8Array }
  | { readonly kind: 'file'; readonly file: string };

/** One server as the installer sees it. Implemented over SSH; tests use one in memory. */
export interface ServerConnection {
  readonly name: string;
  /** Outdated algorithms that the connection rests on, by consent. */
  readonly legacy?: readonly LegacyAlgorithm[];
  /** Runs one program. A non-zero exit is a value here, not an error. */
  run(argv: readonly string[], options?: RunOptions): Promise<Result<CommandOutput, ProductError>>;
  /** Replaces a file as a whole, as root: checksum compared, synced, renamed. */
  upload(source: UploadSource, target: UploadTarget): Promise<Result<void, ProductError>>;
  /** Opens a connection from there to an address, through the SSH server; absent: there is no such way. */
  forward?(address: string, port: number): Promise<Result<Duplex, ProductError>>;
  /** Nothing runs on it any more from now on; what runs already goes on to its end. */
  close(): void;
}

/** The part of a connection that only runs programs. */
export type CommandRunner = Pick<ServerConnection, 'name' | 'run'>;

/** Runs a program that must exit with 0; anything else is `ssh.command-failed` with its output. */
export async function runChecked(
  server: CommandRunner,
  argv: readonly string[],
  options: RunOptions & { readonly what: string },
): Promise<Result<CommandOutput, ProductError>> {
  const { what, ...runOptions } = options;
  const result = await server.run(argv, runOptions);
  if (!result.ok || result.value.exitCode === 0) return result;
  return fail(commandFailed(server.name, what, result.value));
}

/** `ssh.command-failed` with the last lines of what the program said. */
export function commandFailed(server: string, what: string, output: CommandOutput): ProductError {
  const how = output.exitCode === null ? `signal ${output.signal ?? 'unknown'}` : `exit ${output.exitCode}`;
  const said = `${output.stderr}\n${output.stdout}`.split('\n').filter((line) => line.trim() !== '');
  return productError('ssh.command-failed', `${server}: ${what} failed (${how}).`, said.slice(-10));
}

/** Standard output of a program that must exit with 0. */
export async function outputOf(
  server: CommandRunner,
  argv: readonly string[],
  options: RunOptions & { readonly what: string },
): Promise<Result<string, ProductError>> {
  const result = await runChecked(server, argv, options);
  return result.ok ? succeed(result.value.stdout) : result;
}
