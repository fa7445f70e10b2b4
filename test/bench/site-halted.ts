import { readdirSync, readFileSync } from 'node:fs';

/**
 * Does something while every program that a console has started stands still, as on a workstation that runs none of the
 * site's servers. Linux only: whose child a program is, is read from `/proc`.
 */
export async function withSiteHalted<Answer>(console: number, act: () => Promise<Answer>): Promise<Answer> {
  const programs = descendants(console);
  try {
    for (const pid of programs) process.kill(pid, 'SIGSTOP');
    return await act();
  } finally {
    for (const pid of programs) process.kill(pid, 'SIGCONT');
  }
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(name);
    if (parent !== null) parents.set(Number(name), parent);
  }
  const below = (one: number): number[] =>
    [...parents].filter(([, parent]) => parent === one).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: string): number | null {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null; // it has ended meanwhile
  }
}
