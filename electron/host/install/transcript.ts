import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatProductError, type ProductError } from '../../../shared/errors.ts';
import type { Result } from '../../../shared/result.ts';

export interface Progress {
  /** Server id, or `site` for what concerns all. */
  readonly server: string;
  readonly step: string;
  readonly state: 'started' | 'ok' | 'failed';
  /** With `ok`: whether anything was changed. */
  readonly changed?: boolean;
  /** With `ok` and `failed`: how long it took. */
  readonly tookMs?: number;
  readonly error?: ProductError;
}

/** Takes every step before it begins and when it has ended. */
export type RecordProgress = (progress: Progress) => void;

/** File of every step, in the profile folder. */
export const transcriptName = 'install-transcript.jsonl';

/**
 * Appends every step to `install-transcript.jsonl` of the profile folder before telling it on, so that
 * nothing is ever half-done without a record. Holds names and paths, never contents.
 */
export function transcriptIn(profileDirectory: string, tell: RecordProgress): RecordProgress {
  mkdirSync(profileDirectory, { recursive: true, mode: 0o700 });
  const file = join(profileDirectory, transcriptName);
  return (progress) => {
    const line = { at: new Date().toISOString(), ...progress };
    appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    tell(progress);
  };
}

/** Runs one recorded step. The work answers whether it changed anything. */
export async function recorded(
  record: RecordProgress,
  server: string,
  step: string,
  work: () => Promise<Result<boolean, ProductError>>,
): Promise<Result<boolean, ProductError>> {
  record({ server, step, state: 'started' });
  const begun = performance.now();
  const result = await work();
  const tookMs = Math.round(performance.now() - begun);
  if (result.ok) record({ server, step, state: 'ok', changed: result.value, tookMs });
  else record({ server, step, state: 'failed', tookMs, error: result.error });
  return result;
}

/** One line per finished step, for a terminal. */
export function progressLine(progress: Progress): string | undefined {
  const { server, step, state, tookMs = 0 } = progress;
  if (state === 'started') return undefined;
  if (state === 'failed') {
    const said = progress.error ? `\n${formatProductError(progress.error)}` : '';
    return `${server.padEnd(12)} FAILED             ${step}${said}`;
  }
  const took = `${(tookMs / 1000).toFixed(1).padStart(5)} s`;
  return `${server.padEnd(12)} ${progress.changed ? 'changed  ' : 'unchanged'} ${took}  ${step}`;
}
