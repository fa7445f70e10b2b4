import { spawn } from 'node:child_process';

/** A gate that says nothing for this long refuses, as a service manager's start limit would. */
const gateLimitMs = 5_000;

/** Runs a unit's gate. Resolves to the refusal in its own words, or to `undefined` when it lets pass. */
export function askGate(command: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const gate = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: gateLimitMs,
    });
    let words = '';
    gate.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(0, 500);
    });
    gate.on('error', (error) => resolve(`the gate cannot be run: ${error.message}`));
    gate.on('close', (code) => {
      resolve(code === 0 ? undefined : words.trim() || `the gate ended with ${code ?? 'a signal'}`);
    });
  });
}
