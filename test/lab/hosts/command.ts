import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Runs a program to its end and returns what it said; killed after `timeoutMs` (60 s unless told). */
export function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
    ...(options.env ? { env: options.env } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  // What we started ends with us, also when a run is broken off.
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.on('error', (error) => {
    process.off('exit', endWithUs);
    reject(error);
  });
  child.on('close', (code, signal) => {
    process.off('exit', endWithUs);
    resolve({ code: code ?? -1, stdout, stderr: signal ? `${stderr}ended by ${signal}\n` : stderr });
  });
  // A program that ends without reading its input closes the pipe; that is its business.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return promise;
}

/** As `run`, but anything except exit code 0 is an error that quotes the command and what it said. */
export async function must(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await run(program, args, options);
  if (result.code !== 0) {
    const said = (result.stderr + result.stdout).trim().slice(-1500);
    throw new Error(`${program} ${args.join(' ').slice(0, 300)}: exit code ${result.code}: ${said}`);
  }
  return result.stdout;
}

/** For clean-up: what is already gone is fine. */
export async function tolerate(program: string, args: readonly string[]): Promise<boolean> {
  return (await run(program, args)).code === 0;
}

/** Asks `ready` every `everyMs` until it says yes. Throws with `what` when the deadline passes. */
export async function until(
  what: string,
  ready: () => Promise<boolean> | boolean,
  limits: { readonly deadlineMs: number; readonly everyMs?: number },
): Promise<void> {
  const end = performance.now() + limits.deadlineMs;
  for (;;) {
    if (await ready()) return;
    if (performance.now() > end) throw new Error(`${what}: not within ${limits.deadlineMs / 1000} s`);
    await pause(limits.everyMs ?? 50);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
