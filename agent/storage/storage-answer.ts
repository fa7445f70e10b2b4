import type { WatchedFile } from '../../shared/storage/late-writes.ts';
import { verdictOfExit, type StorageVerdict } from '../../shared/storage/storage-verdict.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { ProgramResult } from '../services/run-program.ts';

export interface StorageAnswer {
  readonly generation: number;
  readonly usedPercent: number | null;
  readonly files: readonly WatchedFile[];
}

/** Reads what storage.sh printed. A script that does not answer as it should proves nothing. */
export function readStorageAnswer(done: ProgramResult): Result<StorageAnswer, StorageVerdict> {
  const firstLine = done.output.trim().split('\n')[0] ?? '';
  if (done.code !== 0) {
    const code = verdictOfExit(done.code) ?? 'not-run';
    return fail({ code, seen: firstLine === '' ? 'no answer' : firstLine });
  }
  const match = /^(\d{1,15}) (-?\d{1,3})$/m.exec(done.output);
  if (match === null) return fail({ code: 'not-run', seen: `the look answered "${firstLine.slice(0, 80)}"` });
  const used = Number(match[2]);
  const files = [...done.output.matchAll(/^file (\S{1,200}) (\d{1,18}) (\S{1,40})$/gm)].map(
    ([, name = '', bytes, changed = '']) => ({ name, bytes: Number(bytes), changed }),
  );
  return succeed({ generation: Number(match[1]), usedPercent: used < 0 ? null : used, files });
}
