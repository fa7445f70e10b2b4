import { descendants, signalProcess } from '../../electron/demo/server/process-table.ts';

/**
 * Does something while every program that a console has started stands still, as on a workstation that runs none of the
 * site's servers.
 */
export async function withSiteHalted<Answer>(console: number, act: () => Promise<Answer>): Promise<Answer> {
  const programs = descendants(console);
  try {
    for (const { pid } of programs) signalProcess(pid, 'SIGSTOP');
    return await act();
  } finally {
    for (const { pid } of programs) signalProcess(pid, 'SIGCONT');
  }
}
