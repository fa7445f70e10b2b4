import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { keepAside } from './settings/keep-aside.ts';
import { writeWhole } from './write-whole.ts';

/** What was kept in a file; null: nothing, or nothing that can be used, of which `trouble` tells. */
export interface Kept<Value> {
  readonly value: Value | null;
  readonly trouble: ProductError | null;
}

/** Reads a JSON file of this workstation. A damaged one is put aside and told about; it is never guessed at. */
export async function readKept<Schema extends z.core.$ZodType>(
  path: string,
  schema: Schema,
  { what, wallTime }: { readonly what: string; readonly wallTime: string },
): Promise<Kept<z.infer<Schema>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { value: null, trouble: null };
    const said = `${what} in ${path} cannot be read.`;
    return { value: null, trouble: productError('site.damaged', said, [(cause as Error).message]) };
  }
  const parsed = z.safeParse(schema, parseJson(text));
  if (parsed.success) return { value: parsed.data, trouble: null };
  const aside = keepAside(path, wallTime);
  const said = `${what} in ${path} cannot be used. The file is kept as ${aside}, and a new one begins.`;
  return { value: null, trouble: productError('site.damaged', said) };
}

/** Replaces a JSON file as a whole, readable by its owner only. Rejects when it cannot be written. */
export async function writeKept(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}
