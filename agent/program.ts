import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type * as z from 'zod/mini';
import { formatProductError, productError } from '../shared/errors.ts';

/** The caller's mistake or a damaged file: told in words, without a stack. */
export class UsageError extends Error {}

/** Runs a program to its end and ends the process with its code; 2 where it throws. One that stays goes on. */
export function runProgram(program: () => Promise<number | 'stay'>): void {
  endWith(program).catch((error: unknown) => {
    const known = error instanceof UsageError || (error as NodeJS.ErrnoException).code !== undefined;
    console.error(known ? String((error as Error).message) : error);
    process.exit(2);
  });
}

async function endWith(program: () => Promise<number | 'stay'>): Promise<void> {
  const code = await program();
  if (code === 'stay') return;
  // A pipe that is read slowly takes a long answer in parts: what is left of it would be lost with the process.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(code);
}

/** The configuration that `--config FILE` names. Throws UsageError where it is missing or not one. */
export function readConfig<Schema extends z.ZodMiniType>(
  args: readonly string[],
  schema: Schema,
): z.infer<Schema> {
  const { values } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, epoch: { type: 'string' } },
    strict: true,
  });
  if (values.config === undefined) throw new UsageError('--config FILE is missing');
  const parsed = schema.safeParse(readJson(values.config));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw new UsageError(
    formatProductError(
      productError('site.damaged', `${values.config} is not a configuration of this program.`, fields),
    ),
  );
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const sentence = missing ? `${path} does not exist.` : `${path} is not readable JSON: ${String(error)}.`;
    throw new UsageError(
      formatProductError(productError(missing ? 'site.missing' : 'site.damaged', sentence)),
    );
  }
}
