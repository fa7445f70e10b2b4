import type { CommandOutput } from '../../../../electron/host/ssh/server-connection.ts';
import { succeed } from '../../../../shared/result.ts';

/** The lock of a site as a server in memory holds it. */
export class MemoryLock {
  /** Of whoever holds it; undefined: it is free. */
  note: string | undefined;

  /** Takes, keeps and gives it back as its scripts do. */
  answer(name: string, [word, breaking]: readonly string[]): string {
    const isHeldBy = (id: string | undefined) => id !== '' && this.note?.includes(`"id":"${id}"`);
    if (name === 'ixha-lock-keep') return '';
    if (isHeldBy(name === 'ixha-lock-end' ? word : breaking)) this.note = undefined;
    if (name === 'ixha-lock-end') return '';
    if (this.note !== undefined) return `held 5 ${this.note}`;
    this.note = word;
    return 'taken';
  }
}

/** A command as the list of changes tells it. */
export function describeCommand(argv: readonly string[]): string {
  if (argv[0] === 'sh') return argv.slice(3).join(' ');
  return argv[0] === 'timeout' ? `timeout ${argv.slice(6).join(' ')}` : argv.join(' ');
}

/** What a command answers. */
export function output(stdout: string, exitCode = 0) {
  const value: CommandOutput = { exitCode, signal: null, stdout, stderr: '', truncated: false };
  return succeed(value);
}

/** Whether a guard may be started: its engine does not run, or an agent renews its deadline. */
export function mayGuard(
  units: ReadonlyMap<string, { readonly active: string }>,
  [, , , engine, , run]: readonly string[],
): boolean {
  const isUp = (unit: string) => units.get(unit)?.active === 'active';
  return !isUp(engine!) || isUp(`ixha-agent@${run!.split('/').at(-1)}.service`);
}
