import { spawn } from 'node:child_process';

const longestAnswer = 1024 * 1024;

interface RanHere {
  /** Null: it was not started, or was ended. */
  readonly code: number | null;
  readonly out: string;
  /** The end of what it wrote to its error output. */
  readonly said: string;
}

/** Runs a program of the product on this workstation, with its order on standard input. Never rejects. */
export function runHere(
  command: string,
  words: readonly string[],
  input: string,
  withinMs: number,
): Promise<RanHere> {
  return new Promise((resolve) => {
    // Nothing else of the environment: it may name things that the program would obey.
    const child = spawn(command, [...words], {
      env: { PATH: process.env['PATH'] },
      timeout: withinMs,
      stdio: 'pipe',
    });
    let out = '';
    let said = '';
    child.stdout.on(
      'data',
      (part: Buffer) => (out = `${out}${part.toString('utf8')}`.slice(0, longestAnswer)),
    );
    child.stderr.on('data', (part: Buffer) => (said = `${said}${part.toString('utf8')}`.slice(-4_000)));
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => resolve({ code: null, out: '', said: error.message }));
    child.on('close', (code) => resolve({ code, out, said }));
    child.stdin.end(input);
  });
}
