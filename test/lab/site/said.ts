import type { CommandResult } from '../hosts/command.ts';

/** Throws unless the command has done its work. */
export function expectDone(done: CommandResult): CommandResult {
  if (done.code !== 0) throw new Error(`${done.stdout}${done.stderr}`.slice(-3_000));
  return done;
}

/** Throws unless it was refused with this code and these words. */
export function expectRefused(done: CommandResult, code: string, ...words: readonly RegExp[]): void {
  const missing = [new RegExp(code), ...words].filter((one) => !one.test(done.stderr));
  if (done.code === 1 && missing.length === 0) return;
  throw new Error(`ended with ${done.code}, without ${missing.join(', ')}: ${done.stdout}${done.stderr}`);
}

/** The first line with these words; empty: there is none. */
export function lineWith({ stdout, stderr }: CommandResult, words: string): string {
  return (
    `${stdout}\n${stderr}`
      .split('\n')
      .find((line) => line.includes(words))
      ?.trim() ?? ''
  );
}
