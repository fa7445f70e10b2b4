import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { KeptReadiness, nothingKept } from '../../../shared/readiness/kept-readiness.ts';
import type { StatedGoal } from '../../../shared/verification/move-evidence.ts';
import { ReadinessRun } from '../../../shared/readiness/results.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { keepAside } from '../settings/keep-aside.ts';
import { writeWhole } from '../write-whole.ts';

const answersFile = 'readiness.json';
const runsFolder = 'readiness-runs';
const baselineFile = 'readiness-baseline.json';
/** Older runs are let go of: with one a day that is more than half a year. */
const runsAtMost = 200;

/** What people have said, and why what was there could not be used; null: it could, or nothing was there. */
export interface ReadAnswers {
  readonly kept: KeptReadiness;
  readonly trouble: ProductError | null;
  /** It lies there still and was not read: nothing may be written over it. */
  readonly isUnread?: true;
}

/** Reads what is kept in a profile folder. A damaged file is not used and kept beside it. Never rejects. */
export async function readAnswers(profileDirectory: string, wallTime: string): Promise<ReadAnswers> {
  const path = join(profileDirectory, answersFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kept: nothingKept, trouble: null };
    return { ...damaged(`${path} cannot be read (${code ?? 'unknown cause'}).`), isUnread: true };
  }
  const parsed = z.safeParse(KeptReadiness, parseJson(text));
  if (parsed.success) return { kept: parsed.data, trouble: null };
  try {
    return damaged(`${path} was damaged and is kept as ${keepAside(path, wallTime)}.`);
  } catch {
    return { ...damaged(`${path} is damaged and could not be put aside.`), isUnread: true };
  }
}

/** The recovery time that the site wants, without touching a file that is damaged: that is told on the page Readiness. */
export async function readGoal(profileDirectory: string): Promise<StatedGoal> {
  const notKnown = { seconds: null, isKnown: false, said: 'the stated goal of the site cannot be read' };
  try {
    const text = await readFile(join(profileDirectory, answersFile), 'utf8');
    const parsed = z.safeParse(KeptReadiness, parseJson(text));
    return parsed.success ? statedGoal(parsed.data.goalSeconds) : notKnown;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? statedGoal(null) : notKnown;
  }
}

function statedGoal(seconds: number | null): StatedGoal {
  return { seconds, isKnown: true, said: 'the site has stated no recovery time that it wants' };
}

function damaged(sentence: string): ReadAnswers {
  return { kept: nothingKept, trouble: productError('readiness.damaged', sentence) };
}

/** Replaces what is kept, whole and durably. Errors: readiness.not-kept. */
export async function writeAnswers(
  profileDirectory: string,
  kept: KeptReadiness,
): Promise<Result<void, ProductError>> {
  return keeping(profileDirectory, answersFile, () =>
    writeWhole(join(profileDirectory, answersFile), `${JSON.stringify(kept, null, 2)}\n`),
  );
}

/** Keeps a run for later comparison, and lets go of the oldest ones. Errors: readiness.not-kept. */
export async function keepRun(
  profileDirectory: string,
  run: ReadinessRun,
): Promise<Result<void, ProductError>> {
  const folder = join(profileDirectory, runsFolder);
  return keeping(profileDirectory, runsFolder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Two consoles may end a run within the same millisecond.
    const name = `${run.wallTime.replaceAll(/\D/g, '')}-${randomBytes(2).toString('hex')}.json`;
    await writeWhole(join(folder, name), JSON.stringify(run));
    const names = await runNames(folder);
    await keepBaseline(profileDirectory, run);
    for (const old of names.slice(runsAtMost)) await rm(join(folder, old), { force: true });
  });
}

/** Kept runs, newest first. One that cannot be read is passed over. */
export async function readRuns(profileDirectory: string): Promise<ReadinessRun[]> {
  const folder = join(profileDirectory, runsFolder);
  const names = await runNames(folder);
  const runs = await Promise.all(
    names.slice(0, runsAtMost).map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      const parsed = z.safeParse(ReadinessRun, parseJson(text));
      return parsed.success ? [parsed.data] : [];
    }),
  );
  return runs.flat();
}

/** The first run that was kept, as later ones are compared with; null: there is none. It is never let go of. */
export async function readBaseline(profileDirectory: string): Promise<ReadinessRun | null> {
  const text = await readFile(join(profileDirectory, baselineFile), 'utf8').catch(() => '');
  const parsed = z.safeParse(ReadinessRun, parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** The oldest run that is here becomes the baseline, where there is none yet. */
async function keepBaseline(profileDirectory: string, run: ReadinessRun): Promise<void> {
  // One that is damaged, or that cannot be read now, is not replaced by something later.
  const isThere = await stat(join(profileDirectory, baselineFile)).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
  if (isThere) return;
  const oldest = (await readRuns(profileDirectory)).at(-1) ?? run;
  await writeWhole(join(profileDirectory, baselineFile), JSON.stringify(oldest));
}

async function runNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^\d+-[0-9a-f]+\.json$/.test(name))
    .sort((one, other) => (one < other ? 1 : -1));
}

async function keeping(
  profileDirectory: string,
  what: string,
  write: () => Promise<void>,
): Promise<Result<void, ProductError>> {
  try {
    await write();
    return succeed(undefined);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const sentence = `${join(profileDirectory, what)} could not be written (${code ?? message}).`;
    return fail(productError('readiness.not-kept', sentence));
  }
}
