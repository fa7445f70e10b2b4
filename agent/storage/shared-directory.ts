import { join } from 'node:path';
import { storageLimitMs } from '../../shared/failover/step-terms.ts';
import { lateWrites, type WatchedFile } from '../../shared/storage/late-writes.ts';
import type { StorageVerdict } from '../../shared/storage/storage-verdict.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { RunProgram } from '../services/run-program.ts';
import { readStorageAnswer, type StorageAnswer } from './storage-answer.ts';

export interface StorageLook {
  readonly generation: number;
  readonly usedPercent: number | null;
  readonly tookMs: number;
  /** What became of the data beside, as the end of a sentence. */
  readonly told?: string;
  /** Nothing is mounted there, and that is right: nothing else was looked at. */
  readonly unmounted?: true;
}

/** The cluster's shared directory. Every call is a child process with a limit; a hang becomes an error. */
export interface SharedDirectory {
  /**
   * Identity and readability: what a Passive can know.
   * @param brief the next look is not compared with this one: nothing is noted of who wrote what
   */
  read(brief?: boolean): Promise<Result<StorageLook, string>>;
  /**
   * The same and a synchronous write: what an Active needs.
   * @param servedEpoch under which the engine runs here; left out: it does not. Nothing is written once the
   * generation is above it. An agent that began anew beside its engine learns by it that the generation is its own,
   * and can tell late writers again.
   */
  prove(servedEpoch?: number): Promise<Result<StorageLook, string>>;
  /**
   * Raises the generation to the epoch; refuses to lower it. Refused once more when a journal has changed since
   * the storage was proven: nobody may write between the grant and the start of the engine.
   */
  raiseGeneration(epoch: number): Promise<Result<StorageLook, string>>;
  /** Of a copied directory, for an engine that runs already: its data is the newest. Answers what was kept aside; null: nothing. */
  readonly claim?: (epoch: number) => Promise<Result<string | null, string>>;
  /** What the last look found, by name; null before the first. */
  readonly verdict?: () => StorageVerdict | null;
  /** Puts a copy of this local file there as the queue ledger; refused once the generation is above the epoch. */
  readonly putLedger?: (epoch: number, localFile: string) => Promise<Result<void, string>>;
  /** Copies the queue ledger from there to this local file. */
  readonly getLedger?: (localFile: string) => Promise<Result<void, string>>;
}

/** @param run runs storage.sh with its arguments, so that it can be killed at its limit */
export function openSharedDirectory(config: MemberConfig, run: RunProgram): SharedDirectory {
  return new StorageScript(config, run);
}

/** How much is used moves slowly and is asked with every so many looks; a storage that is full refuses the next write. */
const looksPerMeasure = 6;

class StorageScript implements SharedDirectory {
  private readonly config: MemberConfig;
  private readonly run: RunProgram;
  private readonly limitMs: number;
  /** Processes that were killed at their limit and hang in the directory all the same. */
  private hanging = 0;
  private last: StorageVerdict | null = null;
  /** What the last look saw, to compare the next one with; null: the next one has nothing to be compared with. */
  private files: readonly WatchedFile[] | null = [];
  /** The epoch to which this agent has raised the generation and that no other has passed since. */
  private ownGeneration: number | null = null;
  /** A journal may grow: the engine was allowed to start after the generation was raised. */
  private ownEngineWrites = false;
  private usedPercent: number | null = null;
  private unmeasuredLooks = looksPerMeasure;

  constructor(config: MemberConfig, run: RunProgram) {
    this.config = config;
    this.run = run;
    this.limitMs = storageLimitMs(config.timing);
  }

  verdict(): StorageVerdict | null {
    return this.last;
  }

  read(brief = false): Promise<Result<StorageLook, string>> {
    // Whoever has raised the generation looks out for late writers in any case.
    const how = brief && this.ownGeneration === null ? 'brief' : 'unmeasured';
    return this.look(this.config.mode === 'observe' ? 'observe' : 'read', '', { how });
  }

  prove(servedEpoch?: number): Promise<Result<StorageLook, string>> {
    return this.look('prove', String(servedEpoch ?? ''), {
      onAnswer: ({ generation }) => {
        if (this.ownGeneration !== null || servedEpoch === undefined || generation > servedEpoch) return;
        this.ownGeneration = generation;
        this.ownEngineWrites = true;
        // Earlier looks are no measure: they were made before it was known whose the generation is.
        this.files = null;
      },
    });
  }

