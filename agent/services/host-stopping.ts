import { runProgram, type RunProgram } from './run-program.ts';

/**
 * A busy service manager may take its time, above all while a server shuts down. Waiting costs nothing: whoever would
 * start the engine again is the same service manager.
 */
const askLimitMs = 5_000;

/**
 * Whether this whole server is shutting down or rebooting, and not only the agent. Without an answer from the
 * service manager: no, since an agent that is only restarted must leave lease and engine alone.
 */
export async function hostStopping(run: RunProgram = runProgram): Promise<boolean> {
  const { output } = await run('systemctl', ['is-system-running'], askLimitMs);
  return output.trim() === 'stopping';
}
