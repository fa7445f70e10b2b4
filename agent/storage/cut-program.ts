import { statSync } from 'node:fs';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { StorageCut } from '../../shared/site/site-document.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { runProgram, type RunProgram } from '../services/run-program.ts';

/** `cut`: the other server shall not reach the directory any more; `allow`: it shall again. */
export type CutVerb = 'cut' | 'allow';

/** The site's own program that cuts the other server off from the shared directory; see docs/storage-cut.md. */
export interface CutProgram {
  readonly path: string;
  /** For so long at most a takeover waits for it. */
  readonly limitMs: number;
  /** Why it may not be run now; null: it may. */
  trouble(): string | null;
  /** Ends after its limit at the latest. What it says, or why it did not do it: as the end of a sentence. */
  run(verb: CutVerb, epoch: number): Promise<Result<string, string>>;
}

const usualSeconds = 3;
const longestSaid = 200;

export function openCutProgram(
  { peer, cluster }: Pick<MemberConfig, 'peer' | 'cluster'>,
  { program, seconds = usualSeconds }: StorageCut,
  run: RunProgram = runProgram,
): CutProgram {
  const limitMs = seconds * 1000;
  return {
    path: program,
    limitMs,
    trouble: () => programTrouble(program),
    run: async (verb, epoch) => {
      const trouble = programTrouble(program);
      if (trouble !== null) return fail(trouble);
      const done = await run(program, [verb, peer.server, peer.address, cluster, String(epoch)], limitMs);
      const said = oneLine(done.output);
      if (done.timedOut) return fail(`${program} was ended after ${seconds} s${said && `: ${said}`}`);
      if (done.code === 0) return succeed(said === '' ? `${program} ended well` : said);
      const how = done.code === null ? 'could not be run' : `ended with ${done.code}`;
      return fail(`${program} ${how}${said && `: ${said}`}`);
    },
  };
}

/** Whoever may change it would act as root on every takeover. */
function programTrouble(path: string): string | null {
  try {
    const found = statSync(path);
    if (!found.isFile()) return `${path} is no file`;
    if ((found.mode & 0o100) === 0) return `${path} may not be run`;
    if ((found.mode & 0o022) !== 0) return `others than its owner may write to ${path}`;
    const own = process.getuid?.() ?? 0;
    return found.uid === 0 || found.uid === own ? null : `${path} does not belong to root`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return `${path} cannot be looked at (${code})`;
  }
}

/** The first line that says something, without control characters. */
function oneLine(output: string): string {
  const line = output.split('\n').find((text) => text.trim() !== '') ?? '';
  return line
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, longestSaid);
}
