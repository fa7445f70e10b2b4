import { cpus, loadavg, release } from 'node:os';
import { run } from '../lab/hosts/command.ts';

/** Under what something was measured; numbers mean little without it. */
export interface Conditions {
  readonly cores: number;
  readonly processor: string;
  readonly kernel: string;
  readonly node: string;
  readonly load: { readonly before: number; readonly after: number };
  readonly day: string;
  readonly commit: string;
}

export async function conditions(loadBefore: number): Promise<Conditions> {
  const commit = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname });
  return {
    cores: cpus().length,
    processor: (cpus()[0]?.model ?? 'unknown').replaceAll(/\(R\)|\(TM\)/g, ''),
    kernel: release().split('-')[0] ?? '',
    node: process.version,
    load: { before: loadBefore, after: loadNow() },
    day: new Date().toISOString().slice(0, 10),
    commit: commit.code === 0 ? commit.stdout.trim() : 'unknown',
  };
}

export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

export function conditionsSentence({ cores, processor, kernel, node, load }: Conditions): string {
  return `${cores} cores (${processor}) under Linux ${kernel}, Node ${node}, load ${load.before} before and ${load.after} after`;
}
