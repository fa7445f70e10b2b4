import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { emptyDraft, SetupDraft } from '../../../shared/setup/draft.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { keepAside } from '../settings/keep-aside.ts';
import { writeWhole } from '../write-whole.ts';

const fileName = 'setup.json';

/** What was kept of a setup, and what there is to tell about it. */
export interface KeptDraft {
  readonly draft: SetupDraft;
  /** Since it was kept, in milliseconds; null: nothing was kept yet. */
  readonly keptMs: number | null;
  readonly trouble: ProductError | null;
}

/** Reads the draft of this workstation. A damaged one is put aside and told about; it is never guessed at. */
export async function readDraft(folder: string, wallTime: string): Promise<KeptDraft> {
  const path = join(folder, fileName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      return { draft: emptyDraft(), keptMs: null, trouble: null };
    }
    const said = `The setup in ${path} cannot be read.`;
    return {
      draft: emptyDraft(),
      keptMs: null,
      trouble: productError('site.damaged', said, [(cause as Error).message]),
    };
  }
  const parsed = z.safeParse(SetupDraft, parseJson(text));
  if (parsed.success) return { draft: parsed.data, keptMs: await ageOf(path, wallTime), trouble: null };
  const aside = keepAside(path, wallTime);
  const said = `The setup in ${path} was damaged. It is kept as ${aside}; the setup begins anew.`;
  return { draft: emptyDraft(), keptMs: null, trouble: productError('site.damaged', said) };
}

/** By the wall clock, since it was written in an earlier life of the console; never negative. */
async function ageOf(path: string, wallTime: string): Promise<number> {
  const { mtimeMs } = await stat(path);
  return Math.max(0, Date.parse(wallTime) - mtimeMs);
}

/** Replaces the draft as a whole, readable by its owner only. */
export async function writeDraft(folder: string, draft: SetupDraft): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, fileName), `${JSON.stringify(draft, null, 2)}\n`);
}

export async function forgetDraft(folder: string): Promise<void> {
  await rm(join(folder, fileName), { force: true });
}
