import type { MemberConfig } from '../../shared/site/member-config.ts';
import { usualCutSeconds, type StorageCut } from '../../shared/site/site-document.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { runProgram, type RunProgram } from '../services/run-program.ts';
import { firstLineSaid } from '../services/first-line-said.ts';

/** `cut`: the other server shall not reach the directory any more; `allow`: it shall again. */
export type CutVerb = 'cut' | 'allow';

/** The site's own program that cuts the other server off from the shared directory; see docs/storage-cut.md. */
export interface CutProgram {
  readonly path: string;
  /** For so long at most a takeover waits for it. */
  readonly limitMs: number;
  /** Why it may not be run now; null: it may. */
  trouble(): Promise<string | null>;
  /** Ends after its limit at the latest. What it says, or why it did not do it: as the end of a sentence. */
  run(verb: CutVerb, epoch: number): Promise<Result<string, string>>;
}

const lookLimitMs = 2_000;
/** Neither a look at the program nor its start may hang with the disk that it lies on: both happen in a shell. */
const lookWords = 'exec stat -Lc "%F|%u|%a" -- "$1"';
const runWords = 'exec "$@"';

export function openCutProgram(
  { peer, cluster }: Pick<MemberConfig, 'peer' | 'cluster'>,
  { program, seconds = usualCutSeconds }: StorageCut,
  run: RunProgram = runProgram,
): CutProgram {
  const limitMs = seconds * 1000;
  const inShell = (words: string, args: readonly string[], withinMs: number) =>
    run('/bin/bash', ['-c', words, 'ixha-cut', ...args], withinMs);
  const trouble = async () => {
    const looked = await inShell(lookWords, [program], lookLimitMs);
    if (looked.timedOut) return `${program} cannot be looked at: its disk does not answer`;
    const why = looked.code === 0 ? unfit(looked.output) : 'cannot be looked at';
    return why === null ? null : `${program} ${why}`;
  };
  return {
    path: program,
    limitMs,
    trouble,
    run: async (verb, epoch) => {
      const why = await trouble();
      if (why !== null) return fail(why);
      const words = [program, verb, peer.server, peer.address, cluster, String(epoch)];
      const done = await inShell(runWords, words, limitMs);
      const said = firstLineSaid(done.output);
      if (done.timedOut) return fail(`${program} was ended after ${seconds} s${said && `: ${said}`}`);
      if (done.code === 0) return succeed(said === '' ? `${program} ended well` : said);
      const how = done.code === null ? 'could not be run' : `ended with ${done.code}`;
      return fail(`${program} ${how}${said && `: ${said}`}`);
    },
  };
}

/** Whoever may change it would act as root on every takeover. */
function unfit(looked: string): string | null {
  const [kind = '', owner = '', bits = ''] = looked.trim().split('|');
  const mode = Number.parseInt(bits, 8);
  if (!kind.startsWith('regular')) return 'is no file';
  if ((mode & 0o100) === 0) return 'may not be run';
  if ((mode & 0o022) !== 0) return 'may be changed by others than its owner';
  return [0, process.getuid?.()].includes(Number(owner)) ? null : 'does not belong to root';
}
