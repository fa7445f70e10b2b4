import { join } from 'node:path';
import { refusalIn, type CopyFailure } from '../../shared/copying/copy-verdict.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { CopiedStorage, MemberConfig } from '../../shared/site/member-config.ts';
import { runProgram, type RunProgram } from '../services/run-program.ts';

/** What one attempt has read, whether it arrived or not. */
export interface CopyReading {
  /** When the reading began, on the boot-time clock. */
  readonly beganMs: number;
  readonly bytes: number;
  readonly files: number;
}

export interface CopyAttempt {
  readonly reading: CopyReading | null;
  /** Null: the other server has it, complete. */
  readonly failure: CopyFailure | null;
  /** Bytes that went over the network; null: not known. */
  readonly sentBytes: number | null;
}

/** What became of the directory when this member took over. */
export interface Adopted {
  /** The copy that is used now; null: this server's own data is the newest. */
  readonly from: { readonly epoch: number; readonly final: boolean; readonly wallTime: string } | null;
  /** Where the data lies now that this server had and the copy has not; null: there was none. */
  readonly aside: string | null;
}

/** Everything that reads or writes a copied directory, as child processes that are killed at their limit. */
export interface CopyScript {
  send(attempt: { epoch: number; sequence: number; final: boolean; limitMs: number }): Promise<CopyAttempt>;
  adopt(epoch: number, limitMs: number): Promise<Result<Adopted, string>>;
  /** The engine runs here already, and its data is the newest: a copy of an earlier time is kept aside. */
  claim(epoch: number, limitMs: number): Promise<Result<Adopted, string>>;
  /** Has what lies here told anew; `reopen`: the engine starts again under the epoch whose last copy was made. */
  look(verb: 'look' | 'reopen', limitMs: number): Promise<Result<void, string>>;
}

export function openCopyScript(
  config: MemberConfig,
  storage: CopiedStorage,
  run: RunProgram = runProgram,
): CopyScript {
  const { siteId, cluster, server, paths } = config;
  const script = join(paths.scripts, 'copy.sh');
  const where = [storage.directory, siteId, cluster, server, paths.run];
  const call = (verb: string, args: readonly string[], limitMs: number) =>
    run('/bin/bash', [script, verb, ...where, ...args], limitMs);
  const adopt = async (verb: 'adopt' | 'claim', epoch: number, limitMs: number) => {
    const done = await call(verb, [String(epoch)], limitMs);
    return done.code === 0 ? readAdopted(done.output) : fail(whyNot(done.output, done.timedOut).seen);
  };
  return {
    send: async ({ epoch, sequence, final, limitMs }) => {
      const { keys, peer } = storage;
      const numbers = [String(epoch), String(sequence), final ? 'final' : 'running'];
      const way = [keys, peer.address, String(peer.port), peer.user];
      const done = await call('send', [...numbers, ...way], limitMs);
      return readAttempt(done.output, done.code, done.timedOut);
    },
    adopt: (epoch, limitMs) => adopt('adopt', epoch, limitMs),
    claim: (epoch, limitMs) => adopt('claim', epoch, limitMs),
    look: async (verb, limitMs) => {
      const done = await call(verb, [], limitMs);
      return done.code === 0 ? succeed(undefined) : fail(whyNot(done.output, done.timedOut).seen);
    },
  };
}

function readAttempt(output: string, code: number | null, timedOut: boolean): CopyAttempt {
  const read = /^read (\d{1,15}) (\d{1,18}) (\d{1,9})$/m.exec(output);
  const reading = read && { beganMs: Number(read[1]), bytes: Number(read[2]), files: Number(read[3]) };
  const sent = /^sent (\d{1,18})$/m.exec(output)?.[1];
  const whole = code === 0 && reading !== null && /^whole \d+$/m.test(output);
  return {
    reading,
    failure: whole ? null : whyNot(output, timedOut),
    sentBytes: sent === undefined ? null : Number(sent),
  };
}

function readAdopted(output: string): Result<Adopted, string> {
  const aside = /^aside (\/.{1,400})$/m.exec(output)?.[1] ?? null;
  const copy = /^adopted (\d{1,15}) \d{1,15} (yes|no) (\S{1,30})$/m.exec(output);
  if (copy !== null) {
    const from = { epoch: Number(copy[1]), final: copy[2] === 'yes', wallTime: copy[3] ?? '' };
    return succeed({ from, aside });
  }
  return /^own \d+$/m.test(output)
    ? succeed({ from: null, aside })
    : fail('its script did not answer as it should');
}

function whyNot(output: string, timedOut: boolean): CopyFailure {
  if (timedOut) return { code: 'too-slow', seen: 'it was ended at its time limit' };
  const said = output.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return refusalIn(output) ?? { code: 'not-run', seen: said === '' ? 'its script did not answer' : said };
}
