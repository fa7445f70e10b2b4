import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** Exit code; null when it was killed at its limit or could not be started. */
  readonly code: number | null;
  /** Standard output and error, at most 16 kB. */
  readonly output: string;
  readonly timedOut: boolean;
}

const outputLimit = 16 * 1024;

/**
 * Runs a program from an argument array, never through a shell, and answers after `limitMs` at the latest: a
 * child that cannot be killed (a hung disk) is left behind, not waited for.
 */
export function runProgram(file: string, args: readonly string[], limitMs: number): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (part: Buffer) => {
      if (output.length < outputLimit) output += part.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      resolve({ code: null, output, timedOut: true });
    }, limitMs);
    child.on('error', (error) => {
      clearTimeout(limit);
      resolve({ code: null, output: error.message, timedOut: false });
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, output, timedOut: false });
    });
  });
}
