import { join } from 'node:path';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import { runProgram, type RunProgram } from '../services/run-program.ts';

export interface StorageLook {
  readonly generation: number;
  readonly usedPercent: number | null;
  readonly tookMs: number;
}

/** The cluster's shared directory. Every call is a child process with a limit; a hang becomes an error. */
export interface SharedDirectory {
  /** Identity and readability: what a Passive can know. */
  read(): Promise<Result<StorageLook, string>>;
  /** The same and a synchronous write: what an Active needs. */
  prove(): Promise<Result<StorageLook, string>>;
  /** Raises the generation to the epoch; refuses to lower it. */
  raiseGeneration(epoch: number): Promise<Result<StorageLook, string>>;
}

export function openSharedDirectory(config: MemberConfig, run: RunProgram = runProgram): SharedDirectory {
  const { directory, mustBeMount } = config.storage;
  const script = join(config.paths.scripts, 'storage.sh');
  const where = [directory, config.siteId, config.cluster, mustBeMount ? 'mount' : 'any'];
  // One store operation's deadline is what this site calls slow; storage gets twice that.
  const limitMs = Math.max(1_000, config.timing.O * 2_000);

  /** Processes that were killed at their limit and hang in the directory all the same. */
  let hanging = 0;

  async function call(args: readonly string[]): Promise<Result<StorageLook, string>> {
    // Another one would only hang beside it: a disk that is gone for hours must not fill the table of processes.
    if (hanging > 0) return fail(`${directory} does not answer: the last look hangs in it`);
    const startedMs = performance.now();
    const done = await run('/bin/bash', [script, ...args], limitMs);
    if (done.left !== null) {
      hanging += 1;
      void done.left.then(() => {
        hanging -= 1;
      });
    }
    const tookMs = Math.round(performance.now() - startedMs);
    if (done.timedOut) return fail(`${directory} did not answer within ${limitMs / 1000} s`);
    const match = /^(\d+) (-?\d+)$/m.exec(done.output);
    if (done.code !== 0 || match === null) return fail(done.output.trim().split('\n')[0] ?? 'no answer');
    const used = Number(match[2]);
    return succeed({ generation: Number(match[1]), usedPercent: used < 0 ? null : used, tookMs });
  }

  return {
    read: () => call(['read', ...where]),
    prove: () => call(['prove', ...where, config.server]),
    raiseGeneration: (epoch) => call(['generation', ...where, config.server, String(epoch)]),
  };
}
