import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from '../../electron/host/demo/demo-ports.ts';
import { signalProcess } from '../../electron/demo/server/process-table.ts';
import { processesThatName } from './processes-that-name.ts';

export const root = join(import.meta.dirname, '../..');
export const node = join(root, 'node_modules/.bin/node');
export const guardScript = join(root, 'resources/agent/guard.sh');
export const gateScript = join(root, 'resources/agent/gate.sh');

/** Polls until `check` gives something other than `undefined` or false; fails with `what` after the limit. */
export async function until<Value>(
  what: string,
  check: () => Value | undefined | false | Promise<Value | undefined | false>,
  limitMs = 30_000,
): Promise<Value> {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a busy machine may spoil is tried so often. */
export const attempts = 3;

/**
 * For what a right product may refuse or undo on a busy machine, such as a planned move: tries it again, up to twice. It
 * must begin with what brings back where it starts from.
 */
export async function upToThrice<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (spoilt) {
      if (tried === attempts) throw spoilt;
    }
  }
}

/** A fresh folder and the processes of one test; `clean` ends and removes all of them. */
export interface Bench {
  readonly directory: string;
  path(name: string): string;
  write(name: string, text: string): string;
  run(command: string, args: readonly string[]): ChildProcess & { readonly pid: number };
  /** One of our programs from its source. Its standard input is a pipe that stays open. */
  program(main: string, config: unknown): ChildProcess & { readonly pid: number };
  clean(): void;
}

export function createBench(): Bench {
  const directory = mkdtempSync(join(tmpdir(), 'ixd-'));
  const children: ChildProcess[] = [];
  let configs = 0;
  const bench: Bench = {
    directory,
    path: (name) => join(directory, name),
    write(name, text) {
      writeFileSync(join(directory, name), text);
      return join(directory, name);
    },
    run(command, args) {
      const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'inherit'], detached: true });
      child.on('error', () => undefined);
      child.stdin?.on('error', () => undefined);
      if (child.pid === undefined) throw new Error(`${command} does not start`);
      children.push(child);
      return child as ChildProcess & { readonly pid: number };
    },
    program(main, config) {
      configs += 1;
      const file = bench.write(`program-${configs}.json`, JSON.stringify(config));
      return bench.run(node, [join(root, main), '--config', file]);
    },
    clean() {
      for (const child of children) if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL');
      endThoseThatName(directory);
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return bench;
}

/**
 * Ends what moved to a group of its own, and waits until all of it is gone: a program that still writes its last
 * file would put the folder back that is removed here.
 */
function endThoseThatName(directory: string): void {
  const deadline = performance.now() + 5000;
  for (let left = processesThatName(directory); left.length > 0; left = processesThatName(directory)) {
    if (performance.now() > deadline) throw new Error(`processes ${left.join(', ')} do not end`);
    for (const pid of left) signalProcess(pid, 'SIGKILL');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
}

/**
 * A port that stays free until it is used, and while the program that uses it is restarted: outside of the
 * range from which the system takes the ports of outgoing connections. A port of that range may be taken by
 * any connection in between, even by one that a sender tries to make to the very program that is away.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = (await choosePorts(1))[0]!;
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    return port;
  }
}

/** No port twice in one test process: the first one may not be in use yet. */
const handedOut = new Set<number>();

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Sends lines to a demo server's control socket on one connection and resolves to its answers, in order. */
export function control(
  socketPath: string,
  ...requests: readonly unknown[]
): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = '';
    socket.setEncoding('utf8').on('error', reject);
    socket.on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n').slice(0, -1);
      if (lines.length < requests.length) return;
      socket.destroy();
      resolve(lines.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
    socket.on('close', () => reject(new Error('the control socket closed')));
    socket.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  });
}
