import { spawn, type ChildProcess } from 'node:child_process';

export interface ProgramResult {
  /** Exit code; null when it was killed at its limit or could not be started. */
  readonly code: number | null;
  /** Standard output and error, at most 16 kB; of a program that could not be started: why. */
  readonly output: string;
  readonly timedOut: boolean;
  /** Null when nothing of it is left; else fulfilled once its process, killed at the limit, has really gone. */
  readonly left: Promise<void> | null;
}

export type RunProgram = (
  file: string,
  args: readonly string[],
  limitMs: number,
  /** What it reads from its standard input; absent: nothing. */
  input?: string,
) => Promise<ProgramResult>;

const outputLimit = 16 * 1024;

/**
 * Runs a program from an argument array, never through a shell, and answers after `limitMs` at the latest. At the
 * limit its whole process group is killed; a process that cannot be killed (a hung disk) is left behind, not waited
 * for, and told by `left`. Never rejects: what keeps a program from starting is a result too.
 */
export const runProgram: RunProgram = (file, args, limitMs, input) => run(file, args, limitMs, { input });

/** The same for a script whose standard output goes piece by piece to `take`, and is not collected. */
export function readScript(
  script: string,
  args: readonly string[],
  limitMs: number,
  take: (part: Buffer) => void,
): Promise<ProgramResult> {
  return run('/bin/bash', [script, ...args], limitMs, { take });
}

interface Ends {
  readonly input?: string | undefined;
  readonly take?: (part: Buffer) => void;
}

const run = (
  file: string,
  args: readonly string[],
  limitMs: number,
  { input, take }: Ends,
): Promise<ProgramResult> =>
  new Promise((resolve) => {
    let child: ChildProcess;
    try {
      // A group of its own, so that what a script has started ends with it.
      child = spawn(file, args, {
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        detached: true,
      });
    } catch (error) {
      resolve(notStarted(error));
      return;
    }
    let output = '';
    const collect = (part: Buffer) => {
      if (output.length < outputLimit) output += part.toString('utf8').slice(0, outputLimit - output.length);
    };
    // Without descriptors left there are no pipes, against their type; the error follows as an event.
    child.stdout?.on('data', take ?? collect);
    child.stderr?.on('data', collect);
    // A program that ends before it has read everything is told by how it ended.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    const gone = new Promise<void>((ended) => child.once('exit', () => ended()));
    const limit = setTimeout(() => {
      killGroup(child);
      // A grandchild that survives would hold the pipes open for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.unref();
      resolve({ code: null, output, timedOut: true, left: gone });
    }, limitMs);
    child.on('error', (error) => {
      clearTimeout(limit);
      resolve(notStarted(error));
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, output, timedOut: false, left: null });
    });
  });

/** The same for a script of the agent with its arguments, in a shell started for it alone. */
export const runScript: RunProgram = (script, args, limitMs) =>
  runProgram('/bin/bash', [script, ...args], limitMs);

/** Kills a process that leads a group of its own, and everything in that group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended between the limit and now.
  }
}

export function notStarted(error: unknown): ProgramResult {
  const output = error instanceof Error ? error.message : String(error);
  return { code: null, output, timedOut: false, left: null };
}