  async raiseGeneration(epoch: number): Promise<Result<StorageLook, string>> {
    const before = this.files;
    // A second attempt under the same epoch: the one before has raised it and found a writer.
    const again = this.ownGeneration === epoch;
    if (!again) this.ownEngineWrites = false;
    const raised = await this.look('generation', String(epoch), {
      onAnswer: () => {
        this.ownGeneration = epoch;
        this.files = before;
      },
    });
    if (raised.ok) this.ownEngineWrites = true;
    return raised;
  }

  async putLedger(epoch: number, localFile: string): Promise<Result<void, string>> {
    const put = await this.call('put-ledger', [this.config.server, String(epoch), localFile]);
    return put.ok ? succeed(undefined) : fail(put.error.seen);
  }

  async getLedger(localFile: string): Promise<Result<void, string>> {
    const got = await this.call('get-ledger', ['-', '0', localFile]);
    return got.ok ? succeed(undefined) : fail(got.error.seen);
  }

  /** @param options `onAnswer`: before what it tells about late writers is judged; `how`: what is left out */
  private async look(
    verb: string,
    epoch: string,
    options: { onAnswer?: (answer: StorageAnswer) => void; how?: 'brief' | 'unmeasured' },
  ): Promise<Result<StorageLook, string>> {
    const { onAnswer, how = 'unmeasured' } = options;
    const startedMs = performance.now();
    const measured = this.unmeasuredLooks + 1 >= looksPerMeasure;
    const answer = await this.call(verb, [this.config.server, epoch, measured ? '' : how]);
    if (!answer.ok) {
      this.last = answer.error;
      return fail(answer.error.seen);
    }
    this.unmeasuredLooks = measured ? 0 : this.unmeasuredLooks + 1;
    if (measured) this.usedPercent = answer.value.usedPercent;
    onAnswer?.(answer.value);
    const late = how === 'brief' ? null : this.judge(answer.value);
    this.last = late ?? { code: 'fine', seen: '' };
    // A look that finds a late writer still tells what it saw; only the way to an engine's start is barred.
    if (late !== null && verb === 'generation') return fail(late.seen);
    const { generation } = answer.value;
    return succeed({
      generation,
      usedPercent: this.usedPercent,
      tookMs: Math.round(performance.now() - startedMs),
    });
  }

  private judge({ generation, files }: StorageAnswer): StorageVerdict | null {
    const before = this.files;
    this.files = files;
    if (this.ownGeneration !== null && generation < this.ownGeneration) {
      // Generations only grow: whoever wrote this had asked before ours was there, and wrote late.
      return {
        code: 'late-write',
        seen: `the generation went back from ${this.ownGeneration} to ${generation}`,
      };
    }
    if (this.ownGeneration !== generation) {
      this.ownGeneration = null;
      return null;
    }
    const { server } = this.config;
    if (before === null) return null;
    const { ownEngineWrites } = this;
    const found = lateWrites(before, files, { server, generation, ownEngineWrites });
    return found.length === 0 ? null : { code: 'late-write', seen: found.join(', ') };
  }

  private async call(verb: string, args: readonly string[]): Promise<Result<StorageAnswer, StorageVerdict>> {
    const { siteId, cluster, storage, paths } = this.config;
    const { directory, mustBeMount } = storage;
    // Another one would only hang beside it: a disk that is gone for hours must not fill the table of processes.
    if (this.hanging > 0) return fail(hangs(`${directory} does not answer: the last look hangs in it`));
    const where = [directory, siteId, cluster, mustBeMount ? 'mount' : 'any'];
    const script = join(paths.scripts, 'storage.sh');
    const done = await this.run(script, [verb, ...where, ...args], this.limitMs);
    if (done.left !== null) {
      this.hanging += 1;
      void done.left.then(() => {
        this.hanging -= 1;
      });
    }
    if (done.timedOut) return fail(hangs(`${directory} did not answer within ${this.limitMs / 1000} s`));
    return readStorageAnswer(done);
  }
}

function hangs(seen: string): StorageVerdict {
  return { code: 'hanging', seen };
}
