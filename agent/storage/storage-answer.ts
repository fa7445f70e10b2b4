import type { WatchedFile } from '../../shared/storage/late-writes.ts';
import { verdictOfExit, type StorageVerdict } from '../../shared/storage/storage-verdict.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { ProgramResult } from '../services/run-program.ts';

export interface StorageAnswer {
  readonly generation: number;
  readonly usedPercent: number | null;
  readonly files: readonly WatchedFile[];
}

/** Of storage.sh: fine, or fine with a file less than it had seen a moment before. */
const answered: readonly (number | null)[] = [0, 1];

/** Reads what storage.sh printed. A script that does not answer as it should proves nothing. */
export function readStorageAnswer(done: ProgramResult): Result<StorageAnswer, StorageVerdict> {
  const firstLine = done.output.trim().split('\n')[0] ?? '';
  if (!answered.includes(done.code)) {
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
